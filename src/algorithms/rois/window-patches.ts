/**
 * The patches that cover a focus window. A patch should be as large as the window allows, because a large blur
 * shows only in a large patch, and should not reach beyond the window, because what lies there may be at
 * another depth.
 */
import { AutofocusError, expected } from "../../core/errors.ts";
import { intersect, type Roi } from "../../core/roi.ts";
import type { Pixels } from "../../core/units.ts";

/** Sides of the patches that the networks read, px, ascending. */
export const PATCH_SIZES = [128, 256, 512] as const;

export interface FrameSize {
  readonly width: Pixels;
  readonly height: Pixels;
}

/** The largest patch side that fits, or undefined where not even the smallest does. */
export function patchSizeFor(area: FrameSize): Pixels | undefined {
  return PATCH_SIZES.findLast((size) => size <= Math.min(area.width, area.height));
}

/** From this side on a window is also read as one patch, px: barely larger than the largest patch, it would tell no more. */
const OVERVIEW_FROM: Pixels = 576;
const LARGEST_OVERVIEW: Pixels = 2048;

/**
 * Patches of one size, evenly spread so that they cover `window`; all lie within the frame. A window smaller than
 * the smallest patch is widened around its centre. In a window larger than the largest patch one more, the last, is the
 * square in its middle, because a blur that is large against a patch shows better in a larger one.
 * @param overlap Least share of a patch that neighbours have in common, 0 (default) to 0.75.
 * @throws AutofocusError `invalid_input` when the window lies outside the frame, `invalid_image` when the frame
 *   is smaller than the smallest patch.
 */
export function windowPatches(window: Roi, frame: FrameSize, overlap = 0): Roi[] {
  const least = PATCH_SIZES[0];
  if (Math.min(frame.width, frame.height) < least) {
    throw new AutofocusError(
      "invalid_image",
      `Expected a picture of at least ${least}x${least} px but received ${frame.width}x${frame.height}.`,
      { cure: "Use a larger picture; smaller ones hold too little to read a defocus from." },
    );
  }
  if (!(overlap >= 0 && overlap <= 0.75))
    throw expected("invalid_input", "0 to 0.75", "the overlap", overlap);
  const inside = intersect(window, { x: 0, y: 0, ...frame });
  if (inside === undefined) {
    throw new AutofocusError(
      "invalid_input",
      `Expected a window within ${frame.width}x${frame.height} px but received ${window.width}x${window.height} at (${window.x}, ${window.y}).`,
    );
  }
  const size = patchSizeFor(inside) ?? least;
  const xs = spread(inside.x, inside.width, frame.width, size, overlap);
  const ys = spread(inside.y, inside.height, frame.height, size, overlap);
  const patches = ys.flatMap((y) => xs.map((x) => ({ x, y, width: size, height: size })));
  const overview = Math.min(inside.width, inside.height, LARGEST_OVERVIEW);
  if (overview >= OVERVIEW_FROM) patches.push(centred(inside, overview));
  return patches;
}

function centred({ x, y, width, height }: Roi, side: Pixels): Roi {
  return {
    x: x + Math.round((width - side) / 2),
    y: y + Math.round((height - side) / 2),
    width: side,
    height: side,
  };
}

/** Starts of the patches along one axis. */
function spread(start: number, length: number, frame: number, size: number, overlap: number): number[] {
  if (length <= size) {
    const centred = Math.round(start + (length - size) / 2);
    return [Math.min(Math.max(0, centred), frame - size)];
  }
  const count = Math.ceil((length - size) / (size * (1 - overlap))) + 1;
  return Array.from({ length: count }, (_, index) =>
    Math.round(start + (index * (length - size)) / (count - 1)),
  );
}
