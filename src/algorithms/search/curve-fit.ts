/**
 * Curve fitting (Yazdanfar et al., "Simple and robust image-based autofocusing for digital microscopy", Optics Express
 * 16(12), 2008; paper 1, section 2.1: "typically only 4-7 time steps"): a few samples over the whole range find the
 * three around the peak, a parabola through their reciprocals gives its position, and a sample there replaces the
 * worst of the three until the next position lies within half the depth of field of one already sampled.
 *
 * Three equally good samples or noise can leave no peak between them; then the wider of the two gaps is halved.
 */
import type { Steps } from "../../core/units.ts";
import { contrastSearch, sharpest, type Exploration, type Sample } from "./contrast-search.ts";
import { reciprocalPeak } from "./peak.ts";
import { within, wholeRange } from "./positions.ts";
import type { FocusSearch, SearchContext } from "./types.ts";

/** Samples over the range before the first fit. */
const OVERVIEW = 6;

/** Fits at most; each costs one sample. */
const FITS = 8;

export function curveFit(context: SearchContext): FocusSearch {
  return contrastSearch(context, explore);
}

function* explore(context: SearchContext): Exploration {
  const { min, max } = wholeRange(context.range);
  const samples: Sample[] = [];
  const tried = new Set<Steps>();
  function* take(at: Steps, reason: string): Exploration {
    const whole = within(context.range, at);
    if (tried.has(whole)) return;
    tried.add(whole);
    samples.push(yield { at: whole, reason });
    samples.sort((a, b) => a.position - b.position);
  }

  const down = context.start - min > max - context.start;
  for (let index = 0; index < OVERVIEW; index++) {
    const share = index / (OVERVIEW - 1);
    yield* take(min + (max - min) * (down ? 1 - share : share), "Sample the whole range.");
  }
  for (let fit = 0; fit < FITS; fit++) {
    const best = sharpest(samples) as Sample;
    const index = samples.indexOf(best);
    const [left, right] = [samples[index - 1], samples[index + 1]];
    const target = next(left, best, right);
    const close = Math.max(0.5, context.depthOfField(target) / 2);
    if (samples.some((each) => Math.abs(each.position - target) < close)) return;
    yield* take(target, "Sample the peak of the fitted curve.");
  }
}

/** Where to sample next, given the best sample and its neighbours (one is missing at an end of the range). */
function next(left: Sample | undefined, best: Sample, right: Sample | undefined): Steps {
  if (left === undefined || right === undefined) return halfway(best, left ?? right ?? best);
  const peak = reciprocalPeak(left, best, right);
  const wider = best.position - left.position > right.position - best.position ? left : right;
  return peak ?? halfway(best, wider);
}

function halfway(a: Sample, b: Sample): Steps {
  return (a.position + b.position) / 2;
}
