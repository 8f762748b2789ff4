/**
 * What is believed of one patch of a still scene, frame by frame: where it is in focus (patch-posterior.ts), whether it
 * has been in focus already, and how much it is to be trusted.
 *
 * A patch that was not in focus where that was expected is believed less from then on, in proportion to how firmly it was
 * expected: patches that show several distances, a reflection or hardly any texture then stop causing frames.
 */
import type { Steps } from "../../../core/units.ts";
import type { DefocusReading } from "../../search/types.ts";
import type { PatchDeviation } from "../deviation.ts";
import { PatchPosterior } from "./patch-posterior.ts";

export interface PatchBelief {
  readonly posterior: PatchPosterior;
  /** Some frame could be read. */
  readonly known: boolean;
  /** It was in focus in some frame: U of paper 1, Eq. 9. */
  readonly seen: boolean;
  /** It is in focus in the latest frame: M. */
  readonly inFocus: boolean;
  /** 0..1. */
  readonly trust: number;
}

/** One frame, as all its patches see it. */
export interface FrameView {
  /** Where the lens stood. */
  readonly position: Steps;
  /** Half-width of the depth of field there. */
  readonly sigma: Steps;
  /** Of `gridLogRadii`. */
  readonly logRadii: readonly number[];
  /** Cells of the grid within the depth of field: from the first to before the second. */
  readonly window: readonly [number, number];
}

/** Before the first frame; `cells` of the grid. */
export function unseenPatch(cells: number): PatchBelief {
  return { posterior: PatchPosterior.uniform(cells), known: false, seen: false, inFocus: false, trust: 1 };
}

/** Takes in what a frame says of the patch. A patch that cannot be read in it keeps what is believed of it. */
export function believe(
  before: PatchBelief,
  reading: DefocusReading,
  deviation: PatchDeviation,
  { position, sigma, logRadii, window }: FrameView,
): PatchBelief {
  if (deviation.kind !== "read") return { ...before, inFocus: false };
  const expected = before.known ? before.posterior.mass(...window) : 0;
  const posterior = before.posterior.with(reading, logRadii);
  const inFocus =
    deviation.candidates.some((each) => Math.abs(each - position) <= sigma) ||
    posterior.mass(...window) >= 0.5;
  return {
    posterior,
    known: true,
    seen: before.seen || inFocus,
    inFocus,
    trust: before.trust * (inFocus ? 1 : 1 - surprise(expected)),
  };
}

/** Nothing for what was as likely as not, everything for what was certain. */
function surprise(probability: number): number {
  return Math.max(0, 2 * probability - 1);
}
