/**
 * The two strategies that read the defocus, as planners: `algorithm-2`, paper 1's static case to the letter of its
 * histogram, and `confident`, ours. Both begin where the lens stands, and fuse the frames in which something is in focus.
 */
import { expected } from "../../core/errors.ts";
import type { Steps } from "../../core/units.ts";
import type { LensModel } from "../optics/lens-model.ts";
import type { DefocusReading } from "../search/types.ts";
import type { SceneKind } from "../strategy/activation.ts";
import { strategyStart, strategyStep } from "../strategy/focus-strategy.ts";
import type { FrameDetail } from "../strategy/still/frame-detail.ts";
import { STILL_START, stillStep } from "../strategy/still/still-strategy.ts";
import type { StrategyStep } from "../strategy/strategy-step.ts";
import type { CapturePlan, PlannerContext } from "./types.ts";

/** Takes in the readings of one frame after the other. */
export type StrategyReducer = (
  readings: readonly DefocusReading[],
  position: Steps,
  detail?: FrameDetail,
) => StrategyStep;

/** The strategy that the product follows, with its state inside: ours for still scenes, Algorithm 2 for moving ones. */
export function strategyReducer(scene: SceneKind, lens: LensModel): StrategyReducer {
  return scene.kind === "static" ? confidentReducer(lens) : algorithm2Reducer(scene, lens);
}

function confidentReducer(lens: LensModel): StrategyReducer {
  let state = STILL_START;
  return (readings, position, detail) => {
    const step = stillStep(state, readings, lens, position, detail);
    ({ state } = step);
    return step;
  };
}

function algorithm2Reducer(scene: SceneKind, lens: LensModel): StrategyReducer {
  let state = strategyStart(scene);
  return (readings, position) => {
    const step = strategyStep(state, readings, lens, position);
    ({ state } = step);
    return step;
  };
}

export function confident({ start, lens }: PlannerContext): CapturePlan {
  return followed(start, confidentReducer(lens));
}

export function algorithm2({ start, lens }: PlannerContext): CapturePlan {
  return followed(start, algorithm2Reducer({ kind: "static" }, lens));
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
    const step = reduce(look.readings, look.position, look.detail);
    if (step.isUseful) inFocus.push(frame);
    if (step.next === "complete")
      return { fuse: inFocus.length > 0 ? inFocus : [frame], reason: step.reason, last: step };
    next = { moveTo: step.next, reason: step.reason, before: step };
  }
}
