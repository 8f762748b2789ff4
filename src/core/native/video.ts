/** What all-in-focus video is made of: motion between frames, blur that varies, and mixing (native/kernels/video). */
import type { ImageF32, ImageU8 } from "../image.ts";
import type { Pixels } from "../units.ts";
import { call } from "./addon.ts";

/** Where each pixel comes from, as offsets across and down, px; one channel each. */
export interface Flow {
  readonly dx: ImageF32;
  readonly dy: ImageF32;
}

/**
 * Mean of each cell of `cell` x `cell` px of a one-channel picture, 0..1; the last column and row may cover less.
 * @throws AutofocusError `invalid_image`, `invalid_input`.
 */
export function cellMeans(gray: ImageU8 | ImageF32, cell: Pixels): Promise<ImageF32> {
  return call((addon) => addon.cellMeans(gray, cell));
}

/**
 * Mean square, over each cell, of the difference between a pixel and the mean of its 3x3 neighbourhood; values 0..1.
 * @throws AutofocusError `invalid_image`, `invalid_input`.
 */
export function detailEnergy(gray: ImageU8 | ImageF32, cell: Pixels): Promise<ImageF32> {
  return call((addon) => addon.detailEnergy(gray, cell));
}

/**
 * For each 2x2 px of `to`, where it comes from in `from`, in px of these pictures, by dense inverse search (Kroeger et
 * al., ECCV 2016).
 * @param from one channel, values around 0..1, sides of at least 16 px.
 * @param to of the same size.
 * @throws AutofocusError `invalid_image`.
 */
export function denseFlow(from: ImageF32, to: ImageF32): Promise<Flow> {
  return call((addon) => addon.denseFlow(from, to));
}

/**
 * Defocus by another radius at every pixel (paper 1, Eq. 1 and 4), in light of gamma 2; edges of the map do not stop it.
 * @param picture one channel, camera values 0..1.
 * @param radius px, at most 48; any size, interpolated.
 * @throws AutofocusError `invalid_image`.
 */
export function variableBlur(picture: ImageF32, radius: ImageF32): Promise<ImageF32> {
  return call((addon) => addon.variableBlur(picture, radius));
}

/**
 * The picture moved along a flow in px of the picture; maps of any size, interpolated. Bytes by cubic convolution, floats
 * bilinearly.
 * @throws AutofocusError `invalid_image`.
 */
export function warp<T extends ImageU8 | ImageF32>(picture: T, { dx, dy }: Flow): Promise<T> {
  return call((addon) => addon.warp(picture, dx, dy));
}

/**
 * `weight a + (1 - weight) b`.
 * @param weight 0..1, one channel, any size, interpolated.
 * @throws AutofocusError `invalid_image`.
 */
export function blend(a: ImageU8, b: ImageU8, weight: ImageF32): Promise<ImageU8> {
  return call((addon) => addon.blend(a, b, weight));
}
