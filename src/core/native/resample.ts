/** Affine resampling: `imscale` of paper 1, Eq. 1, and the alignment of frames. */
import type { Image } from "../image.ts";
import type { Pixels } from "../units.ts";
import { call } from "./addon.ts";

export interface ResampleOptions {
  /** Size of the result, 1..32768. */
  readonly width: Pixels;
  readonly height: Pixels;
  /** From a pixel of the result to one of the input: `x' = m0 x + m1 y + m2`, `y' = m3 x + m4 y + m5`; whole coordinates are pixel centres. */
  readonly matrix: readonly [number, number, number, number, number, number];
  /** Bicubic is Keys' convolution with a = -1/2; it may overshoot the range of the input. */
  readonly filter: "bilinear" | "bicubic";
  /** Beyond the borders: the picture's reflection, or its edge pixels. */
  readonly border: "mirror" | "replicate";
}

/**
 * The picture seen through an affine map; stored values of 8 and 16 bits are rounded, and clipped to their range.
 * Nothing is averaged: blur before reducing by much.
 * @throws AutofocusError `invalid_image`, `invalid_input`.
 */
export function resample<T extends Image>(image: T, options: ResampleOptions): Promise<T> {
  return call((addon) => addon.resample(image, options));
}
