/** The product's own fusion for a number of frames that is known beforehand. */
import { PairFusion } from "./pair-fusion.ts";
import { StackFusion } from "./stack-fusion.ts";

export function fusionFor(frames: number): PairFusion | StackFusion {
  return frames === 2 ? new PairFusion() : new StackFusion();
}
