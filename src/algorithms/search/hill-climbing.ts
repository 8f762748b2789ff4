/**
 * Hill climbing with an adaptive step (He, Zhou and Hong, "Modified fast climbing search auto-focus algorithm with
 * adaptive step size searching technique for digital camera", IEEE Trans. Consumer Electronics 49(2), 2003; paper 1,
 * section 2.1). Two stages:
 *
 * 1. Out of focus: from where the lens stands, climb. The relative difference of two neighbouring samples sets the
 *    step: far from the peak the measure hardly changes and the step is large, near it the step is small.
 * 2. In focus: when both neighbours are lower the peak lies between them, and the step is halved until it is half
 *    of the half-width of the depth of field.
 *
 * It climbs the hill it stands on: from a local maximum wider than the largest step it does not find the global one.
 */
import { contrastSearch, type Exploration, type Sample } from "./contrast-search.ts";
import { scaledStep, within, wholeRange } from "./positions.ts";
import type { FocusSearch, SearchContext } from "./types.ts";

/** Step sizes for a half depth of field of 20 steps. */
const STEP = { large: 120, small: 40, last: 10 } as const;

/** Relative difference of neighbouring samples, a large step apart, from which the peak is near. */
const NEAR_PEAK = 0.25;

export function hillClimbing(context: SearchContext): FocusSearch {
  return contrastSearch(context, explore);
}

function* explore(context: SearchContext): Exploration {
  const { min, max } = wholeRange(context.range);
  const sized = (published: number, at: number): number => scaledStep(published, context.depthOfField(at));
  let top: Sample = yield { at: context.start, reason: "Measure where the lens stands." };
  let at = within(context.range, context.start);
  let direction = max - at >= at - min ? 1 : -1;
  let step = Math.min(sized(STEP.large, at), Math.max(1, Math.floor((max - min) / 4)));
  while (step >= 1) {
    let climbed = false;
    for (const way of [direction, -direction]) {
      const next = within(context.range, at + way * step);
      if (next === at) continue;
      const sample = yield { at: next, reason: `Climb by ${step} steps.` };
      if (sample.value <= top.value) continue;
      if ((sample.value - top.value) / sample.value > NEAR_PEAK)
        step = Math.min(step, sized(STEP.small, next));
      [top, at, direction, climbed] = [sample, next, way, true];
      break;
    }
    if (climbed) continue;
    if (step <= sized(STEP.last, at)) break;
    step = Math.max(sized(STEP.last, at), Math.floor(step / 2));
  }
}
