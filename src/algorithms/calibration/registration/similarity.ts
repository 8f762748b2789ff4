/**
 * Maps between frames: magnification, turn and shift about the middle of the frame. Focus breathing is the magnification
 * alone (alpha of paper 1, section 3, Eq. 1).
 */
import type { FrameSize, Similarity } from "../../../core/native/index.ts";
import type { Pixels } from "../../../core/units.ts";

export type { Similarity, FrameSize as Size } from "../../../core/native/index.ts";

/** A pixel of the reference to one of the moving frame, as `resample` takes it. */
export type Affine = readonly [number, number, number, number, number, number];

export const IDENTITY: Similarity = { along: 1, across: 0, dx: 0, dy: 0 };

/** First `first`, then `second`: both are z -> a z + t in the complex plane. */
export function compose(second: Similarity, first: Similarity): Similarity {
  const { along: c, across: s } = second;
  return {
    along: c * first.along - s * first.across,
    across: c * first.across + s * first.along,
    dx: c * first.dx - s * first.dy + second.dx,
    dy: c * first.dy + s * first.dx + second.dy,
  };
}

/** Size of the moving frame's picture relative to the reference's. */
export function magnification({ along, across }: Similarity): number {
  return Math.hypot(along, across);
}

/** The map for frames of this size. */
export function toAffine({ along, across, dx, dy }: Similarity, frame: FrameSize): Affine {
  // Pixel i covers [i, i + 1), so its centre lies at i + 0.5.
  const x = frame.width / 2 - 0.5;
  const y = frame.height / 2 - 0.5;
  return [along, -across, x - along * x + across * y + dx, across, along, y - across * x - along * y + dy];
}

/** Half the diagonal of the frame: what a change of `along` by 1 moves the corners by, px. */
export function reach({ width, height }: FrameSize): Pixels {
  return Math.hypot(width, height) / 2;
}

/** Root mean square, over the four corners of the frame, of the distance between where two maps take them, px. */
export function cornerDistance(a: Similarity, b: Similarity, frame: FrameSize): Pixels {
  const stretch = reach(frame) * Math.hypot(a.along - b.along, a.across - b.across);
  return Math.hypot(stretch, a.dx - b.dx, a.dy - b.dy);
}
