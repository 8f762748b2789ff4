/** Frames laid over the reference frame of their stack. */
import {
  type Affine,
  toAffine,
  type Similarity,
  type Size,
} from "../../algorithms/calibration/registration/similarity.ts";
import type { Image } from "../../core/image.ts";
import { resample } from "../../core/native/index.ts";
import type { Roi } from "../../core/roi.ts";

/** Whether the map leaves every pixel where it is. */
export function isIdentity({ along, across, dx, dy }: Similarity): boolean {
  return along === 1 && across === 0 && dx === 0 && dy === 0;
}

/** The frame laid over the reference, and the part of that which it reaches. */
export async function lay<T extends Image>(
  frame: T,
  map: Similarity,
): Promise<{ picture: T; valid: Roi | undefined }> {
  if (isIdentity(map)) return { picture: frame, valid: undefined };
  const { width, height } = frame;
  const matrix = toAffine(map, frame);
  const picture = await resample(frame, { width, height, matrix, filter: "bicubic", border: "mirror" });
  return { picture, valid: reached(matrix, frame) };
}

/** The largest upright part of the reference of which the frame shows every row and column from end to end. */
function reached([xx, xy, x0, yx, yy, y0]: Affine, { width, height }: Size): Roi {
  const span = (
    along: number,
    turn: number,
    other: number,
    offset: number,
    side: number,
  ): [number, number] => {
    const [least, most] = [Math.min(0, turn * (other - 1)), Math.max(0, turn * (other - 1))];
    return [
      Math.max(0, Math.ceil(-(offset + least) / along)),
      Math.min(side, Math.floor((side - 1 - offset - most) / along) + 1),
    ];
  };
  const [left, right] = span(xx, xy, height, x0, width);
  const [top, bottom] = span(yy, yx, width, y0, height);
  return { x: left, y: top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
}
