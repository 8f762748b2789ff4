/**
 * A camera whose readings go wrong in every way at once, drawn anew for each run: a lens of any slope, errors with heavy
 * tails, a bias that belongs to the scene, a network that is too sure or too unsure of itself, patches without
 * texture and patches of something else. For what a search must not do whatever it is given.
 */
import type { LensModel } from "../../src/algorithms/optics/lens-model.ts";
import { sharpnessOf } from "../../src/algorithms/optics/sharpness-curve.ts";
import { logRadiusOf, radiusOf, type DefocusReading } from "../../src/algorithms/search/types.ts";
import { normal, uniformInt, type Random } from "../../src/core/random.ts";
import type { Steps } from "../../src/core/units.ts";
import { linearLens, UNTEXTURED } from "./linear-lens.ts";
import type { Answer } from "./synthetic-focus.ts";

export interface HostileScene {
  readonly lens: LensModel;
  readonly z0: Steps;
  readonly start: Steps;
  readonly answer: Answer;
}

/** Positions of the lens. */
const RANGE = { min: 100, max: 500 } as const;

/** @param misread share of frames whose patches are all of something else. */
export function hostileScene(random: Random, misread: number): HostileScene {
  const draw = (from: number, to: number): number => from + (to - from) * random.next();
  const slope = draw(0.15, 0.5);
  const lens = linearLens({
    ...RANGE,
    above: slope * draw(0.7, 1.4),
    below: slope,
    sigma: uniformInt(random, 6, 14),
  });
  const z0 = uniformInt(random, RANGE.min, RANGE.max);
  const std = draw(0.02, 0.12);
  const stated = std * draw(0.6, 2);
  const bias = 0.5 * std * normal(random);
  const missing = draw(0, 0.3);
  const patches = uniformInt(random, 1, 5);

  const read = (radius: number): DefocusReading[] => {
    const isMisread = random.next() < misread;
    const other = logRadiusOf(draw(0, 150));
    const shared = 0.7 * std * heavy(random);
    return Array.from({ length: patches }, () => {
      if (random.next() < missing) return UNTEXTURED;
      const own = 0.5 * std * heavy(random);
      // A bias of the scene shows where the blur leaves little to read from.
      const logRadius = isMisread
        ? other + own
        : logRadiusOf(radius) + bias * Math.min(1, radius / 50) + shared + own;
      const sharpness = sharpnessOf(radiusOf(logRadius));
      return { logRadius, logRadiusStd: stated, inFocusProbability: 0.5, sharpness, textured: true };
    });
  };
  const answer: Answer = ({ measure }, position) => {
    const radius = lens.radius(z0, position);
    if (measure === "defocus") return { kind: measure, position, readings: read(radius) };
    if (measure === "steps") return { kind: measure, position, distance: 0, inFocusProbability: 0 };
    if (measure === "sharpness") {
      const seen = read(radius).filter(({ textured }) => textured);
      const sum = seen.reduce((total, { sharpness }) => total + sharpness, 0);
      return { kind: measure, position, sharpness: sum / seen.length };
    }
    return { kind: measure, position, value: (1000 * (1 + 0.02 * normal(random))) / (1 + radius) };
  };
  return { lens, z0, start: uniformInt(random, RANGE.min, RANGE.max), answer };
}

/** Student's t with 3 degrees of freedom, scaled to unit variance. */
function heavy(random: Random): number {
  const square = normal(random) ** 2 + normal(random) ** 2 + normal(random) ** 2;
  return normal(random) / Math.sqrt(square);
}
