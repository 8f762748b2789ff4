/**
 * How well the readings of one frame agree with a defocus radius.
 *
 * Every patch of the focus window gives a reading of ln(radius + 1/2) with its standard deviation s. A reading is either
 * good or of something else, such as a depth edge, a reflection or a surface at another depth; any radius is then
 * equally likely, which on the logarithmic axis makes a large one likelier and spares a reading of `sharp` the
 * suspicion. The error of a good reading has two parts:
 *
 *   error = s (rho beta + sqrt(1 - rho^2) t),   t Student's, with heavier tails than the network believes.
 *
 * beta belongs to the scene and is the same in every frame of it: a scene whose texture is softer than usual is read as
 * more defocused wherever the blur leaves little but its softness to read from. On photographs the errors at two
 * radii above 40 px are correlated by 0.4 to 0.9, depending on the network, and those below 15 px hardly at all, hence
 * rho(radius). It makes two frames worth more than twice one: their difference tells the scale that both are wrong by.
 *
 * Patches of one frame show the same scene through the same noise, so they are anything but independent: the
 * logarithms of their likelihoods are averaged, not added, and the average counts as `EFFECTIVE` readings at most.
 * Thus the depth that most of the window agrees on wins, and ten patches do not make an error look certain. Patches
 * that are unsure of themselves say little and are not counted as readings to average with.
 */
import { logRadiusOf, type DefocusReading } from "./types.ts";

/** Share of readings that are of something else. */
const OUTLIERS = 0.05;

/** Largest radius that those may have, px. */
const LARGEST_RADIUS = 200;

/** ln(radius + 1/2) beyond which a reading is no reading. */
const ABSURD = 10;

/** Error of the lens calibration on the axis, added to what the network says of itself. */
const CALIBRATION_STD = 0.02;

/** Largest number of independent readings that the patches of one frame count as. */
const EFFECTIVE = 1.5;

/** Radius below which errors of frames of one scene are independent, px, and above which they are most alike. */
const ALIKE = { from: 15, to: 50, rho: 0.8 } as const;

export interface FrameLikelihood {
  /** The likelihood of a radius, given as ln(radius + 1/2), as a function of the `beta` of the scene. */
  readonly at: (logRadius: number) => (beta: number) => number;
  /** The part of it that is due to all patches being of something else, whatever the radius. */
  readonly misread: number;
}

/** Undefined where no patch has the texture to be read. */
export function frameLikelihood(readings: readonly DefocusReading[]): FrameLikelihood | undefined {
  const patches = readings
    .filter(({ textured, logRadius }) => textured && Math.abs(logRadius) < ABSURD)
    .filter(({ logRadiusStd }) => logRadiusStd >= 0 && Number.isFinite(logRadiusStd))
    .map(({ logRadius, logRadiusStd }) => ({
      logRadius,
      std: Math.hypot(logRadiusStd, CALIBRATION_STD),
      other: (OUTLIERS * Math.exp(logRadius)) / LARGEST_RADIUS,
    }));
  if (patches.length === 0) return undefined;
  const count = effectiveCount(patches.map(({ std }) => std));
  const power = Math.min(count, EFFECTIVE) / count;
  const combine = (product: number): number => (power === 1 ? product : product ** power);
  return {
    at: (logRadius) => {
      const rho = alikeness(logRadius);
      const own = Math.sqrt(1 - rho * rho);
      const likelihood = (beta: number): number => {
        let product = 1;
        for (const patch of patches) {
          const deviation = ((patch.logRadius - logRadius) / patch.std - rho * beta) / own;
          product *= ((1 - OUTLIERS) * student(deviation)) / (own * patch.std) + patch.other;
        }
        return combine(product);
      };
      if (rho > 0) return likelihood;
      const alike = likelihood(0);
      return () => alike;
    },
    misread: combine(patches.reduce((product, { other }) => product * other, 1)),
  };
}

/** As many as there are where they are equally sure; hardly more than the sure ones where some are not (Kish's count). */
function effectiveCount(stds: readonly number[]): number {
  const weights = stds.map((std) => 1 / std ** 2);
  const sum = weights.reduce((a, b) => a + b, 0);
  return sum ** 2 / weights.reduce((a, b) => a + b ** 2, 0);
}

/** Student's t density with 4 degrees of freedom and variance 1. */
export function student(deviation: number): number {
  const q = 1 + (deviation * deviation) / 2;
  return 0.53033 / (q * q * Math.sqrt(q));
}

const [ALIKE_FROM, ALIKE_TO] = [logRadiusOf(ALIKE.from), logRadiusOf(ALIKE.to)];

/** rho at a radius given as ln(radius + 1/2): a ramp on that axis. */
function alikeness(logRadius: number): number {
  return ALIKE.rho * Math.min(1, Math.max(0, (logRadius - ALIKE_FROM) / (ALIKE_TO - ALIKE_FROM)));
}
