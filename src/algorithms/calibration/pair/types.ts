/** What the calibration of a pair takes and gives (paper 1, section 3, Fig. 3). */
import type { Roi } from "../../../core/roi.ts";
import type { Pixels } from "../../../core/units.ts";

/** The disk of Eq. 4, with its radius, or the Gaussian of Eq. 3, with its standard deviation. */
export type BlurFilter = "disk" | "gaussian";
export const BLUR_FILTERS: readonly BlurFilter[] = ["disk", "gaussian"];

export interface PairOptions {
  /** All of it must be in focus in the focused frame; the middle of the frame, half of either side, by default. */
  readonly patch?: Roi;
  readonly filter?: BlurFilter;
  /** Largest radius (standard deviation) looked for, px; a quarter of the patch's shorter side by default, for a Gaussian a third of that. */
  readonly maxWidth?: Pixels;
  /** Largest difference of the magnification from 1 that is looked for, 0..0.25; 0.12 by default. */
  readonly maxScale?: number;
  /** Largest shift along either axis that is looked for, as a share of the frame's longer side, 0..0.25; 0.04 by default. */
  readonly maxShift?: number;
}

/** How the defocused frame lies over the patch: a point at `p` from the patch's middle is at `scale p + (x, y)`. */
export interface Placement {
  readonly scale: number;
  /** Px of the frames at full size. */
  readonly x: Pixels;
  readonly y: Pixels;
}

/** The correlation over all widths and magnifications at the coarsest level, each at its best shift. */
export interface ScoreSurface {
  /** Px of the frames at full size, ascending. */
  readonly widths: readonly Pixels[];
  /** Ascending. */
  readonly scales: readonly number[];
  /** One row a width, one column a magnification, -1..1. */
  readonly scores: readonly (readonly number[])[];
}

export interface Peak {
  readonly width: Pixels;
  readonly scale: number;
  readonly score: number;
}

export interface PairCalibration {
  readonly filter: BlurFilter;
  readonly patch: Roi;
  /** Radius or standard deviation of the filter `h` of Eq. 1, which acts before the scaling: px of the focused frame. */
  readonly width: Pixels;
  /**
   * Radius of the blur disk in the defocused frame as delivered, px: `scale * width`, twice that for a Gaussian, which
   * spreads light as far (root mean square) as a disk of twice its standard deviation.
   */
  readonly radius: Pixels;
  /** Widths from which the residual differs from that of `width` by less than half of it. */
  readonly widthRange: readonly [Pixels, Pixels];
  /** alpha of Eq. 1. */
  readonly scale: number;
  /** What remains between the frames, beside magnification about the middle of the frame, px. */
  readonly shift: { readonly x: Pixels; readonly y: Pixels };
  /** Largest normalised cross-correlation, -1..1. */
  readonly score: number;
  /**
   * 0..1. How far the score falls when the width is a quarter off, against what the model leaves unexplained: near 1
   * where the pair determines the width, near 0 where any would do (no texture, noise, another scene).
   */
  readonly confidence: number;
  readonly surface: ScoreSurface;
  /** The best peak of the surface apart from the one chosen, if there is one. */
  readonly secondBest: Peak | undefined;
}
