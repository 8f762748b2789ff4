/** A scene of many distances, as a lens sees it. */
import type { ImageF32, ImageU8 } from "../image.ts";
import { call } from "./addon.ts";

/**
 * Blurs each layer of a sharp picture by its own disk and lays nearer ones over farther ones (paper 1, Eq. 1 per layer,
 * with occlusion). What nearer layers hide is filled from around them, so that their see-through blurred edges get no
 * dark halos; a picture of one colour stays it. Borders are mirrored.
 * @param picture linear light, finite.
 * @param layers one channel, of the picture's size: which entry of `radii` blurs the pixel; 0 is the farthest layer.
 * @param radii 0..1000 px for each layer.
 * @throws AutofocusError `invalid_image`, `invalid_input`.
 */
export function renderDefocus(picture: ImageF32, layers: ImageU8, radii: Float32Array): Promise<ImageF32> {
  return call((addon) => addon.renderDefocus(picture, layers, radii));
}
