/** The regions of like altitude drawn over the picture they belong to: one colour a region, nothing where there is none. */
import type { ImageU8 } from "../../core/image.ts";
import type { PatchGrid } from "../rois/patch-grid.ts";
import { tintCells, type Colour } from "../strategy/overlay.ts";
import type { RegionMap } from "./label-regions.ts";

/** A turn of the golden ratio: neighbouring labels get colours far apart. */
const TURN = 0.618034;

export function drawRegions(picture: ImageU8, grid: PatchGrid, { labels }: RegionMap): ImageU8 {
  return tintCells(picture, grid, (patch) => {
    const label = labels[patch] ?? 0;
    if (label === 0) return undefined;
    const colour = hue((label * TURN) % 1);
    return { tint: colour, edge: colour, thickness: 0.5 };
  });
}

/** A bright colour; `turn` 0..1 goes once around the circle. */
function hue(turn: number): Colour {
  const channel = (shift: number): number =>
    Math.round(255 * (0.5 + 0.5 * Math.cos(2 * Math.PI * (turn + shift))));
  return [channel(0), channel(-1 / 3), channel(1 / 3)];
}
