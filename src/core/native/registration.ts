/** What two frames of one scene have in common: the kernels of frame alignment (algorithms/calibration/registration). */
import type { Image, ImageF32 } from "../image.ts";
import type { Pixels } from "../units.ts";
import { call } from "./addon.ts";
import type { ResampleOptions } from "./resample.ts";

/** From a pixel of the reference to one of the moving frame. */
type Affine = ResampleOptions["matrix"];

/** The side of a cell, px: what `compareFrames` gives one value for. */
export const COMPARISON_CELL = 2;

/** One level of a frame, as `featureLevels` makes it. */
export interface FeatureLevel {
  /** Frame pixels per pixel of the level, a power of two. */
  readonly reduction: number;
  /** Mean square of the band before its contrast is made even; not finite where the frame's values are not. */
  readonly energy: number;
  /** The band of middle frequencies with its contrast made even, then the same blurred more and more. */
  readonly blurred: readonly ImageF32[];
}

/**
 * A frame reduced to levels of features that frames focused and exposed differently have in common, the coarsest first.
 * @param frame colour counts by its luma.
 * @param finest longest side of the finest level, px.
 * @param coarsest the last level is the first that is no longer than this, px.
 * @throws AutofocusError `invalid_image`, `invalid_input`.
 */
export function featureLevels(frame: Image, finest: Pixels, coarsest: Pixels): Promise<FeatureLevel[]> {
  return call((addon) => addon.featureLevels(frame, finest, coarsest));
}

/** What `compareFrames` finds. Cells: 2x2 px, an odd last row or column left out. */
export interface Comparison {
  /** Per cell, the correlation around it of the pair of blurs that matches best, 0..1; 0 where one frame ends. */
  readonly agreement: ImageF32;
  /** Per cell, how much there is to compare around it; 0 where one frame ends. */
  readonly strength: ImageF32;
  /**
   * Of the Gauss-Newton step of the map, 4x4 row-major, px^-2. The unknowns are stretch and turn, as what they move a
   * point `radius` away by, and the shift along x and y. Every pixel counts as much as its surroundings agree.
   */
  readonly hessian: readonly number[];
  /** The right side of that step, px^-1. */
  readonly gradient: readonly number[];
}

/**
 * @param reference the features of a frame of mean 0, then the same blurred more and more: three pictures of one channel.
 * @param moving the same of the other frame, of the same size.
 * @param radius what stretch and turn are told by, px.
 * @throws AutofocusError `invalid_image`, `invalid_input`.
 */
export function compareFrames(
  reference: readonly ImageF32[],
  moving: readonly ImageF32[],
  matrix: Affine,
  radius: Pixels,
): Promise<Comparison> {
  return call((addon) => addon.compareFrames(reference, moving, matrix, radius));
}

/** Normalised correlation of features over all that both frames show, -1..1. @throws AutofocusError `invalid_image`. */
export function correlateFrames(reference: ImageF32, moving: ImageF32, matrix: Affine): Promise<number> {
  return call((addon) => addon.correlateFrames(reference, moving, matrix));
}

/**
 * The same for every whole shift: at (most + dx, most + dy) that of `reference(x, y)` and `moving(x + dx, y + dy)`.
 * @param most largest shift along either axis, 0 to half the shorter side.
 */
export function correlateShifts(reference: ImageF32, moving: ImageF32, most: Pixels): Promise<ImageF32> {
  return call((addon) => addon.correlateShifts(reference, moving, most));
}
