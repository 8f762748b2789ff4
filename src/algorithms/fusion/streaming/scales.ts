/**
 * The sizes that video works at. What moved is found on a small picture, and what comes from which picture is decided for
 * cells twice as large: neither needs more, and both then cost the same whatever the camera.
 */
import { expected } from "../../../core/errors.ts";
import type { Pixels } from "../../../core/units.ts";

/** Widest small picture that motion is found on, px. */
const SMALL_WIDTH = 480;
/** Shortest side of a picture that motion is found on (native/kernels/video/dense_flow.h), px. */
const SHORTEST = 16;

export interface Scales {
  /** Side of a pixel of the small picture, px of the frame. */
  readonly small: Pixels;
  /** Side of a cell, px of the frame; cells are two px of the small picture. */
  readonly cell: Pixels;
  /** Columns and rows of cells. */
  readonly columns: number;
  readonly rows: number;
}

/** @throws AutofocusError `invalid_image` for sides below 16 px. */
export function scalesOf({ width, height }: { readonly width: Pixels; readonly height: Pixels }): Scales {
  const shortest = Math.min(width, height);
  if (shortest < SHORTEST)
    throw expected(
      "invalid_image",
      `sides of at least ${SHORTEST} px`,
      "the frames of a video",
      `${width}x${height}`,
    );
  const small = Math.min(Math.ceil(width / SMALL_WIDTH), Math.floor(shortest / SHORTEST));
  const halfOf = (side: Pixels): number => Math.ceil(Math.ceil(side / small) / 2);
  return { small, cell: 2 * small, columns: halfOf(width), rows: halfOf(height) };
}
