/** The fine detail of a frame in cells as large as the distance between patches (algorithms/strategy/still/frame-detail.ts). */
import type { LensModel } from "../algorithms/optics/lens-model.ts";
import type { PatchGrid } from "../algorithms/rois/patch-grid.ts";
import { cellDetail } from "../algorithms/strategy/still/cell-detail.ts";
import type { FrameDetail } from "../algorithms/strategy/still/frame-detail.ts";
import type { ImageU8 } from "../core/image.ts";
import type { Pixels } from "../core/units.ts";

/** Largest reduction of the frame, and least width of a cell in the reduced frame, px. */
const LARGEST_REDUCTION = 16;
const LEAST_CELL: Pixels = 8;

/**
 * The frame is reduced until the blur at the end of the depth of field is half a pixel wide: there detail falls by about
 * a third, and more than a hundredfold within a few depths of field.
 */
export function sceneDetail(gray: ImageU8, grid: PatchGrid, lens: LensModel): FrameDetail {
  const reduction = reductionFor(lens);
  const cell = Math.max(LEAST_CELL, Math.round(grid.stride / reduction));
  const { rows, cols, energy } = cellDetail(gray, reduction, cell);
  return {
    energy,
    reduction,
    patchesOf: Array.from({ length: rows * cols }, (_, index) =>
      patchesAt(
        grid,
        ((index % cols) + 0.5) * cell * reduction,
        (Math.floor(index / cols) + 0.5) * cell * reduction,
      ),
    ),
  };
}

/** A power of two. */
function reductionFor(lens: LensModel): number {
  const { min, max } = lens.range;
  const middle = (min + max) / 2;
  const sigma = Math.min(lens.depthOfField(middle), (max - min) / 2);
  const wanted = 2 * Math.max(lens.radius(middle + sigma, middle), lens.radius(middle - sigma, middle));
  return Math.min(LARGEST_REDUCTION, Math.max(1, 2 ** Math.round(Math.log2(Math.max(wanted, 1)))));
}

/** The patches that hold the point, or of one that lies between the grid and the border, the nearest to it. */
function patchesAt(
  { rows, cols, size, stride, offsetX, offsetY }: PatchGrid,
  x: Pixels,
  y: Pixels,
): number[] {
  const across = holding(x - offsetX, cols, size, stride);
  const down = holding(y - offsetY, rows, size, stride);
  return down.flatMap((row) => across.map((col) => row * cols + col));
}

/** Which of `count` stretches of `size`, `stride` apart, hold the place; the nearest of them where none does. */
function holding(place: Pixels, count: number, size: Pixels, stride: Pixels): readonly number[] {
  const clamped = Math.min((count - 1) * stride + size, Math.max(0, place));
  const held = Array.from({ length: count }, (_, index) => index).filter(
    (index) => clamped >= index * stride && clamped <= index * stride + size,
  );
  return held.length > 0 ? held : [Math.min(count - 1, Math.round(clamped / stride))];
}
