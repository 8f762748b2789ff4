/** Undoes focus breathing: `imscale` of paper 1, Eq. 1, for camera values of eight bits. */
import { image, type ImageF32, type ImageU8 } from "../../../core/image.ts";
import { warp } from "../../../core/native/index.ts";
import type { Pixels } from "../../../core/units.ts";

/** Borders may end up this far off before a picture is worth resampling, px. */
const NEGLIGIBLE = 0.05;

/**
 * The picture magnified about its middle, in a frame of the same size; the picture itself where that makes no difference.
 * @param into is written over, instead of a new picture.
 */
export async function magnify(picture: ImageU8, scale: number, into: ImageU8 | undefined): Promise<ImageU8> {
  const { width, height } = picture;
  if (Math.abs(scale - 1) * Math.max(width, height) < 2 * NEGLIGIBLE) return picture;
  const flow = { dx: asColumns(offsets(width, scale)), dy: asRows(offsets(height, scale)) };
  return warp(picture, flow, { into });
}

function offsets(side: Pixels, scale: number): Float32Array {
  return Float32Array.from({ length: side }, (_, index) => (index + 0.5 - side / 2) * (1 / scale - 1));
}

function asColumns(values: Float32Array): ImageF32 {
  return image(values.length, 1, 1, values);
}

function asRows(values: Float32Array): ImageF32 {
  return image(1, values.length, 1, values);
}
