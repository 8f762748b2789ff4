/** The parts of the evaluation: each measures something and reports on it. */
import type { LensModel } from "../algorithms/optics/lens-model.ts";
import type { ImageU8 } from "../core/image.ts";
import type { Pixels } from "../core/units.ts";
import type { Networks } from "../pipeline/networks.ts";
import type { Photograph } from "./photos/photographs.ts";
import type { PartReport } from "./report/document.ts";

export const PART_NAMES = [
  "focus",
  "radius",
  "sharpness",
  "stacks",
  "known",
  "speed",
  "fusion",
  "capture",
  "video",
] as const;
export type PartName = (typeof PART_NAMES)[number];

/** One figure for a whole frame, as the command `estimate` gives it; null where nothing can be read. */
export interface FrameEstimate {
  readonly radius_px: Pixels | null;
  readonly radius_std_px: Pixels | null;
  readonly in_focus: boolean;
  readonly sharpness: number | null;
}

/** Begins a stretch of work of so many steps, and returns what to call after each. */
export type StartProgress = (label: string, steps: number) => () => void;

export interface Evaluation {
  /** Sharp photographs that no network has seen, in a fixed order. */
  readonly photographs: readonly Photograph[];
  /** Folders with focal stacks. */
  readonly stacks: readonly string[];
  /** Folders with clips, frames in the order of their names. */
  readonly clips: readonly string[];
  /** Folder with pairs of frames to fuse, NAME_A.EXT and NAME_B.EXT. */
  readonly pairs: string | undefined;
  /** Folder with pictures and their disparities, a folder a scene. */
  readonly rgbd: string | undefined;
  /** Folder with pictures NAME_Z0_Z.EXT, and the lens they were taken with, a file or a name. */
  readonly known: { readonly directory: string; readonly lens: string } | undefined;
  /** The lens of paper 1. */
  readonly lens: LensModel;
  readonly networks: Networks;
  /** What `estimate` makes of a frame. */
  readonly estimate: (gray: ImageU8) => Promise<FrameEstimate>;
  /** Radius up to which the network was taught to call a frame in focus, px. */
  readonly inFocusRadius: Pixels;
  /** The same seed gives the same figures, but for times. */
  readonly seed: number;
  /** A small part of the work, to see that all of it runs; the figures mean little. */
  readonly quick: boolean;
  /** Runs in which wrong answers are counted. */
  readonly runs: number;
  readonly progress: StartProgress;
}

export interface Part {
  readonly name: PartName;
  /** What it needs beyond the networks. */
  readonly needs: "photographs" | "stacks" | "clips" | "known" | "nothing";
  run(evaluation: Evaluation): Promise<PartReport>;
}
