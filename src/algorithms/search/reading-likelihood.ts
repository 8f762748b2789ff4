/**
 * How well the readings of one frame agree with a defocus radius.
 *
 * Every patch of the focus window gives a reading of ln(radius + 1/2) with its standard deviation. A reading is either
 * good (Student's t around the true value, heavier in the tails than what the network believes) or of something
 * else, such as a depth edge, a reflection or a surface at another depth: any radius is then equally likely, which on
 * the logarithmic axis makes a large one likelier and spares a reading of `sharp` the suspicion. Patches of one
 * frame show the same scene through the same noise, so they are anything but independent: the logarithms of their
 * likelihoods are averaged, not added, and the average counts as `EFFECTIVE` readings at most. Thus the depth
 * that most of the window agrees on wins, and ten patches do not make a bias look certain.
 */
import type { DefocusReading } from "./types.ts";

/** Share of readings that are of something else. */
const OUTLIERS = 0.05;

/** Largest radius that those may have, px. */
const LARGEST_RADIUS = 200;

/** Degrees of freedom of Student's t. */
const FREEDOM = 4;

/** Error of the lens calibration on the axis, added to what the network says of itself. */
const CALIBRATION_STD = 0.02;

/** Largest number of independent readings that the patches of one frame count as. */
const EFFECTIVE = 1.5;

/** Normalisation of Student's t with 4 degrees of freedom: Gamma(5/2) / (sqrt(4 pi) Gamma(2)). */
const STUDENT_PEAK = 0.375;

export interface FrameLikelihood {
  /** Logarithm of the likelihood of a radius given as ln(radius + 1/2), up to a constant. */
  readonly log: (logRadius: number) => number;
  /** Mean density of the patches being good readings of a radius. */
  readonly good: (logRadius: number) => number;
  /** Mean density of the patches being of something else, whatever the radius. */
  readonly other: number;
}

/** Undefined where no patch has the texture to be read. */
export function frameLikelihood(readings: readonly DefocusReading[]): FrameLikelihood | undefined {
  const patches = readings
    .filter(
      ({ textured, logRadius, logRadiusStd }) => textured && Number.isFinite(logRadius) && logRadiusStd >= 0,
    )
    .map(({ logRadius, logRadiusStd }) => ({
      logRadius,
      std: Math.hypot(logRadiusStd, CALIBRATION_STD),
      other: (OUTLIERS * Math.exp(logRadius)) / LARGEST_RADIUS,
    }));
  if (patches.length === 0) return undefined;
  const good = (patch: (typeof patches)[number], logRadius: number): number =>
    ((1 - OUTLIERS) * student((logRadius - patch.logRadius) / patch.std)) / patch.std;
  const weight = Math.min(patches.length, EFFECTIVE) / patches.length;
  return {
    log: (logRadius) => {
      let sum = 0;
      for (const patch of patches) sum += Math.log(good(patch, logRadius) + patch.other);
      return weight * sum;
    },
    good: (logRadius) => {
      let sum = 0;
      for (const patch of patches) sum += good(patch, logRadius);
      return sum / patches.length;
    },
    other: patches.reduce((sum, patch) => sum + patch.other, 0) / patches.length,
  };
}

function student(deviation: number): number {
  return STUDENT_PEAK * (1 + deviation ** 2 / FREEDOM) ** (-(FREEDOM + 1) / 2);
}
