/**
 * The coarse-fine scan as the fallback of a search that reads defocus or sharpness: contrast knows no absolute scale but
 * needs no model either. Its peak is checked by the kind of reading that the search trusts, and judged by verdict.ts.
 */
import type { Steps } from "../../core/units.ts";
import { coarseFine } from "./coarse-fine.ts";
import type { FocusResult, FocusSearch, Measurement, Request, SearchContext } from "./types.ts";
import { judgePeak, judgeUnread, type PeakEvidence } from "./verdict.ts";

/** What a reading at the peak says: where the lens stood, and how likely it is in focus; NaN where nothing could be read. */
export interface Check {
  readonly position: Steps;
  readonly probability: number;
}

/**
 * @param visited positions measured so far, which count against the captures allowed.
 * @param why what made the scan necessary, the beginning of a sentence.
 * @param check reads the frame at a position.
 */
export function* scanInstead(
  context: SearchContext,
  visited: readonly Steps[],
  why: string,
  check: (position: Steps) => Generator<Request, Check, Measurement>,
): FocusSearch {
  const start = visited.at(-1) ?? context.start;
  // One is left for the check.
  const maxCaptures = context.limits.maxCaptures - visited.length - 1;
  const { scanned, evidence } = yield* withEvidence(
    coarseFine({ ...context, start, limits: { maxCaptures } }),
    context,
  );
  const found = { ...scanned, fallback: true, reason: `Scanned, as ${why}. ${scanned.reason}` };
  if (found.outcome === "failed") return found;
  const { position, probability } = yield* check(found.position);
  if (Number.isNaN(probability)) return judgeUnread(found, position, context.range, evidence);
  return judgePeak(found, probability, position, context.range);
}

/** The scan, and the least and the largest contrast of its frames and of those seen before. */
function* withEvidence(
  scan: FocusSearch,
  { contrasts }: SearchContext,
): Generator<Request, { readonly scanned: FocusResult; readonly evidence: PeakEvidence }, Measurement> {
  const values = [...(contrasts?.values() ?? [])];
  let step = scan.next();
  while (step.done !== true) {
    const measurement = yield step.value;
    if ("value" in measurement) values.push(measurement.value);
    step = scan.next(measurement);
  }
  return { scanned: step.value, evidence: { least: Math.min(...values), largest: Math.max(...values) } };
}
