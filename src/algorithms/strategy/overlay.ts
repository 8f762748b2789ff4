/**
 * The activation matrix drawn over the picture it belongs to, as in Fig. 9 of paper 1: green where a patch is done, red
 * where it is pending, a bright frame around what is in focus in this picture, untouched where nothing could be read.
 */
import { image, type ImageU8 } from "../../core/image.ts";
import type { Roi } from "../../core/roi.ts";
import type { PatchGrid } from "../rois/patch-grid.ts";
import type { StrategyStep } from "./strategy-step.ts";

export type Colour = readonly [number, number, number];

const DONE: Colour = [30, 200, 80];
const PENDING: Colour = [235, 50, 45];
const IN_FOCUS: Colour = [190, 255, 140];
/** Weight of the tint inside a cell and on its frame. */
const TINT = 0.28;
const EDGE = 0.9;

/** What of a step is drawn. */
export type Drawn = Pick<StrategyStep, "mask" | "activation" | "pending">;

/** A copy of `picture` with a cell for every patch. */
export function drawActivation(picture: ImageU8, grid: PatchGrid, step: Drawn): ImageU8 {
  return tintCells(picture, grid, (index) => {
    const isDone = step.activation[index] === true;
    if (!isDone && step.pending[index] !== true) return undefined;
    const inFocus = step.mask[index] === true;
    const tint = isDone ? DONE : PENDING;
    return { tint, edge: inFocus ? IN_FOCUS : tint, thickness: inFocus ? 2 : 1 };
  });
}

/** How the cell of a patch is drawn. */
export interface CellStyle {
  readonly tint: Colour;
  readonly edge: Colour;
  /** Of the edge, relative. */
  readonly thickness: number;
}

/** A copy of `picture` in colour with the cells of the patches tinted; a patch without a style is left as it is. */
export function tintCells(
  picture: ImageU8,
  grid: PatchGrid,
  styleOf: (patch: number) => CellStyle | undefined,
): ImageU8 {
  const { width, height } = picture;
  const data = toRgb(picture);
  const thickness = Math.max(1, Math.round(grid.stride / 32));
  grid.patches.forEach((patch, index) => {
    const style = styleOf(index);
    if (style === undefined) return;
    const { left, top, right, bottom } = cellOf(patch, index, grid);
    for (let y = Math.max(0, top); y < Math.min(height, bottom); y++) {
      for (let x = Math.max(0, left); x < Math.min(width, right); x++) {
        const distance = Math.min(x - left, y - top, right - 1 - x, bottom - 1 - y);
        const onEdge = distance < thickness * style.thickness;
        mix(data, 3 * (y * width + x), onEdge ? style.edge : style.tint, onEdge ? EDGE : TINT);
      }
    }
  });
  return image(width, height, 3, data);
}

interface Cell {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The middle of the patch, as wide as the stride, and at the rim of the grid all that no other patch shows. */
function cellOf({ x, y }: Roi, index: number, { rows, cols, size, stride }: PatchGrid): Cell {
  const [row, col] = [Math.floor(index / cols), index % cols];
  const inset = Math.floor((size - stride) / 2);
  return {
    left: x + (col === 0 ? 0 : inset),
    top: y + (row === 0 ? 0 : inset),
    right: x + (col === cols - 1 ? size : inset + stride),
    bottom: y + (row === rows - 1 ? size : inset + stride),
  };
}

function toRgb({ channels, data }: ImageU8): Uint8Array {
  if (channels === 3) return data.slice();
  const rgb = new Uint8Array(3 * data.length);
  data.forEach((value, pixel) => rgb.fill(value, 3 * pixel, 3 * pixel + 3));
  return rgb;
}

function mix(data: Uint8Array, at: number, colour: Colour, weight: number): void {
  for (let channel = 0; channel < 3; channel++) {
    const under = data[at + channel] as number;
    data[at + channel] = Math.round(under + weight * ((colour[channel] as number) - under));
  }
}
