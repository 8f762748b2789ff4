/**
 * The scales of a lens (defocus-scale.ts) through pairs of frames whose radius and magnification are known (paper 1,
 * section 3: "for each pair of Z0 and Zi"; Fig. 6). Both scales are linear in their slopes, so this is least squares,
 * with the slopes of q kept above 0 and neighbouring ones alike: one pair makes a straight line, many pairs a curve.
 * Pairs count by their confidence and by how well they agree with the others (Student's distribution).
 */
import { expected } from "../../core/errors.ts";
import type { Pixels, Steps } from "../../core/units.ts";
import type { Range } from "../optics/lens-model.ts";
import { Scale, type LensScales } from "./defocus-scale.ts";
import { SlopeEquations, stretches } from "./slopes.ts";
import { median } from "./median.ts";
import { trust } from "./trust.ts";

export interface ScalePair {
  readonly z0: Steps;
  readonly z: Steps;
  /** alpha of Eq. 1. */
  readonly scale: number;
}

export interface RadiusPair extends ScalePair {
  /** In the frame at `z` as delivered. */
  readonly radius: Pixels;
  /** 0..1, of the calibration of the pair. */
  readonly confidence: number;
}

export interface FittedPair {
  /** Measured minus fitted. */
  readonly radiusError: Pixels;
  readonly scaleError: number;
  /** False where the pair contradicts the others and has hardly counted. */
  readonly agrees: boolean;
}

export interface PairsFit extends LensScales {
  /** In the order given. */
  readonly pairs: readonly FittedPair[];
}

/** Error of a measured radius: a share of it and a part of a pixel; of ln alpha. */
const RADIUS_STD = { share: 0.02, floor: 0.2 } as const;
const LOG_SCALE_STD = 0.0005;
/** Errors, in standard deviations, beyond which a pair contradicts the others. */
const CONTRADICTION = 5;
/** Spread of neighbouring slopes, as a share of the mean slope; of ln alpha, a step, times the range. */
const EVENNESS = 0.3;
const BREATHING_SPREAD = 0.02;
const LEAST_SLOPE = 0.05;
const ROUNDS = 20;

/**
 * @param pairs at least one, of two different positions each.
 * @param range where the lens moves; beyond the pairs the scales go on straight.
 * @throws AutofocusError `invalid_input`.
 */
export function fitPairs(pairs: readonly RadiusPair[], range: Range): PairsFit {
  if (pairs.length === 0) throw expected("invalid_input", "at least one", "pairs", 0);
  for (const { z0, z, radius, scale } of pairs) {
    if (!(Math.abs(z - z0) > 0))
      throw expected("invalid_input", "two different positions", "a pair", `${z0} and ${z}`);
    if (Math.min(z, z0) < range.min || Math.max(z, z0) > range.max)
      throw expected(
        "invalid_input",
        `${range.min} to ${range.max}`,
        "the positions of a pair",
        `${z0} and ${z}`,
      );
    if (!(radius >= 0 && scale > 0))
      throw expected("invalid_input", "a radius and a scale", "a pair", radius);
  }
  const knots = knotsOf(pairs, range);
  const defocus = fitDefocus(pairs, knots);
  const breathing = fitBreathing(pairs, knots);
  return {
    defocus,
    breathing,
    pairs: pairs.map((pair) => {
      const radiusError = pair.radius - Math.abs(defocus.at(pair.z) - defocus.at(pair.z0));
      const scaleError = pair.scale - Math.exp(breathing.at(pair.z) - breathing.at(pair.z0));
      return { radiusError, scaleError, agrees: Math.abs(radiusError) <= CONTRADICTION * stdOf(pair) };
    }),
  };
}

/** b through measured magnifications; constant where there are none. */
export function fitBreathing(pairs: readonly ScalePair[], knots: readonly Steps[]): Scale {
  const span = (knots.at(-1) as Steps) - (knots[0] as Steps);
  let slopes = new Float64Array(knots.length - 1);
  for (let round = 0; round < ROUNDS; round++) {
    const scale = Scale.fromSlopes(knots, slopes);
    const equations = new SlopeEquations(slopes.length);
    for (const { z0, z, scale: alpha } of pairs) {
      const deviation = Math.log(alpha) - scale.at(z) + scale.at(z0);
      const weight = round === 0 ? 1 : trust(deviation / LOG_SCALE_STD);
      equations.add(stretches(knots, z0, z), Math.log(alpha), weight / LOG_SCALE_STD ** 2);
    }
    equations.smooth(BREATHING_SPREAD / span);
    slopes = equations.solve(slopes, -Infinity);
  }
  return Scale.fromSlopes(knots, slopes);
}

function fitDefocus(pairs: readonly RadiusPair[], knots: readonly Steps[]): Scale {
  const typical = Math.max(
    Number.EPSILON,
    median(pairs.map(({ z0, z, radius }) => radius / Math.abs(z - z0))),
  );
  let slopes = new Float64Array(knots.length - 1).fill(typical);
  for (let round = 0; round < ROUNDS; round++) {
    const scale = Scale.fromSlopes(knots, slopes);
    const equations = new SlopeEquations(slopes.length);
    for (const pair of pairs) {
      const { z0, z, radius, confidence } = pair;
      const value = Math.sign(z - z0) * radius;
      const deviation = value - scale.at(z) + scale.at(z0);
      const std = stdOf(pair);
      equations.add(stretches(knots, z0, z), value, (confidence * trust(deviation / std)) / std ** 2);
    }
    equations.smooth(EVENNESS * typical);
    slopes = equations.solve(slopes, LEAST_SLOPE * typical);
  }
  return Scale.fromSlopes(knots, slopes);
}

function stdOf({ radius }: RadiusPair): Pixels {
  return Math.hypot(RADIUS_STD.share * radius, RADIUS_STD.floor);
}

function knotsOf(pairs: readonly RadiusPair[], { min, max }: Range): Steps[] {
  return [...new Set([min, ...pairs.flatMap(({ z0, z }) => [z0, z]), max])].sort((a, b) => a - b);
}
