/**
 * How well the readings of one frame agree with a defocus radius.
 *
 * Every patch of the focus window gives a reading of ln(radius + 1/2) with its standard deviation. A reading is either
 * good (Student's t around the true value, heavier in the tails than what the network believes) or of something
 * else, such as a depth edge, a reflection or a surface at another depth (uniform over the axis). Patches of one
 * frame show the same scene through the same noise, so they are anything but independent: the logarithms of their
 * likelihoods are averaged, not added, and the average counts as `EFFECTIVE` readings at most. Thus the depth
 * that most of the window agrees on wins, and ten patches do not make a bias look certain.
 */
import type { DefocusReading } from "./types.ts";

/** Share of readings that are of something else. */
const OUTLIERS = 0.05;

/** Density of those: uniform over ln(0.5 px) to ln(200 px). */
const OUTLIER_DENSITY = 1 / 6;

/** Degrees of freedom of Student's t. */
const FREEDOM = 4;

/** Error of the lens calibration on the axis, added to what the network says of itself. */
const CALIBRATION_STD = 0.02;

/** Largest number of independent readings that the patches of one frame count as. */
const EFFECTIVE = 2;

/** Normalisation of Student's t with 4 degrees of freedom: Gamma(5/2) / (sqrt(4 pi) Gamma(2)). */
const STUDENT_PEAK = 0.375;

export interface FrameLikelihood {
  /** Logarithm of the likelihood of a radius given as ln(radius + 1/2), up to a constant. */
  readonly log: (logRadius: number) => number;
  /** Mean density of the patches being good readings of a radius, without the outliers. */
  readonly good: (logRadius: number) => number;
}

/** Probability that a frame is a good reading rather than an outlier, given the density expected of a good one. */
export function trust(density: number): number {
  return density / (density + OUTLIERS * OUTLIER_DENSITY);
}

/** Undefined where no patch has the texture to be read. */
export function frameLikelihood(readings: readonly DefocusReading[]): FrameLikelihood | undefined {
  const usable = readings.filter(
    ({ textured, logRadius, logRadiusStd }) => textured && Number.isFinite(logRadius) && logRadiusStd >= 0,
  );
  if (usable.length === 0) return undefined;
  const patches = usable.map(({ logRadius, logRadiusStd }) => ({
    logRadius,
    std: Math.hypot(logRadiusStd, CALIBRATION_STD),
  }));
  const good = (patch: (typeof patches)[number], logRadius: number): number =>
    (1 - OUTLIERS) * student((logRadius - patch.logRadius) / patch.std) * (1 / patch.std);
  const weight = Math.min(patches.length, EFFECTIVE) / patches.length;
  const floor = OUTLIERS * OUTLIER_DENSITY;
  return {
    log: (logRadius) => {
      let sum = 0;
      for (const patch of patches) sum += Math.log(good(patch, logRadius) + floor);
      return weight * sum;
    },
    good: (logRadius) => {
      let sum = 0;
      for (const patch of patches) sum += good(patch, logRadius);
      return sum / patches.length;
    },
  };
}

function student(deviation: number): number {
  return STUDENT_PEAK * (1 + deviation ** 2 / FREEDOM) ** (-(FREEDOM + 1) / 2);
}
