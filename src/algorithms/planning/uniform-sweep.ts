/** Uniform sweep: a frame every two depths of field over the whole range, whatever the scene (paper 1, section 2.3). */
import { fromNearerEnd, sweepPositions } from "./sweep-positions.ts";
import type { CapturePlan, PlannerContext } from "./types.ts";

export function* uniformSweep({ start, lens }: PlannerContext): CapturePlan {
  const positions = fromNearerEnd(sweepPositions(lens), start);
  for (const [index, moveTo] of positions.entries())
    yield { moveTo, look: "none", reason: `Position ${index + 1} of ${positions.length} of the sweep.` };
  return { fuse: positions.map((_, index) => index), reason: "The whole range was swept." };
}
