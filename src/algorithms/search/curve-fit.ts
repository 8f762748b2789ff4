/**
 * Curve fitting (Yazdanfar et al., "Simple and robust image-based autofocusing for digital microscopy", Optics Express
 * 16(12), 2008; paper 1, section 2.1: "typically only 4-7 time steps"): a few samples over the whole range find the
 * three around the peak, a parabola through their reciprocals gives its position, and a sample there replaces the
 * worst of the three, until the peak lies within half the depth of field of one already sampled.
 *
 * Where the three leave no peak between them (noise, an end of the range), or leave it where it has been sampled while a
 * gap of more than 3 depths of field remains beside it (a measure that is no parabola), the wider gap is halved.
 */
import type { Steps } from "../../core/units.ts";
import { contrastSearch, sharpest, type Exploration, type Sample } from "./contrast-search.ts";
import { reciprocalPeak } from "./peak.ts";
import { wholeRange } from "./positions.ts";
import type { FocusSearch, SearchContext } from "./types.ts";

/** Samples over the range before the first fit. */
const OVERVIEW = 6;

/** Fits at most; each costs one sample. */
const FITS = 12;

export function curveFit(context: SearchContext): FocusSearch {
  return contrastSearch(context, explore);
}

function* explore(context: SearchContext): Exploration {
  const { min, max } = wholeRange(context.range);
  let samples: readonly Sample[] = [];
  function* take(at: Steps, reason: string): Exploration {
    const sample = yield { at, reason };
    const others = samples.filter(({ position }) => position !== sample.position);
    samples = [...others, sample].sort((a, b) => a.position - b.position);
  }

  const down = context.start - min > max - context.start;
  for (let index = 0; index < OVERVIEW; index++) {
    const share = index / (OVERVIEW - 1);
    yield* take(min + (max - min) * (down ? 1 - share : share), "Sample the whole range.");
  }
  for (let fit = 0; fit < FITS; fit++) {
    const target = next(samples, context.depthOfField(sharpest(samples)?.position ?? min));
    if (target === undefined) return;
    yield* take(target, "Sample the peak of the fitted curve.");
  }
}

/** Where to sample next; undefined where nothing is to be gained. `samples` ascend and are at least one. */
function next(samples: readonly Sample[], depthOfField: Steps): Steps | undefined {
  const best = sharpest(samples) as Sample;
  const index = samples.indexOf(best);
  const [left = best, right = best] = [samples[index - 1], samples[index + 1]];
  const peak = left !== best && right !== best ? reciprocalPeak(left, best, right) : undefined;
  const close = Math.max(1, depthOfField / 2);
  if (peak !== undefined && Math.abs(peak - best.position) >= close) return peak;
  const [below, above] = [best.position - left.position, right.position - best.position];
  const least = Math.max(1, peak === undefined ? depthOfField : 3 * depthOfField);
  if (Math.max(below, above) <= least) return undefined;
  return best.position + (above > below ? above : -below) / 2;
}
