/** A frame as a camera delivers it. */
import type { Image } from "./image.ts";
import type { Milliseconds, Steps } from "./units.ts";

export interface Frame {
  /** Camera values after gamma. */
  readonly image: Image<Uint8Array> | Image<Uint16Array>;
  /** When the exposure began. */
  readonly stamp: Milliseconds;
  /** How long it lasted. */
  readonly exposure: Milliseconds;
  /** Counts up by one a frame; a gap is a lost frame. */
  readonly sequence: number;
  /** The optical frame of the camera (tf2). */
  readonly frameId: string;
}

/** A frame whose whole exposure lies after the lens came to rest, and where the lens stood. */
export interface SettledFrame {
  readonly frame: Frame;
  readonly position: Steps;
}
