/** Filters over square windows, at a cost that does not depend on their size. */
import type { ImageF32 } from "../image.ts";
import type { Pixels } from "../units.ts";
import { call } from "./addon.ts";

/**
 * The mean over the `2 radius + 1` px square around every pixel. Values must be finite.
 * @param radius whole, 0..4096 px.
 * @param border beyond the borders the edge pixels go on, or the window shrinks to what lies inside.
 * @throws AutofocusError `invalid_image`, `invalid_input`.
 */
export function boxFilter(
  image: ImageF32,
  radius: Pixels,
  border: "replicate" | "shrink",
): Promise<ImageF32> {
  return call((addon) => addon.boxFilter(image, radius, border));
}

/**
 * Guided filter (He, Sun and Tang 2013): smooths `input` along the edges of `guide`. Both have one channel and the same
 * size; windows shrink at the borders. Values must be finite.
 * @param radius whole, 0..4096 px.
 * @param eps regularisation, in squared units of the guide, >= 0.
 * @throws AutofocusError `invalid_image`, `invalid_input`.
 */
export function guidedFilter(
  guide: ImageF32,
  input: ImageF32,
  radius: Pixels,
  eps: number,
): Promise<ImageF32> {
  return call((addon) => addon.guidedFilter(guide, input, radius, eps));
}
