/**
 * The last stretch of the learned search where the depth of field is narrower than what a reading can resolve: a disk
 * of less than about a pixel looks alike to the network whether its radius is 0.3 or 0.8 px, and reads as little more
 * than the softness of the scene itself. There the network leads to within that pixel of focus, and contrast, which
 * needs no scale over so short a way, climbs the rest.
 *
 *   1. The search is run with a depth of field as wide as `RESOLVED` px of radius.
 *   2. From where it ends, contrast is sampled at that distance to both sides, on and on while it rises, until the
 *      largest sample has smaller ones on both sides.
 *   3. The stretch around it is narrowed, at the vertex of the parabola or in the middle of the wider side, until its
 *      sides are within twice the depth of field.
 *
 * Where the depth of field is wide enough, the search is left as it is. Where contrast has no peak, the lens goes back to
 * where the network led.
 */
import type { Pixels, Steps } from "../../core/units.ts";
import type { LensModel } from "../optics/lens-model.ts";
import { contrastSearch, type Exploration, type Probe, type Sample } from "./contrast-search.ts";
import { parabolaPeak } from "./peak.ts";
import { within, wholeRange } from "./positions.ts";
import type { FocusResult, FocusSearch, Measurement, Request, SearchContext } from "./types.ts";

/** Radius below which readings do not tell how far the focus is. */
const RESOLVED: Pixels = 1;

/** Samples beyond those it takes to narrow any range to a step; a guard. */
const MOST_SAMPLES = 40;

/** Captures that a climb cannot do without. */
const LEAST_CAPTURES = 4;

/** `search`, with contrast for what it cannot resolve. */
export function polished(
  search: (context: SearchContext) => FocusSearch,
): (context: SearchContext) => FocusSearch {
  return function* (context) {
    const { lens } = context;
    if (lens === undefined) return yield* search(context);
    const depthOfField = (z: Steps): Steps => Math.max(context.depthOfField(z), resolvedHalfWidth(lens, z));
    const counted = yield* counting(search({ ...context, depthOfField }));
    const { result } = counted;
    const { position } = result;
    const left = context.limits.maxCaptures - counted.captures;
    const narrow = context.depthOfField(position);
    if (result.outcome === "failed" || depthOfField(position) <= narrow || left < LEAST_CAPTURES)
      return result;
    const reach = Math.max(1, Math.round(1.5 * depthOfField(position)));
    const climbed = yield* contrastSearch(
      { ...context, start: position, limits: { maxCaptures: left - 1 } },
      (given) => climb(given, reach),
    );
    if (climbed.outcome === "focused")
      return {
        ...result,
        position: climbed.position,
        reason: `${result.reason} Nearer than ${RESOLVED} px of radius by contrast: ${climbed.reason}`,
      };
    const back = yield { moveTo: position, measure: "defocus", reason: "Contrast shows no peak; return." };
    return { ...result, position: back.position };
  };
}

/** The half-width around `z` within which the radius stays below what is resolved. */
function resolvedHalfWidth(lens: LensModel, z: Steps): Steps {
  const sides = lens.candidates(RESOLVED, z).map((z0) => Math.abs(z0 - z));
  return sides.length === 0 ? 0 : Math.min(...sides);
}

function* climb({ start, range: allowed, depthOfField }: SearchContext, reach: Steps): Exploration {
  const range = wholeRange(allowed);
  const samples = new Map<Steps, Sample>();
  const take = function* (wanted: Steps, reason: string): Generator<Probe, boolean, Sample> {
    const sample = yield { at: within(range, wanted), reason };
    const isNew = !samples.has(sample.position);
    samples.set(sample.position, sample);
    return isNew;
  };
  yield* take(start, "Contrast where the readings led.");
  for (let count = 0, step = reach; count < MOST_SAMPLES; count++) {
    const sorted = [...samples.values()].sort((a, b) => a.position - b.position);
    const top = sorted.reduce(
      (best, each, index) => (each.value > (sorted[best] as Sample).value ? index : best),
      0,
    );
    const [left, middle, right] = [sorted[top - 1], sorted[top] as Sample, sorted[top + 1]];
    if (left === undefined && middle.position > range.min) {
      if (!(yield* take(middle.position - step, "Contrast below."))) return;
      if (sorted.length > 1) step *= 2;
    } else if (right === undefined && middle.position < range.max) {
      if (!(yield* take(middle.position + step, "Contrast above."))) return;
      if (sorted.length > 1) step *= 2;
    } else {
      const target = inside(left, middle, right, 2 * depthOfField(middle.position));
      if (target === undefined || !(yield* take(target, "Contrast nearer to its peak."))) return;
    }
  }
}

/** Where to look between the neighbours of the largest sample; undefined where they are close enough. */
function inside(
  left: Sample | undefined,
  middle: Sample,
  right: Sample | undefined,
  close: Steps,
): Steps | undefined {
  const below = left === undefined ? 0 : middle.position - left.position;
  const above = right === undefined ? 0 : right.position - middle.position;
  if (Math.max(below, above) <= Math.max(1, close)) return undefined;
  const vertex = left && right && parabolaPeak(left, middle, right);
  if (vertex !== undefined && Math.abs(vertex - middle.position) > close / 2) return vertex;
  return below > above ? middle.position - below / 2 : middle.position + above / 2;
}

/** The search, and how many captures it asked for. */
function* counting(
  search: FocusSearch,
): Generator<Request, { readonly result: FocusResult; readonly captures: number }, Measurement> {
  let captures = 0;
  let step = search.next();
  while (step.done !== true) {
    captures++;
    step = search.next(yield step.value);
  }
  return { result: step.value, captures };
}
