/** Every way to plan a capture, under its name. */
import { blockDepth } from "./block-depth.ts";
import { roundTrip } from "./round-trip.ts";
import { algorithm2, confident } from "./strategies.ts";
import { twoStep } from "./two-step.ts";
import type { CapturePlanner } from "./types.ts";
import { uniformSweep } from "./uniform-sweep.ts";

export const PLANNER_NAMES = [
  "confident",
  "algorithm-2",
  "sweep",
  "two-step",
  "block-depth",
  "round-trip",
] as const;
export type PlannerName = (typeof PLANNER_NAMES)[number];

export const PLANNERS: Readonly<Record<PlannerName, CapturePlanner>> = {
  confident,
  "algorithm-2": algorithm2,
  sweep: uniformSweep,
  "two-step": twoStep,
  "block-depth": blockDepth,
  "round-trip": roundTrip,
};
