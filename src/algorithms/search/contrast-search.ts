/**
 * What all contrast searches have in common (paper 1, section 2.1): a focus measure is sampled at positions that the
 * search strategy chooses, and the lens ends where the largest sample was taken. A strategy is a generator of
 * probes and knows nothing else. This file turns it into a FocusSearch:
 *
 * - probes are rounded to the nearest position that the lens can take; one sampled before is answered from memory,
 * - when one capture is left of those allowed the strategy is cut off, and the last one serves to return,
 * - the lens returns to the largest sample and measures once more there; when less than 3/4 of it is found the
 *   scene has changed and the search failed (the settling check of libcamera's rpi.af),
 * - samples that hardly differ have no peak: the search fails with `no_texture` instead of ending on noise.
 */
import { expected } from "../../core/errors.ts";
import type { Steps } from "../../core/units.ts";
import { failed, focused } from "./outcome.ts";
import { placeNear } from "./positions.ts";
import type { FocusSearch, Measurement, Request, SearchContext } from "./types.ts";

export interface Sample {
  /** Where the lens stood. */
  readonly position: Steps;
  /** The focus measure, larger = sharper. */
  readonly value: number;
}

export interface Probe {
  readonly at: Steps;
  /** One short sentence for the action's feedback. */
  readonly reason: string;
}

/** A strategy: asks for samples until it knows enough. */
export type Exploration = Generator<Probe, void, Sample>;

/** Of the largest sample, what must be found again at the end. */
const REPRODUCED = 0.75;

/** Smallest difference between the samples, relative to the largest, that counts as a peak. */
const PEAK_CONTRAST = 0.03;

export function* contrastSearch(
  context: SearchContext,
  explore: (context: SearchContext) => Exploration,
): FocusSearch {
  const { values, complete } = yield* gather(context, explore(context));
  let standing = values.at(-1)?.position ?? context.start;
  const best = sharpest(values);
  if (best === undefined)
    return failed("limit_reached", standing, "A contrast search needs more than one capture.");
  if (standing !== best.position) {
    const again = yield* sample(context, best.position, "Return to the sharpest position.");
    standing = again.position;
    if (again.value < REPRODUCED * best.value)
      return failed("focus_failed", standing, "The sharpest position is no longer sharp; the scene changed.");
  }
  if (!complete)
    return failed("limit_reached", standing, `Stopped after ${context.limits.maxCaptures} captures.`);
  const least = Math.min(...values.map((each) => each.value));
  if (best.value - least <= PEAK_CONTRAST * best.value)
    return failed("no_texture", standing, "The focus measure has no peak among the positions tried.");
  return focused(standing, Number.NaN, `The sharpest of ${values.length} positions.`);
}

/** The samples a strategy asks for, in order; `complete` is false where it was cut off with one capture left. */
function* gather(
  context: SearchContext,
  exploration: Exploration,
): Generator<Request, { values: Sample[]; complete: boolean }, Measurement> {
  const known = new Map<Steps, Sample>();
  let captures = 0;
  let step = exploration.next();
  while (step.done !== true) {
    const { at: wanted, reason } = step.value;
    const at = placeNear(context, wanted);
    let value = known.get(at) ?? before(context, at);
    if (value === undefined) {
      if (++captures >= context.limits.maxCaptures) return { values: [...known.values()], complete: false };
      value = yield* sample(context, at, reason);
    }
    known.set(at, value);
    step = exploration.next(value);
  }
  return { values: [...known.values()], complete: true };
}

function before({ contrasts }: SearchContext, position: Steps): Sample | undefined {
  const value = contrasts?.get(position);
  return value === undefined ? undefined : { position, value };
}

/** The sample with the largest value, the first of equals. */
export function sharpest(samples: readonly Sample[]): Sample | undefined {
  let best: Sample | undefined;
  for (const each of samples) if (best === undefined || each.value > best.value) best = each;
  return best;
}

function* sample(
  context: SearchContext,
  moveTo: Steps,
  reason: string,
): Generator<Request, Sample, Measurement> {
  const measure = context.focusMeasure ?? "tenengrad";
  const measurement = yield { moveTo, measure, reason };
  if (!("value" in measurement) || measurement.kind !== measure)
    throw expected("invalid_input", `a measurement of ${measure}`, "the search", measurement.kind);
  return {
    position: measurement.position,
    value: Number.isFinite(measurement.value) ? measurement.value : 0,
  };
}
