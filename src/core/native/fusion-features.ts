/** What the weight of a frame in all-in-focus video is decided by (native/kernels/video/fusion_features.h). */
import type { ImageF32 } from "../image.ts";
import { call } from "./addon.ts";

/** Maps of one size, a value for each cell. The picture is the fused one, moved to where the frame has things. */
export interface FusionEvidence {
  /** Means over the cells, 0..1. */
  readonly frameLuma: ImageF32;
  readonly pictureLuma: ImageF32;
  /** Mean squares of the finest detail of the pictures themselves, and of small copies of them. */
  readonly frameFine: ImageF32;
  readonly pictureFine: ImageF32;
  readonly frameCoarse: ImageF32;
  readonly pictureCoarse: ImageF32;
  /** How the picture was moved, px of the small copies, and 1 / variance of that. */
  readonly dx: ImageF32;
  readonly dy: ImageF32;
  readonly certainty: ImageF32;
  /** How far both are still apart then. */
  readonly mismatch: ImageF32;
  /** By how much the picture was blurred to compare them, px of the small copies; negative: the frame. */
  readonly blur: ImageF32;
  /** Radius of the blur as it is predicted, px. */
  readonly frameRadius: ImageF32;
  readonly pictureRadius: ImageF32;
  /** 1 where the in-focus position was read in this frame, else 0. */
  readonly known: ImageF32;
}

/**
 * Planes of the order of 1, one after the other, in the order of FEATURE_PLANES (algorithms/fusion/streaming/features.ts).
 * @throws AutofocusError `invalid_image`.
 */
export function fusionFeatures(evidence: FusionEvidence): Promise<Float32Array> {
  return call((addon) => addon.fusionFeatures(evidence));
}
