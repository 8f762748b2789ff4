/**
 * Rule-based search (Kehtarnavaz and Oh, "Development and real-time implementation of a rule-based auto-focus
 * algorithm", Real-Time Imaging 9(3), 2003; paper 1, section 2.1 and 6.1.3): the lens goes to the end of its range
 * and travels all of it once, in one direction, with a step size chosen by rules from how the measure changes.
 *
 * | rule    | when                                                               | step |
 * | ---     | ---                                                                | ---  |
 * | Initial | the first samples, which tell how much the measure changes at all | 10   |
 * | Coarse  | the measure fell below 3/4 of its largest value: the peak is past | 40   |
 * | Fine    | it rises by at least 1 % a Fine step, or the peak is being passed | 10   |
 * | Mid     | it hardly changes: far from any peak                               | 30   |
 *
 * The step sizes are those of paper 1 for a half depth of field of 20 steps and scale with it. The original gives its
 * thresholds for its own camera; the ones here are chosen for noise of about 1 % and take about one sample every 10
 * steps before the peak and every 40 after it, which is within 20 % of the counts of those rows of Tables 4 and 5 that
 * follow this pattern. Toy1, Building2 and Scenery do not: the paper needed more or fewer there.
 */
import { contrastSearch, type Exploration } from "./contrast-search.ts";
import { scaledStep, wholeRange } from "./positions.ts";
import type { FocusSearch, SearchContext } from "./types.ts";

const STEP = { initial: 10, coarse: 40, fine: 10, mid: 30 } as const;
const INITIAL_SAMPLES = 3;
const PAST_PEAK = 0.75;
const RISE_PER_FINE_STEP = 0.01;

export function ruleBased(context: SearchContext): FocusSearch {
  return contrastSearch(context, explore);
}

function* explore(context: SearchContext): Exploration {
  const { min, max } = wholeRange(context.range);
  let previous = yield { at: min, reason: "Start at the end of the range." };
  let largest = previous.value;
  let rule: keyof typeof STEP = "initial";
  for (let count = 1, at = min; at < max; count++) {
    at = Math.min(max, at + scaledStep(STEP[rule], context.depthOfField(at)));
    const current = yield { at, reason: `Travel the range, rule ${rule}.` };
    largest = Math.max(largest, current.value);
    const fineSteps =
      Math.abs(current.position - previous.position) / scaledStep(STEP.fine, context.depthOfField(at));
    const rise = (current.value - previous.value) / Math.max(fineSteps, 1);
    if (count < INITIAL_SAMPLES) rule = "initial";
    else if (current.value < PAST_PEAK * largest) rule = "coarse";
    else if (rise < 0 || rise >= RISE_PER_FINE_STEP * previous.value) rule = "fine";
    else rule = "mid";
    previous = current;
  }
}
