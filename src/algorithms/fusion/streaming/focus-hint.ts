/** Where the scene is in focus, cell by cell, as the patches of a deviation matrix (paper 1, section 5.1) tell it. */
import { image, type ImageF32 } from "../../../core/image.ts";
import type { Pixels, Steps } from "../../../core/units.ts";
import type { PatchGrid } from "../../rois/patch-grid.ts";
import type { Scales } from "./scales.ts";

/** More than any nearness of a patch. */
const AGREES = 2;

/** What the focus strategy knows of the frame that is fused. */
export interface FocusHint {
  readonly grid: PatchGrid;
  /** In-focus position of each patch, row-major; NaN where it is not known. */
  readonly inFocusAt: ArrayLike<Steps>;
}

/**
 * The in-focus position of each cell; NaN where no patch that reaches it is known. A patch counts the more the nearer its
 * middle is (a tent over twice the distance between patches, at least over the patch).
 *
 * Patches are larger than things. Between two of different distances a mean would be a distance where there is nothing, so
 * a cell takes one of them: that which `expected` says if a patch around agrees, else the nearest.
 * @param magnification of the map relative to the frame, about the middle.
 * @param expected what was known before, per cell; NaN where nothing was.
 * @param tolerance positions that differ by less are of one thing.
 */
export function focusOfCells(
  { grid, inFocusAt }: FocusHint,
  scales: Scales,
  frame: { readonly width: number; readonly height: number },
  magnification: number,
  expected: ImageF32,
  tolerance: Steps,
): ImageF32 {
  const { cell, columns, rows } = scales;
  const before = expected.data;
  const weights = new Float32Array(columns * rows);
  const found = new Float32Array(columns * rows).fill(NaN);
  const toMap = (at: number, side: number): number => side / 2 + magnification * (at - side / 2);
  for (const [index, patch] of grid.patches.entries()) {
    const position = inFocusAt[index];
    if (position === undefined || !Number.isFinite(position)) continue;
    const reach = magnification * Math.max(grid.stride, patch.width / 2);
    const x = toMap(patch.x + patch.width / 2, frame.width);
    const y = toMap(patch.y + patch.height / 2, frame.height);
    const [left, right] = cellsWithin(x, reach, cell, columns);
    const [top, bottom] = cellsWithin(y, reach, cell, rows);
    for (let row = top; row < bottom; row++) {
      const down = 1 - Math.abs((row + 0.5) * cell - y) / reach;
      for (let column = left; column < right; column++) {
        const at = row * columns + column;
        const near = down * (1 - Math.abs((column + 0.5) * cell - x) / reach);
        const agrees = Math.abs((before[at] as number) - position) <= tolerance;
        const weight = agrees ? near + AGREES : near;
        if (weight <= (weights[at] as number)) continue;
        weights[at] = weight;
        found[at] = position;
      }
    }
  }
  return image(columns, rows, 1, found);
}

/** First and last but one of the cells whose middle is less than `reach` from `middle`, px. */
function cellsWithin(middle: Pixels, reach: Pixels, cell: Pixels, count: number): readonly [number, number] {
  const first = Math.floor((middle - reach) / cell - 0.5) + 1;
  const end = Math.ceil((middle + reach) / cell - 0.5);
  return [Math.max(0, first), Math.min(count, end)];
}
