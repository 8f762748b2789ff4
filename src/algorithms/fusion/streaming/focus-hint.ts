/** Where the scene is in focus, cell by cell, as the patches of a deviation matrix (paper 1, section 5.1) tell it. */
import type { ImageF32 } from "../../../core/image.ts";
import type { Steps } from "../../../core/units.ts";
import { intersect } from "../../../core/roi.ts";
import type { PatchGrid } from "../../rois/patch-grid.ts";
import { cellMap } from "./cell-map.ts";
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
  const nearest = new Float32Array(columns * rows);
  const found = cellMap(columns, rows, () => NaN);
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
      if (down <= 0) continue;
      for (let column = area.x; column < area.x + area.width; column++) {
        const at = row * columns + column;
        const across = Math.max(0, 1 - Math.abs((column + 0.5) * cell - x) / reach);
        const agrees = Math.abs((expected.data[at] as number) - position) <= tolerance ? AGREES : 0;
        const weight = across > 0 ? across * down + agrees : 0;
        if (weight <= (nearest[at] as number)) continue;
        nearest[at] = weight;
        found.data[at] = position;
      }
    }
  });
  return found;
}
