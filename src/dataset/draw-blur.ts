/** How radii are drawn: freely for the radius network, by the positions of a lens for the paper's networks. */
import type { LensModel } from "../algorithms/optics/lens-model.ts";
import { uniform, type Random } from "../core/random.ts";
import { drawRadius, drawRadiusWithin, type Blur, type RadiusRange } from "./recipe.ts";

/** Shares of the patches that are exactly in focus and that lie within the depth of field. */
const EXACT_SHARE = 0.3;
const WITHIN_SHARE = 0.15;

export function freeBlur(random: Random): Blur {
  return { radius: drawRadius(random) };
}

/** Radii within a part of the range, px. */
export function rangeBlur([low, high]: RadiusRange): (random: Random) => Blur {
  return (random) => ({ radius: drawRadiusWithin(random, low, high) });
}

/**
 * In-focus and lens position drawn uniformly from the range (paper 1, section 6.1.2). Left to chance, next to none
 * would be in focus, so that share is set: the discriminator needs both classes.
 */
export function lensBlur(lens: LensModel): (random: Random) => Blur {
  const { min, max } = lens.range;
  return (random) => {
    const z0 = uniform(random, min, max);
    const z = drawPosition(lens, z0, random);
    return { radius: lens.radius(z0, z), z0, z };
  };
}

function drawPosition(lens: LensModel, z0: number, random: Random): number {
  const { min, max } = lens.range;
  const kind = random.next();
  if (kind < EXACT_SHARE) return z0;
  if (kind >= EXACT_SHARE + WITHIN_SHARE) return uniform(random, min, max);
  const reach = lens.depthOfField(z0);
  return Math.min(max, Math.max(min, uniform(random, z0 - reach, z0 + reach)));
}
