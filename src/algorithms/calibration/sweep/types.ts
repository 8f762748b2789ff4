/** What the calibration of a sweep takes and gives. */
import type { Pixels, Steps } from "../../../core/units.ts";
import type { DefocusReading } from "../../search/types.ts";
import type { Scale } from "../defocus-scale.ts";

/** The readings of one window, one a position; undefined where it was not read. */
export type WindowReadings = readonly (DefocusReading | undefined)[];

export interface SweepWindow {
  /** Where the window is sharp; undefined where that is outside the sweep. */
  readonly focus: Steps | undefined;
  /** The value of the defocus scale there. */
  readonly q: Pixels;
  /** What is read of a disk beside it, px (optics/softness.ts): the lens', the camera's, and that of other depths in the window. */
  readonly softness: Pixels;
  /** Root mean square of the deviations of its readings from the model, on the axis of `logRadius`, outliers capped. */
  readonly residual: number;
  /** Whether it agrees with the others; one that does not (movement, no texture) has had no part in the result. */
  readonly used: boolean;
}

export interface SweepFit {
  readonly defocus: Scale;
  /** In the order given; undefined where a window could not be read along the sweep. */
  readonly windows: readonly (SweepWindow | undefined)[];
  /** Of the windows used: quantiles that stand for equal shares of them, px, ascending. */
  readonly softness: readonly Pixels[];
  /** Median residual of the windows used. */
  readonly residual: number;
}
