/**
 * The sizes that video works at. What moved is found on a small picture, and what comes from which picture is decided for
 * cells twice as large: neither needs more, and both then cost the same whatever the camera.
 */
import type { Pixels } from "../../../core/units.ts";

/** Widest small picture that motion is found on, px. */
const SMALL_WIDTH = 480;

export interface Scales {
  /** Side of a pixel of the small picture, px of the frame. */
  readonly small: Pixels;
  /** Side of a cell, px of the frame; cells are two px of the small picture. */
  readonly cell: Pixels;
  /** Columns and rows of cells. */
  readonly columns: number;
  readonly rows: number;
}

export function scalesOf({ width, height }: { readonly width: Pixels; readonly height: Pixels }): Scales {
  const small = Math.ceil(width / SMALL_WIDTH);
  const halfOf = (side: Pixels): number => Math.ceil(Math.ceil(side / small) / 2);
  return { small, cell: 2 * small, columns: halfOf(width), rows: halfOf(height) };
}
