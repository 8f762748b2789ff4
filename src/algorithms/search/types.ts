/**
 * A focus search is a generator: it asks for a lens position and a kind of measurement, is handed the
 * measurement, and finally returns a result. There is no I/O inside, so the simulator, the evaluation, a unit
 * test and a robot run the same code, and cancelling a search is dropping the generator.
 */
import type { ErrorCode } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import type { Milliseconds, Pixels, Steps } from "../../core/units.ts";
import type { FocusMeasureName } from "../focus-measure/names.ts";
import type { LensModel, Range } from "../optics/lens-model.ts";

/** What the radius network reads from one patch. */
export interface DefocusReading {
  /** Natural logarithm of (radius + 0.5 px). Errors are close to normal on this axis. */
  readonly logRadius: number;
  /** Standard deviation of `logRadius`. */
  readonly logRadiusStd: number;
  /** Probability that the patch lies within the depth of field as the network was taught it, 0..1. */
  readonly inFocusProbability: number;
  /** Optical sharpness, 1 in focus, falling to 0; independent of scene and light. */
  readonly sharpness: number;
  /** False where the patch has too little texture to be read; the other fields then mean nothing. */
  readonly textured: boolean;
}

/**
 * What to measure at a position. `steps` is the paper's pair of networks: |Z0 - Z| and the discriminator; `sharpness`
 * is the optical sharpness S of paper 2, which is absolute, unlike the focus measures.
 */
export type MeasurementKind = "defocus" | "steps" | "sharpness" | FocusMeasureName;

export interface Request {
  readonly moveTo: Steps;
  readonly measure: MeasurementKind;
  /** A contrast measure wanted of the same frame beside its defocus. */
  readonly contrast?: FocusMeasureName;
  /** Why, for the action's feedback, one short sentence. */
  readonly reason: string;
}

interface At {
  /** Where the lens stood, which may differ from what was asked for. */
  readonly position: Steps;
}
export type DefocusMeasurement = At & {
  readonly kind: "defocus";
  readonly readings: readonly DefocusReading[];
  /** Where the request asked for it, larger = sharper. */
  readonly contrast?: number;
};
export type StepsMeasurement = At & {
  readonly kind: "steps";
  /** Estimated |Z0 - Z| (paper 1, Eq. 5). */
  readonly distance: Steps;
  /** Output of the focus discriminator, 0..1. */
  readonly inFocusProbability: number;
};
export type SharpnessMeasurement = At & {
  readonly kind: "sharpness";
  /** Mean optical sharpness of what has texture in the focus windows, 1 in focus, falling to 0; NaN where nothing has. */
  readonly sharpness: number;
};
export type ValueMeasurement = At & { readonly kind: FocusMeasureName; readonly value: number };
export type Measurement = DefocusMeasurement | StepsMeasurement | SharpnessMeasurement | ValueMeasurement;

export interface FocusResult {
  readonly outcome: "focused" | "failed";
  /** Where the search leaves the lens. */
  readonly position: Steps;
  /** Probability that this is within the depth of field, NaN for a search that cannot tell. */
  readonly inFocusProbability: number;
  /** True when the search had to fall back to a scan. */
  readonly fallback: boolean;
  /** Why it ended, one sentence. */
  readonly reason: string;
  /** What kind of failure, where `outcome` is `failed`. */
  readonly code?: Extract<ErrorCode, "focus_failed" | "no_texture" | "limit_reached">;
}

export type FocusSearch = Generator<Request, FocusResult, Measurement>;

export interface SearchLimits {
  /** Most captures before the search gives up with `failed`. */
  readonly maxCaptures: number;
}

export interface SearchContext {
  /** Where the lens stands. */
  readonly start: Steps;
  /** Positions the search may use, within the lens' range. */
  readonly range: Range;
  /** The only positions that the lens can take, ascending, as in a focal stack; every whole step unless given. */
  readonly stops?: readonly Steps[];
  /** Half-width of the depth of field at a position. */
  readonly depthOfField: (z: Steps) => Steps;
  /** Needed by `learned`; `sharpness` uses it where there is one. */
  readonly lens?: LensModel;
  /** What contrast searches maximise; `tenengrad` unless said otherwise. */
  readonly focusMeasure?: FocusMeasureName;
  /** What contrast searches maximise, of frames seen before, by position: they need not be taken again. */
  readonly contrasts?: ReadonlyMap<Steps, number>;
  /** How likely each in-focus position is before anything is seen, any scale; uniform unless said otherwise. `learned` only. */
  readonly prior?: (z0: Steps) => number;
  readonly limits: SearchLimits;
  readonly random: Random;
}

/** Totals that the runner counts, the same for every search. */
export interface SearchCost {
  /** Frames looked at. */
  readonly captures: number;
  /** Lens movements; asking for the position where the lens stands is none. */
  readonly moves: number;
  /** Sum of the distances moved. */
  readonly travel: Steps;
  readonly elapsed: Milliseconds;
  /** Positions measured, in order. */
  readonly visited: readonly Steps[];
}

/** Radius that a `logRadius` stands for. */
export function radiusOf(logRadius: number): Pixels {
  return Math.max(0, Math.exp(logRadius) - 0.5);
}

/** The axis on which radii are read and compared; see DefocusReading. */
export function logRadiusOf(radius: Pixels): number {
  return Math.log(radius + 0.5);
}
