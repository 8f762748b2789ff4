/**
 * What the blending weight is decided by, as paper 1's AWnet is given (section 6.2.3): both pictures, the deviation
 * matrices (as the blur they predict) and the warping error, here as planes of one value per cell.
 */
import type { ImageU8 } from "../../../core/image.ts";

/** Planes, in order, as native/kernels/video/fusion_features.cc makes them. A network was trained for one version of them. */
export const FEATURE_PLANES = [
  "difference",
  "mismatch",
  "mismatch around",
  "fine detail of the frame",
  "fine detail of the picture",
  "coarse detail of the frame",
  "coarse detail of the picture",
  "radius in the frame",
  "radius in the picture",
  "focus known",
  "motion",
  "bend of the motion",
  "doubt of the motion",
  "blur between them",
] as const;
export const FEATURES_VERSION = 2;

export interface FusionFeatures {
  readonly columns: number;
  readonly rows: number;
  /** FEATURE_PLANES.length planes of rows x columns values, of the order of 1. */
  readonly planes: Float32Array;
}

/** The two pictures to blend, of the same size. They are written over with the next frame. */
export interface Pair {
  readonly frame: ImageU8;
  /** The fused picture, moved to where the frame has things. */
  readonly picture: ImageU8;
}

/** For each cell the share of the new frame, 0..1, row-major. */
export type Weigher = (features: FusionFeatures, pair: Pair) => Promise<Float32Array>;
