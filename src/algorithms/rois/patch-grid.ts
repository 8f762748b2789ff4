/**
 * The patches of a frame on a regular grid (paper 1, section 5.1: the global estimator looks at all patches of a
 * frame). The grid is centred, so that what does not fit is left out evenly on both sides.
 */
import { expected } from "../../core/errors.ts";
import type { Roi } from "../../core/roi.ts";
import type { Pixels } from "../../core/units.ts";

export interface PatchGrid {
  readonly rows: number;
  readonly cols: number;
  /** Side of a patch, px. */
  readonly size: Pixels;
  /** Distance between neighbouring patches, px. */
  readonly stride: Pixels;
  /** Top-left corner of the first patch, px. */
  readonly offsetX: Pixels;
  readonly offsetY: Pixels;
  /** Row-major, row 0 at the top. */
  readonly patches: readonly Roi[];
}

/**
 * All patches of `size` px, `stride` px apart, in a frame of `width` x `height` px.
 * @throws AutofocusError `invalid_input` when a number is not a positive integer or no patch fits.
 */
export function patchGrid(width: Pixels, height: Pixels, size: Pixels, stride: Pixels): PatchGrid {
  for (const [name, value] of Object.entries({ width, height, size, stride })) {
    if (!Number.isInteger(value) || value < 1)
      throw expected("invalid_input", "a positive integer", name, value);
  }
  if (size > Math.min(width, height))
    throw expected("invalid_input", `at most ${Math.min(width, height)} px`, "the patch size", size);
  const cols = Math.floor((width - size) / stride) + 1;
  const rows = Math.floor((height - size) / stride) + 1;
  const offsetX = Math.floor((width - size - (cols - 1) * stride) / 2);
  const offsetY = Math.floor((height - size - (rows - 1) * stride) / 2);
  const patches: Roi[] = [];
  for (let row = 0; row < rows; row++)
    for (let col = 0; col < cols; col++)
      patches.push({ x: offsetX + col * stride, y: offsetY + row * stride, width: size, height: size });
  return { rows, cols, size, stride, offsetX, offsetY, patches };
}
