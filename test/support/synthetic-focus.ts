/**
 * A lens and a camera that exist as numbers only: the true radius comes from a LensModel, the network's reading of it
 * is that radius with noise, the focus measure a curve over the position. For tests of the searches.
 */
import type { LensModel } from "../../src/algorithms/optics/lens-model.ts";
import { sharpnessOf } from "../../src/algorithms/optics/sharpness-curve.ts";
import {
  logRadiusOf,
  radiusOf,
  type DefocusReading,
  type Measurement,
  type Request,
  type SearchContext,
} from "../../src/algorithms/search/types.ts";
import { normal, seededRandom, type Random } from "../../src/core/random.ts";
import type { Steps } from "../../src/core/units.ts";
import type { FocusDevice } from "../../src/pipeline/search-runner.ts";
import { linearLens, UNTEXTURED } from "./linear-lens.ts";

/** The lens of paper 1 as a linear model. */
export function paperLens(): LensModel {
  return linearLens({ min: 1050, max: 2100, above: 0.157, below: 0.157 });
}

export function contextFor(lens: LensModel, start: Steps, more: Partial<SearchContext> = {}): SearchContext {
  return {
    start,
    range: lens.range,
    depthOfField: (z) => lens.depthOfField(z),
    lens,
    limits: { maxCaptures: 200 },
    random: seededRandom(1),
    ...more,
  };
}

export interface ReaderNoise {
  /** Standard deviation of ln(radius + 1/2) of one frame as a whole. */
  readonly shared: number;
  /** The same of each patch, on top. */
  readonly patch: number;
  /** Share of frames that read something else altogether. */
  readonly outliers: number;
  readonly patches: number;
}

export const HONEST: ReaderNoise = { shared: 0.05, patch: 0.03, outliers: 0, patches: 2 };

/** What a network of such noise reads at a true radius. */
export function readRadius(radius: number, noise: ReaderNoise, random: Random): DefocusReading[] {
  const wild = random.next() < noise.outliers;
  const bias = wild ? 1.5 * normal(random) : noise.shared * normal(random);
  return Array.from({ length: noise.patches }, () => {
    const logRadius = logRadiusOf(radius) + bias + noise.patch * normal(random);
    return {
      logRadius,
      logRadiusStd: Math.hypot(noise.shared, noise.patch),
      inFocusProbability: radius < 3 ? 0.9 : 0.1,
      sharpness: 1 / (1 + radius),
      textured: true,
    };
  });
}

/** What a map of sharpness comes to at a true radius: S by the curve, with the noise of the radius on its axis. */
export function readSharpness(radius: number, noise: ReaderNoise, random: Random): number {
  const [reading] = readRadius(radius, { ...noise, patches: 1 }, random);
  return sharpnessOf(radiusOf(reading?.logRadius ?? NaN));
}

/** What the device answers to a request, the lens standing where it asks. */
export type Answer = (request: Request, position: Steps) => Measurement;

/** A device whose lens arrives at once and exactly. */
export function instantDevice(start: Steps, answer: Answer): FocusDevice {
  let position = start;
  return {
    position: () => position,
    measure: (request) => {
      position = request.moveTo;
      return Promise.resolve(answer(request, position));
    },
  };
}

/** A patch of depth `z0` read with `noise`; contrast measures fall off as the reciprocal of the radius. */
export function scene(lens: LensModel, z0: Steps, noise: ReaderNoise, random: Random): Answer {
  return ({ measure }, position) => {
    const radius = lens.radius(z0, position);
    if (measure === "defocus")
      return { kind: "defocus", position, readings: readRadius(radius, noise, random) };
    if (measure === "steps")
      return {
        kind: "steps",
        position,
        distance: Math.abs(z0 - position) * Math.exp(noise.shared * normal(random)),
        inFocusProbability: Math.abs(z0 - position) <= lens.depthOfField(position) ? 0.9 : 0.1,
      };
    if (measure === "sharpness")
      return { kind: measure, position, sharpness: readSharpness(radius, noise, random) };
    return { kind: measure, position, value: 1000 / (1 + radius) };
  };
}

/** A contrast measure given as a curve over the position. */
export function curve(value: (z: Steps) => number): Answer {
  return ({ measure }, position) => {
    if (measure === "defocus") return { kind: "defocus", position, readings: [UNTEXTURED] };
    if (measure === "steps") return { kind: "steps", position, distance: 0, inFocusProbability: 0 };
    if (measure === "sharpness") return { kind: "sharpness", position, sharpness: NaN };
    return { kind: measure, position, value: value(position) };
  };
}
