/** Contrast measures over a window. */
import type { ImageF32, ImageU8 } from "../image.ts";
import type { Roi } from "../roi.ts";
import { call } from "./addon.ts";

/**
 * One number for a window; larger is sharper, for every measure (`edge-width` is the reciprocal of the mean width).
 * Values count on the scale 0..1 and sums are means over pixels, so that 8-bit and float pictures, large and small
 * windows give alike figures. The formulas are in native/kernels/focus/. 0 where the window is too small or flat.
 * @param name one of FOCUS_MEASURES (algorithms/focus-measure/names.ts).
 * @param gray one channel.
 * @param roi the window, the whole picture by default.
 * @throws AutofocusError `invalid_image`, `invalid_input`.
 */
export function focusMeasure(name: string, gray: ImageU8 | ImageF32, roi?: Roi): Promise<number> {
  return call((addon) => addon.focusMeasure(name, gray, roi));
}
