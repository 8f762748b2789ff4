/**
 * Algorithm 1 of paper 1 (section 4.3), line by line, for the reproduction. The step estimator f_e gives |Z0 - Z|
 * without the direction, the focus discriminator f_d says whether the frame is in focus; both come with one
 * measurement of kind `steps`. A frame counts as in focus when f_d >= 1/2.
 *
 * What the algorithm leaves open is settled so:
 *
 * - Equality. A candidate that is exactly Z_min or Z_max is within the range (lines 9-13 leave the case to line 16,
 *   which would then leave the range on the other side). When both candidates are estimated equally far from focus,
 *   Z2 is taken, as line 17 says (`<`).
 * - Iterations. After 10 the search ends `failed`, with the lens at the position with the smallest estimate.
 * - Leaving the range. With candidates as above no request lies outside it. Distances are rounded to whole steps.
 * - Randomness. Line 10 draws a whole step, uniform over the range including its ends, from `context.random`.
 * - A distance below half a step leaves no candidate but Z itself, which f_d has just denied: `failed` at once, since
 *   the same frame would be judged for ever. A negative or undefined estimate of the linear last layer counts as 0.
 * - The price of line 17. It looks at I_Z1 and at I_Z2, so two moves and two captures; the lens then stands at Z2,
 *   and returning Z1 (line 19) takes a third move and a capture that confirms it.
 */
import { expected } from "../../core/errors.ts";
import { uniformInt } from "../../core/random.ts";
import type { Steps } from "../../core/units.ts";
import { failed, focused } from "./outcome.ts";
import { within, wholeRange } from "./positions.ts";
import type { FocusResult, FocusSearch, Measurement, Request, SearchContext } from "./types.ts";

const MAX_ITERATIONS = 10;
const IN_FOCUS = 0.5;

/** What the two networks say of the frame at `position`. */
interface Look {
  readonly position: Steps;
  readonly distance: Steps;
  readonly inFocusProbability: number;
}

export function* paper(context: SearchContext): FocusSearch {
  const range = wholeRange(context.range);
  const { maxCaptures } = context.limits;
  let standing = within(range, context.start);
  let captures = 0;
  let nearest: Look | undefined;

  function* look(moveTo: Steps, reason: string): Generator<Request, Look, Measurement> {
    const measurement = yield { moveTo, measure: "steps", reason };
    if (measurement.kind !== "steps")
      throw expected("invalid_input", "a measurement of steps", "the search", measurement.kind);
    captures++;
    standing = measurement.position;
    const distance = Math.round(Math.max(0, measurement.distance || 0));
    const seen = { ...measurement, distance };
    if (nearest === undefined || distance < nearest.distance) nearest = seen;
    return seen;
  }
  function* giveUp(code: "focus_failed" | "limit_reached", reason: string): FocusSearch {
    if (nearest !== undefined && nearest.position !== standing && captures < maxCaptures)
      yield* look(nearest.position, "Return to the smallest estimate.");
    return failed(code, standing, reason);
  }

  let z = standing;
  let verified: Look | undefined;
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    if (captures + (verified === undefined ? 1 : 0) + 3 > maxCaptures)
      return yield* giveUp("limit_reached", `Stopped after ${captures} captures.`);
    let here = verified;
    if (here === undefined) {
      here = yield* look(z, "Judge the frame and estimate its distance from focus.");
      if (inFocus(here)) return accept(here);
    }
    z = here.position;
    const { distance } = here;
    if (distance === 0)
      return yield* giveUp("focus_failed", "The estimator and the discriminator contradict each other.");
    const [above, below] = [z + distance, z - distance];
    verified = undefined;
    if (above > range.max && below < range.min) {
      z = uniformInt(context.random, range.min, range.max);
    } else if (below < range.min) {
      z = above;
    } else if (above > range.max) {
      z = below;
    } else {
      const first = yield* look(above, "Look at the candidate above.");
      const second = yield* look(below, "Look at the candidate below.");
      const better = first.distance < second.distance ? first : second;
      if (inFocus(better)) {
        if (better === first) yield* look(first.position, "Return to the better candidate.");
        return accept(better);
      }
      verified = better;
    }
  }
  return yield* giveUp("focus_failed", `Not in focus after ${MAX_ITERATIONS} iterations.`);
}

function inFocus(look: Look): boolean {
  return look.inFocusProbability >= IN_FOCUS;
}

function accept(look: Look): FocusResult {
  return focused(look.position, look.inFocusProbability, "The discriminator finds the frame in focus.");
}
