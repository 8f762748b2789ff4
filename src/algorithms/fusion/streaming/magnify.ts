/** Undoes focus breathing: `imscale` of paper 1, Eq. 1, for camera values of eight bits. */
import type { ImageU8 } from "../../../core/image.ts";
import { warp } from "../../../core/native/index.ts";
import { cellMap } from "./cell-map.ts";
import type { Scales } from "./scales.ts";

/** Borders may end up this far off before a picture is worth resampling, px. */
const NEGLIGIBLE = 0.05;

/** The picture magnified about its middle, in a frame of the same size. */
export async function magnify(picture: ImageU8, scale: number, scales: Scales): Promise<ImageU8> {
  const { width, height } = picture;
  if (Math.abs(scale - 1) * Math.max(width, height) < 2 * NEGLIGIBLE) return picture;
  const { cell, columns, rows } = scales;
  const offset = (index: number, side: number): number => ((index + 0.5) * cell - side / 2) * (1 / scale - 1);
  return warp(picture, {
    dx: cellMap(columns, rows, (index) => offset(index % columns, width)),
    dy: cellMap(columns, rows, (index) => offset(Math.floor(index / columns), height)),
  });
}
