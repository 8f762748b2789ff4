/**
 * Contrast as the fallback of a search that reads defocus or sharpness: it knows no absolute scale but needs no model
 * either. Where frames of the search have shown their contrast already and agree on a clear peak, a few frames around it
 * do (contrast-climb.ts); else the coarse-fine scan. The peak is checked by the kind of reading that the search trusts,
 * and judged by verdict.ts.
 */
import type { Steps } from "../../core/units.ts";
import { coarseFine } from "./coarse-fine.ts";
import { climb, openSides } from "./contrast-climb.ts";
import { focused } from "./outcome.ts";
import { placeNear } from "./positions.ts";
import type { FocusResult, FocusSearch, Measurement, Request, SearchContext } from "./types.ts";
import { BY_CONTRAST, judgePeak, judgeUnread } from "./verdict.ts";

/** What a reading at the peak says: where the lens stood, and how likely it is in focus; NaN where nothing could be read. */
export interface Check {
  readonly position: Steps;
  readonly probability: number;
}

export interface Fallback {
  /** Positions measured so far, which count against the captures allowed. */
  readonly visited: readonly Steps[];
  /** What made it necessary, the beginning of a sentence. */
  readonly why: string;
  /** Whether the readings are in doubt: one more of them then refutes no clear peak. */
  readonly doubted: boolean;
}

/** Captures that a climb cannot do without: a flank on either side, clear ones there, and the way back. */
const LEAST_CAPTURES = 5;

/** Steps of a climb in the place of a scan, in depths of field. */
const REACH = 1.5;

/** @param check reads the frame at a position. */
export function* scanInstead(
  context: SearchContext,
  { visited, why, doubted }: Fallback,
  check: (position: Steps) => Generator<Request, Check, Measurement>,
): FocusSearch {
  const contrasts = new Map(context.contrasts);
  let left = context.limits.maxCaptures - visited.length;
  if (doubted) {
    const { found, captures } = yield* climbInstead(context, contrasts, left);
    if (found !== undefined) return { ...found, reason: `By contrast, as ${why}. ${found.reason}` };
    left -= captures;
  }
  const start = visited.at(-1) ?? context.start;
  // One is left for the check.
  const limits = { maxCaptures: left - 1 };
  const scanned = yield* noting(
    coarseFine({ ...context, contrasts: new Map(contrasts), start, limits }),
    contrasts,
  );
  const found = { ...scanned, fallback: true, reason: `Scanned, as ${why}. ${scanned.reason}` };
  if (found.outcome === "failed") return found;
  const { position, probability } = yield* check(found.position);
  if (Number.isNaN(probability)) return judgeUnread(found, position, context.range, contrasts);
  const isClear =
    doubted &&
    context.lens !== undefined &&
    openSides(context.lens, contrasts, found.position, context.range).length === 0;
  return judgePeak(found, probability, position, context.range, isClear);
}

/** A clear peak near the sharpest frame seen so far; what is measured joins `contrasts`. */
function* climbInstead(
  context: SearchContext,
  contrasts: Map<Steps, number>,
  maxCaptures: number,
): Generator<Request, { readonly found: FocusResult | undefined; readonly captures: number }, Measurement> {
  const { lens, depthOfField } = context;
  if (lens === undefined || contrasts.size < 2 || maxCaptures < LEAST_CAPTURES)
    return { found: undefined, captures: 0 };
  const before = contrasts.size;
  const [start] = [...contrasts].reduce((best, each) => (each[1] > best[1] ? each : best));
  const close = depthOfField(start);
  const reach = Math.max(1, Math.round(REACH * close));
  const climbing = climb({ context: { ...context, lens }, reach, close }, start, contrasts, maxCaptures - 3);
  const { peak } = yield* noting(climbing, contrasts);
  if (peak !== undefined)
    for (const side of openSides(lens, contrasts, peak.position, context.range)) {
      const moveTo = placeNear(context, peak.position + side * reach);
      if (contrasts.has(moveTo)) continue;
      const { focusMeasure: measure = "tenengrad" } = context;
      yield* noting(once({ moveTo, measure, reason: "Contrast beside its peak." }), contrasts);
    }
  const captures = contrasts.size - before;
  if (peak === undefined || openSides(lens, contrasts, peak.position, context.range).length > 0)
    return { found: undefined, captures };
  const reason = "Go to where it was sharpest.";
  const { position } = yield { moveTo: peak.position, measure: "defocus", reason };
  const why = `The contrast of ${contrasts.size} frames has a clear peak here.`;
  return { found: { ...focused(position, BY_CONTRAST, why), fallback: true }, captures };
}

function* once(request: Request): Generator<Request, Measurement, Measurement> {
  return yield request;
}

/** The same requests; the contrast that is measured joins `contrasts`. */
function* noting<T>(
  asking: Generator<Request, T, Measurement>,
  contrasts: Map<Steps, number>,
): Generator<Request, T, Measurement> {
  let step = asking.next();
  while (step.done !== true) {
    const measurement = yield step.value;
    if ("value" in measurement) contrasts.set(measurement.position, measurement.value);
    step = asking.next(measurement);
  }
  return step.value;
}
