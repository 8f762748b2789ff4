/**
 * Where the focus is, from optical sharpness S read at a few positions (paper 2, section 2: S follows from the optics,
 * so that a sample means something by itself and not only beside others).
 *
 * A focus at Z0 predicts S(sqrt((k r(Z0, Z))^2 + s^2)) at every position Z, r in pixels and S of sharpness-curve.ts. k
 * covers what is not known of the radius: little with a lens model, much without, where r is taken to grow by
 * `IN_FOCUS_RADIUS` every depth of field. s is the softness that a real lens, its sensor and a scene have of their own:
 * photographs at their best focus are read as S = 0.7 to 1. A sample at the floor, where every defocus reads alike, says
 * no more than that the focus is not near. The cost of Z0 is the sum over the samples of how far they are from what it
 * predicts, at the k and s that fit best.
 */
import type { Steps } from "../../core/units.ts";
import type { LensModel, Range } from "../optics/lens-model.ts";
import { sharpnessOf } from "../optics/sharpness-curve.ts";

export interface SharpnessSample {
  readonly position: Steps;
  /** S, 0..1; 0 where nothing could be read. */
  readonly sharpness: number;
}

/** Radius within which a frame counts as sharp where no lens model says so, px. */
const IN_FOCUS_RADIUS = 2.5;

/** S below which a defocus cannot be told from a larger one. */
export const FLOOR = 0.15;

/** Typical error of S. */
const STD = 0.05;

/** Standard deviation of ln k with a lens model and without, and the values of ln k tried in each. */
const UNKNOWN = { model: 0.2, none: 1 } as const;
const TRIED = [-2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2] as const;

/** Defocus radius at `z` of what is sharp at `z0`, as far as it is known, px. */
export type RadiusGuess = (z0: Steps, z: Steps) => number;

export function radiusGuess(lens: LensModel | undefined, depthOfField: (z: Steps) => Steps): RadiusGuess {
  if (lens !== undefined) return (z0, z) => lens.radius(z0, z);
  return (z0, z) => (IN_FOCUS_RADIUS * Math.abs(z0 - z)) / depthOfField(z);
}

/** Radii of a softness of its own, px, and what each costs. */
const SOFTNESS = [
  { radius: 0, cost: 0 },
  { radius: 1.5, cost: 0.5 },
  { radius: 2.5, cost: 1.5 },
] as const;

/** Share of the depth of field where the in-focus band begins, so that a sample read a little too sharp is not outside. */
const SAFE = 0.75;

/** The S from which on a frame at `z` is in focus. */
export function inFocusSharpness(radius: RadiusGuess, z: Steps, depthOfField: Steps): number {
  const limit = SAFE * depthOfField;
  return sharpnessOf(Math.max(radius(z - limit, z), radius(z + limit, z)));
}

/** How badly a focus at `z0` explains the samples; 0 is best, 1 an error that is to be expected. */
export function misfit(
  samples: readonly SharpnessSample[],
  radius: RadiusGuess,
  hasModel: boolean,
  z0: Steps,
): number {
  const spread = hasModel ? UNKNOWN.model : UNKNOWN.none;
  const radii = samples.map(({ position }) => radius(z0, position));
  let least = Infinity;
  for (const deviation of TRIED)
    for (const softness of SOFTNESS) {
      const k = Math.exp(deviation * spread);
      let cost = deviation ** 2 / 2 + softness.cost;
      for (const [index, { sharpness }] of samples.entries()) {
        const radius = Math.hypot(k * (radii[index] as number), softness.radius);
        const error = (Math.max(FLOOR, sharpness) - Math.max(FLOOR, sharpnessOf(radius))) / STD;
        // Grows slowly for large errors, so that one bad sample does not outweigh the others.
        cost += 2 * Math.log1p(error ** 2 / 4);
      }
      least = Math.min(least, cost);
    }
  return least;
}

/** What the samples say of every position. */
export interface SharpnessBelief {
  readonly positions: readonly { readonly z: Steps; readonly cost: number }[];
  /** Whether the best of them explains the samples at all: the usual error of one costs about a half. */
  readonly fits: boolean;
  /** Probability that the focus lies within `reach` of `z`, by these samples alone. */
  massWithin(z: Steps, reach: Steps): number;
}

/** @param stride distance of the positions looked at, whole steps. */
export function sharpnessBelief(
  samples: readonly SharpnessSample[],
  radius: RadiusGuess,
  hasModel: boolean,
  range: Range,
  stride: Steps,
): SharpnessBelief {
  const positions: { z: Steps; cost: number }[] = [];
  for (let z = range.min; z <= range.max; z += stride)
    positions.push({ z, cost: misfit(samples, radius, hasModel, z) });
  const least = Math.min(...positions.map(({ cost }) => cost));
  const weights = positions.map(({ cost }) => Math.exp(least - cost));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return {
    positions,
    fits: least <= samples.length,
    massWithin: (z, reach) => {
      let inside = 0;
      for (const [index, each] of positions.entries())
        if (Math.abs(each.z - z) <= reach) inside += weights[index] as number;
      return inside / total;
    },
  };
}
