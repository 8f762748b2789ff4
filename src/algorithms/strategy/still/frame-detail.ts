/**
 * Fine detail of a frame, cell by cell: what tells whether every small part of a still scene was in focus in some frame.
 *
 * A patch is read as one thing and must be wider than the blur, so a floor that runs away from the camera lies several
 * depths of field deep in it. The energy of the finest detail is local, but it is relative: it has no meaning without the
 * same cell in other frames (cell-posterior.ts). How much of it passes the defocus disk of radius r follows from paper 1,
 * Eq. 4, as for the optical sharpness of paper 2 (optics/sharpness-curve.ts), with the power of a natural picture, even in
 * every octave, and the high-pass H of the measure, a pixel less the mean of the three around it:
 *
 *   G(r) = int MTF(r f)^2 H(f)^2 d(ln f) / int H(f)^2 d(ln f),   f from 1/32 to 1/2,   H(f) = 2/3 (1 - cos 2 pi f).
 */
import type { Pixels } from "../../../core/units.ts";
import { diskPower } from "../../optics/sharpness-curve.ts";

export interface FrameDetail {
  /** Mean square of the detail in each cell, for values of 0..1; the same cells in every frame. */
  readonly energy: Float32Array;
  /** Pixels of the frame per pixel that it was measured on. */
  readonly reduction: number;
  /** For each cell, which patches show it; at least one. */
  readonly patchesOf: readonly (readonly number[])[];
}

const LOWEST = 1 / 32;
const HIGHEST = 1 / 2;
const QUADRATURE = 256;
/** Entries of the table a pixel, and the radius it ends at: what passes there is less than any noise. */
const FINENESS = 32;
const LARGEST_RADIUS: Pixels = 32;

let table: Float64Array | undefined;

/** G: the share of the energy that passes the disk, 1 in focus. @param radius px of the picture it is measured on, at least 0. */
export function detailPassed(radius: Pixels): number {
  table ??= Float64Array.from({ length: LARGEST_RADIUS * FINENESS + 1 }, (_, index) =>
    passed(index / FINENESS),
  );
  const place = Math.min(radius * FINENESS, table.length - 1);
  const entry = Math.min(Math.floor(place), table.length - 2);
  const [low, high] = [table[entry] as number, table[entry + 1] as number];
  return low + (place - entry) * (high - low);
}

function passed(radius: Pixels): number {
  const octaves = Math.log(HIGHEST / LOWEST);
  let [sum, all] = [0, 0];
  for (let step = 0; step < QUADRATURE; step++) {
    const frequency = LOWEST * Math.exp((octaves * (step + 0.5)) / QUADRATURE);
    const power = (1 - Math.cos(2 * Math.PI * frequency)) ** 2;
    sum += power * diskPower(radius, frequency);
    all += power;
  }
  return sum / all;
}
