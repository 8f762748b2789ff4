/**
 * A capture planner decides where to take the frames of an all-in-focus picture of a still scene. It is a generator, as a
 * focus search is: it asks for a lens position and a kind of look at the frame taken there, is handed what the look shows
 * of every patch, and finally says which of its frames to fuse. There is no I/O inside, so the same code plans on a
 * camera, on a recorded stack and in the evaluation.
 */
import type { Steps } from "../../core/units.ts";
import type { LensModel } from "../optics/lens-model.ts";
import type { DefocusReading } from "../search/types.ts";
import type { FrameDetail } from "../strategy/still/frame-detail.ts";
import type { StrategyStep } from "../strategy/strategy-step.ts";

/** What to measure in a frame: the network's readings, a contrast measure, or nothing. */
export type LookKind = "defocus" | "contrast" | "none";

export interface PlannerRequest {
  readonly moveTo: Steps;
  readonly look: LookKind;
  /** Why, one short sentence. */
  readonly reason: string;
  /** What the frame before has shown, for planners that know. */
  readonly before?: StrategyStep | undefined;
}

interface At {
  /** Where the lens stood, which may differ from what was asked for. */
  readonly position: Steps;
}
/** One value a patch, always of the same patches in the same order. */
export type PlannerLook =
  | (At & {
      readonly kind: "defocus";
      readonly readings: readonly DefocusReading[];
      /** Fine detail of the frame, for planners that cover what is smaller than a patch. */
      readonly detail?: FrameDetail | undefined;
      /** Patches a row of the grid; the rows follow each other, the top one first. */
      readonly cols: number;
    })
  | (At & { readonly kind: "contrast"; readonly contrast: readonly number[] })
  | (At & { readonly kind: "none" });

export interface PlanEnd {
  /** Which of the frames to fuse, counted from 0 in the order they were asked for; at least one. */
  readonly fuse: readonly number[];
  /** Why there is no further frame, one sentence. */
  readonly reason: string;
  /** What the last frame has shown, for planners that know. */
  readonly last?: StrategyStep;
}

export type CapturePlan = Generator<PlannerRequest, PlanEnd, PlannerLook>;

export interface PlannerContext {
  /** Where the lens stands. */
  readonly start: Steps;
  /** Its `range` is what the planner may use. */
  readonly lens: LensModel;
}

export type CapturePlanner = (context: PlannerContext) => CapturePlan;
