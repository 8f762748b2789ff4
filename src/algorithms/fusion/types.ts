/** What every way to fuse frames takes and gives. */
import type { Image, ImageF32 } from "../../core/image.ts";
import type { Roi } from "../../core/roi.ts";
import type { Steps } from "../../core/units.ts";

export interface FusedStack {
  /** The all-in-focus picture, same size and channels as the frames, 0..1. */
  readonly fused: ImageF32;
  /** For each pixel the frame it is sharpest in: 0 = the first frame of the stack. */
  readonly index: Image<Uint16Array>;
  /** For each pixel the focus position at which it is sharp, between those of the frames where they allow it. */
  readonly position: ImageF32;
}

export interface AddOptions {
  /**
   * The part of the frame that shows the scene; outside of it the frame is not used. An aligned frame that does not
   * reach the border of the picture says so here. Default: all of it.
   */
  readonly valid?: Roi | undefined;
}

/** Also where a frame belongs in a stack that may be taken in from a frame in its middle outward. */
export interface StackAddOptions extends AddOptions {
  /** Before the first or after the last frame that was added; after the last one by default. */
  readonly end?: "first" | "last";
}

/** Fuses frames one at a time: memory grows with the pixels of a frame, not with the number of frames. */
export interface FrameFusion {
  /**
   * Takes in a frame after gamma, aligned with the ones before it: nominally 0..1, or stored values of 8 or 16 bits.
   * Calls must not overlap.
   * @throws AutofocusError `fusion_failed` when size or channels differ from the first frame's, or `position` is not
   * finite.
   */
  add(frame: Image, position: Steps, options?: AddOptions): Promise<void>;
  /** The result over the frames so far; more may follow. @throws AutofocusError `fusion_failed` without a frame. */
  finish(): Promise<FusedStack>;
}
