/**
 * The two strategies that read the defocus, as planners: `algorithm-2`, paper 1's static case to the letter of its
 * histogram, and `confident`, ours. Both begin where the lens stands, and fuse the frames in which something is in focus.
 */
import { expected } from "../../core/errors.ts";
import type { Steps } from "../../core/units.ts";
import type { DefocusReading } from "../search/types.ts";
import { strategyStart, strategyStep } from "../strategy/focus-strategy.ts";
import { STILL_START, stillStep } from "../strategy/still/still-strategy.ts";
import type { StrategyStep } from "../strategy/strategy-step.ts";
import type { CapturePlan, PlannerContext } from "./types.ts";

/** Takes in the readings of one frame after the other. */
export type StrategyReducer = (readings: readonly DefocusReading[], position: Steps) => StrategyStep;

/** Our strategy for still scenes, with its state inside. */
export function confidentReducer(lens: PlannerContext["lens"]): StrategyReducer {
  let state = STILL_START;
  return (readings, position) => {
    const step = stillStep(state, readings, lens, position);
    ({ state } = step);
    return step;
  };
}

export function confident(context: PlannerContext): CapturePlan {
  return followed(context.start, confidentReducer(context.lens));
}

export function algorithm2({ start, lens }: PlannerContext): CapturePlan {
  let state = strategyStart({ kind: "static" });
  return followed(start, (readings, position) => {
    const step = strategyStep(state, readings, lens, position);
    ({ state } = step);
    return step;
  });
}

function* followed(start: Steps, reduce: StrategyReducer): CapturePlan {
  const inFocus: number[] = [];
  let next: { readonly moveTo: Steps; readonly reason: string; readonly before?: StrategyStep } = {
    moveTo: start,
    reason: "Look where the lens stands.",
  };
  for (let frame = 0; ; frame++) {
    const look = yield { ...next, look: "defocus" };
    if (look.kind !== "defocus")
      throw expected("invalid_input", "a look at the defocus", "the planner", look.kind);
    const step = reduce(look.readings, look.position);
    if (step.mask.includes(true)) inFocus.push(frame);
    if (step.next === "complete")
      return { fuse: inFocus.length > 0 ? inFocus : [frame], reason: step.reason, last: step };
    next = { moveTo: step.next, reason: step.reason, before: step };
  }
}
