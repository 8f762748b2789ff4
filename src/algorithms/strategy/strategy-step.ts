/** What a focus strategy makes of one frame: the matrices of paper 1, section 5, and where to go next. */
import type { Steps } from "../../core/units.ts";

export interface StrategyStep {
  /** Signed deviation P = Z0 - Z per patch, steps; NaN where it is not known. */
  readonly deviation: Float32Array;
  /** Probability that the deviation is right to within the depth of field, 0..1; 0 where it is not known. */
  readonly confidence: Float32Array;
  /** M: in focus in this frame. */
  readonly mask: readonly boolean[];
  /** Something in this frame is in focus, if only a part of a patch: it is worth fusing. */
  readonly isUseful: boolean;
  /** U: nothing to do here. False for patches that are pending and for those that are not known. */
  readonly activation: readonly boolean[];
  /** Not done, and in focus at a position the lens can reach. */
  readonly pending: readonly boolean[];
  /** Share of the patches known so far that are done, 0..1; 1 when none is known. */
  readonly coverage: number;
  /** Where to take the next frame, or that there is no need for one (static scenes only). */
  readonly next: Steps | "complete";
  /** Why, one sentence. */
  readonly reason: string;
}

/** Share of the known patches that are done; 1 when none is known. */
export function coverageOf(activation: readonly boolean[], pending: readonly boolean[]): number {
  const done = activation.filter(Boolean).length;
  const known = done + pending.filter(Boolean).length;
  return known === 0 ? 1 : done / known;
}
