/**
 * Focus on each region of like altitude (paper 2's supplement, section 3): the confident strategy looks at the scene until
 * every part of it was in focus once, the patches are labelled (regions/label-regions.ts), and every region that no frame
 * was taken near the middle of is focused on its own. Each further frame is read too, so it refines all the regions.
 */
import { expected } from "../../core/errors.ts";
import type { Steps } from "../../core/units.ts";
import { labelRegions, type RegionMap } from "../regions/label-regions.ts";
import { STILL_START, stillStep, type StillStep } from "../strategy/still/still-strategy.ts";
import type { CapturePlan, PlannerContext, PlannerRequest } from "./types.ts";

/** A region counts as focused on its own where a frame was taken within this share of the depth of field of it. */
const NEAR = 0.5;

/** The regions of a grid of `cols` columns as a step of the strategy, taken at `position`, shows them. */
export function regionsOf(
  step: Pick<StillStep, "deviation" | "confidence">,
  position: Steps,
  cols: number,
  depthOfField: (z: Steps) => Steps,
): RegionMap {
  const inFocusAt = step.deviation.map((deviation) => position + deviation);
  const { confidence } = step;
  return labelRegions({ rows: inFocusAt.length / cols, cols, inFocusAt, confidence }, depthOfField);
}

export function* eachRegion({ start, lens }: PlannerContext): CapturePlan {
  const depthOfField = (z: Steps): Steps => lens.depthOfField(z);
  const aimed: Steps[] = [];
  const visited: Steps[] = [];
  let state = STILL_START;
  let request: Omit<PlannerRequest, "look"> = { moveTo: start, reason: "Look where the lens stands." };
  for (;;) {
    const look = yield { ...request, look: "defocus" };
    if (look.kind !== "defocus")
      throw expected("invalid_input", "a look at the defocus", "the planner", look.kind);
    const { position, readings, cols } = look;
    aimed.push(request.moveTo);
    visited.push(position);
    const step = stillStep(state, readings, lens, position);
    ({ state } = step);
    if (step.next !== "complete") {
      request = { moveTo: step.next, reason: step.reason, before: step };
      continue;
    }
    const { regions } = regionsOf(step, position, cols, depthOfField);
    const open = regions
      .filter(({ position: z }) =>
        [...visited, ...aimed].every((each) => Math.abs(each - z) > NEAR * depthOfField(z)),
      )
      .sort((a, b) => Math.abs(a.position - position) - Math.abs(b.position - position));
    const [next] = open;
    if (next === undefined)
      return {
        fuse: visited.map((_, index) => index),
        reason: `Every region has been focused on its own: ${regions.length}.`,
        last: step,
      };
    request = { moveTo: next.position, reason: `Focus region ${next.label} on its own.`, before: step };
  }
}
