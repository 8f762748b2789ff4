/**
 * One figure for a picture from the readings of its patches. Patches at another depth, misread ones and untextured ones
 * must not move it, so it is a median, weighted by how sure the network is of each patch.
 */
import type { DefocusReading } from "../search/types.ts";

export interface ReadingSummary {
  readonly logRadius: number;
  /**
   * Of `logRadius`: a typical patch's own deviation or the spread between the patches, whichever is larger. It does not
   * shrink with their number, because what misleads one patch of a picture misleads all (same noise, same processing).
   */
  readonly logRadiusStd: number;
  readonly inFocusProbability: number;
  readonly sharpness: number;
}

/** The summary over the textured readings, or undefined where there is none. */
export function summariseReadings(readings: readonly DefocusReading[]): ReadingSummary | undefined {
  const textured = readings.filter((each) => each.textured);
  if (textured.length === 0) return undefined;
  const weights = textured.map((each) => 1 / Math.max(each.logRadiusStd, LEAST_DEVIATION) ** 2);
  const median = (value: (each: DefocusReading) => number): number =>
    weightedMedian(textured.map(value), weights);
  const logRadius = median((each) => each.logRadius);
  const spread = NORMAL_MAD * median((each) => Math.abs(each.logRadius - logRadius));
  return {
    logRadius,
    logRadiusStd: Math.max(
      median((each) => each.logRadiusStd),
      spread,
    ),
    inFocusProbability: median((each) => each.inFocusProbability),
    sharpness: median((each) => each.sharpness),
  };
}

/**
 * Smaller deviations count as this one. They say how finely a blur was measured, not whether it was one: a disk in the scene is
 * measured as finely, and must not outweigh all other patches.
 */
const LEAST_DEVIATION = 0.1;

/** Standard deviation of a normal distribution per median absolute deviation. */
const NORMAL_MAD = 1.4826;

/**
 * The value below and above which lies half the weight; between two values where the halves meet.
 * @param values At least one; `weights` as many, positive.
 */
export function weightedMedian(values: readonly number[], weights: readonly number[]): number {
  const pairs = values.map((value, index) => ({ value, weight: weights[index] ?? 0 }));
  pairs.sort((a, b) => a.value - b.value);
  const half = pairs.reduce((sum, { weight }) => sum + weight, 0) / 2;
  let below = 0;
  for (const [index, { value, weight }] of pairs.entries()) {
    below += weight;
    if (below > half * (1 + 1e-12)) return value;
    if (below >= half * (1 - 1e-12)) return (value + (pairs[index + 1]?.value ?? value)) / 2;
  }
  return NaN;
}
