/** Whether the deviation that the network gives with each reading is the one it has. */
import { logRadiusOf } from "../../algorithms/search/types.ts";
import { median, quantile, rms, share } from "../statistics.ts";
import type { FrameResult } from "./accuracy-study.ts";

/** Errors of ln(radius + 1/2) with their predicted deviation. */
export interface Prediction {
  readonly error: number;
  readonly std: number;
}

/** Standard deviation of a normal distribution per median absolute deviation. */
const NORMAL_MAD = 1.4826;

const GROUPS = 10;

export interface CalibrationGroup {
  /** Median of the predicted deviations of the group. */
  readonly predicted: number;
  /** Of the errors: by their median size, which a few wild ones do not move, and by their mean square. */
  readonly robust: number;
  readonly rms: number;
  readonly windows: number;
}

export function predictionsOf(results: readonly FrameResult[], size: number): Prediction[] {
  return results.flatMap(({ radius, windows }) =>
    windows
      .filter((window) => window.size === size && window.textured)
      .map(({ logRadius, logRadiusStd: std }) => ({ error: logRadius - logRadiusOf(radius), std })),
  );
}

/** Groups of equal size by what was predicted. */
export function calibrationGroups(predictions: readonly Prediction[]): CalibrationGroup[] {
  const ascending = predictions.toSorted((a, b) => a.std - b.std);
  const groups = Math.min(GROUPS, ascending.length);
  return Array.from({ length: groups }, (_, group) => {
    const own = ascending.slice(
      Math.floor((group * ascending.length) / groups),
      Math.floor(((group + 1) * ascending.length) / groups),
    );
    const errors = own.map(({ error }) => error);
    return {
      predicted: median(own.map(({ std }) => std)),
      robust: NORMAL_MAD * quantile(errors.map(Math.abs), 0.5),
      rms: rms(errors),
      windows: own.length,
    };
  });
}

/** Share of the errors within so many predicted deviations. */
export function coverage(predictions: readonly Prediction[], deviations: number): number {
  return share(predictions, ({ error, std }) => Math.abs(error) <= deviations * std);
}
