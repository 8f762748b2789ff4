/** Convolution with any filter (native/kernels/convolve.h). */
import type { ImageF32 } from "../image.ts";
import { call } from "./addon.ts";
import type { BlurOptions } from "./blur.ts";

/**
 * Convolves a picture with one channel; the filter is taken as it is, not scaled to a sum of one. Beyond its borders the
 * picture is mirrored (edge pixels repeated).
 * @param filter A square of one channel with an odd side of at most 1001 px.
 * @throws AutofocusError `invalid_image`, `invalid_input`.
 */
export function convolve(image: ImageF32, filter: ImageF32, options: BlurOptions = {}): Promise<ImageF32> {
  return call((addon) => addon.convolve(image, filter, options.roi));
}
