/** Colour to gray. */
import type { ImageF32, ImageU8 } from "../image.ts";
import { call } from "./addon.ts";

/**
 * Luma of ITU-R BT.601, `0.299 R + 0.587 G + 0.114 B` of the camera values, rounded; a gray picture is copied.
 * @throws AutofocusError `invalid_image`.
 */
export function toGray(image: ImageU8): Promise<ImageU8> {
  return call((addon) => addon.toGray(image));
}

/** The same as float, 0..1 for camera values 0..255, not rounded. */
export function toGrayF32(image: ImageU8): Promise<ImageF32> {
  return call((addon) => addon.toGrayF32(image));
}
