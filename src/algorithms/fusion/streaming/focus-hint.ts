/** Where the scene is in focus, cell by cell, as the patches of a deviation matrix (paper 1, section 5.1) tell it. */
import type { ImageF32 } from "../../../core/image.ts";
import type { Steps } from "../../../core/units.ts";
import { intersect } from "../../../core/roi.ts";
import type { PatchGrid } from "../../rois/patch-grid.ts";
import { cellMap } from "./cell-map.ts";
import type { Scales } from "./scales.ts";

/** What the focus strategy knows of the frame that is fused. */
export interface FocusHint {
  readonly grid: PatchGrid;
  /** In-focus position of each patch, row-major; NaN where it is not known. */
  readonly inFocusAt: ArrayLike<Steps>;
}

/**
 * The in-focus position of each cell; NaN where no patch that reaches it is known. Patches count the more the nearer their
 * middle is (a tent over twice the distance between patches, at least over the patch).
 * @param magnification of the map relative to the frame, about the middle.
 */
export function focusOfCells(
  { grid, inFocusAt }: FocusHint,
  scales: Scales,
  frame: { readonly width: number; readonly height: number },
  magnification: number,
): ImageF32 {
  const { cell, columns, rows } = scales;
  const sums = new Float64Array(columns * rows);
  const weights = new Float64Array(columns * rows);
  const toMap = (at: number, side: number): number => side / 2 + magnification * (at - side / 2);
  grid.patches.forEach((patch, index) => {
    const position = inFocusAt[index];
    if (position === undefined || !Number.isFinite(position)) return;
    const reach = magnification * Math.max(grid.stride, patch.width / 2);
    const x = toMap(patch.x + patch.width / 2, frame.width);
    const y = toMap(patch.y + patch.height / 2, frame.height);
    const area = intersect(
      {
        x: Math.floor((x - reach) / cell),
        y: Math.floor((y - reach) / cell),
        width: Math.ceil((2 * reach) / cell) + 1,
        height: Math.ceil((2 * reach) / cell) + 1,
      },
      { x: 0, y: 0, width: columns, height: rows },
    );
    if (area === undefined) return;
    for (let row = area.y; row < area.y + area.height; row++) {
      const down = 1 - Math.abs((row + 0.5) * cell - y) / reach;
      for (let column = area.x; column < area.x + area.width; column++) {
        const across = 1 - Math.abs((column + 0.5) * cell - x) / reach;
        const weight = Math.max(0, across) * Math.max(0, down);
        sums[row * columns + column] = (sums[row * columns + column] as number) + weight * position;
        weights[row * columns + column] = (weights[row * columns + column] as number) + weight;
      }
    }
  });
  return cellMap(columns, rows, (at) => (sums[at] as number) / (weights[at] as number));
}
