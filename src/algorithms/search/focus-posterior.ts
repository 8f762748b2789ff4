/**
 * The probability of every in-focus position Z0, on the grid of whole motor steps (design of the `learned` search):
 *
 *   p(Z0 | frames) ~ prior(Z0) * product over frames of L(ln(r(Z0, Z) + 1/2)),
 *
 * with r the LensModel at the position Z of each frame. The two candidates of one frame, the limits of the range, noisy
 * readings and a prior are all in it, so no rule has to treat them one by one.
 */
import type { Steps } from "../../core/units.ts";
import type { LensModel } from "../optics/lens-model.ts";
import { wholeRange } from "./positions.ts";
import { frameLikelihood } from "./reading-likelihood.ts";
import { logRadiusOf, type DefocusReading } from "./types.ts";

/** What a frame did to the posterior. */
export interface Observation {
  /** False where no patch could be read; nothing has changed then. */
  readonly informative: boolean;
  /** Probability, given what was believed before, that the frame was read well; near 0 it contradicts the ones before. */
  readonly trust: number;
}

/**
 * How far one frame by itself speaks for being within `depthOfField` of focus, 0..1: the probability that it was read
 * well rather than misread, if it is. 0 where no patch could be read.
 */
export function confirmation(
  lens: LensModel,
  position: Steps,
  readings: readonly DefocusReading[],
  depthOfField: Steps,
): number {
  const likelihood = frameLikelihood(readings);
  if (likelihood === undefined) return 0;
  let best = 0;
  for (let offset = 0; offset <= depthOfField; offset++)
    for (const z0 of [position - offset, position + offset])
      if (z0 >= lens.range.min && z0 <= lens.range.max)
        best = Math.max(best, likelihood.good(logRadiusOf(lens.radius(z0, position))));
  return best / (best + likelihood.other);
}

export class FocusPosterior {
  /** First position of the grid. */
  readonly first: Steps;
  /** Probability of each position, sums to 1. */
  #probability: Float64Array;
  /** Sum of the probabilities before each position. */
  #cumulative: Float64Array;
  readonly #lens: LensModel;

  /** @param prior any scale; positions where it is not above 0 are excluded. */
  constructor(lens: LensModel, prior: (z0: Steps) => number = () => 1) {
    const { min, max } = wholeRange(lens.range);
    this.#lens = lens;
    this.first = min;
    this.#probability = Float64Array.from({ length: max - min + 1 }, (_, index) =>
      Math.max(0, prior(min + index) || 0),
    );
    this.#cumulative = new Float64Array(this.#probability.length + 1);
    if (!this.#normalise()) {
      this.#probability.fill(1);
      this.#normalise();
    }
  }

  get length(): number {
    return this.#probability.length;
  }

  /** Probability of the grid position `z0`, 0 outside the grid. */
  at(z0: Steps): number {
    return this.#probability[z0 - this.first] ?? 0;
  }

  /** Probability that Z0 lies in [from, to]. */
  between(from: Steps, to: Steps): number {
    const low = Math.max(0, Math.ceil(from) - this.first);
    const high = Math.min(this.length, Math.floor(to) - this.first + 1);
    if (high <= low) return 0;
    return (this.#cumulative[high] as number) - (this.#cumulative[low] as number);
  }

  /** The most probable position. */
  get mode(): Steps {
    let best = 0;
    for (let index = 1; index < this.length; index++)
      if ((this.#probability[index] as number) > (this.#probability[best] as number)) best = index;
    return this.first + best;
  }

  /** Takes in the readings of a frame taken at `position`. */
  observe(position: Steps, readings: readonly DefocusReading[]): Observation {
    const likelihood = frameLikelihood(readings);
    if (likelihood === undefined) return { informative: false, trust: 1 };
    const before = this.#probability;
    const log = new Float64Array(before.length);
    let expected = 0;
    let largest = -Infinity;
    for (let index = 0; index < before.length; index++) {
      const believed = before[index] as number;
      if (believed === 0) continue;
      const logRadius = logRadiusOf(this.#lens.radius(this.first + index, position));
      const value = Math.log(believed) + likelihood.log(logRadius);
      log[index] = value;
      largest = Math.max(largest, value);
      expected += believed * likelihood.good(logRadius);
    }
    this.#probability = before.map((believed, index) =>
      believed === 0 ? 0 : Math.exp((log[index] as number) - largest),
    );
    this.#normalise();
    return { informative: true, trust: expected / (expected + likelihood.other) };
  }

  /** False where there is nothing to normalise. */
  #normalise(): boolean {
    const total = this.#probability.reduce((sum, each) => sum + each, 0);
    if (!(total > 0 && Number.isFinite(total))) return false;
    let sum = 0;
    for (let index = 0; index < this.length; index++) {
      const share = (this.#probability[index] as number) / total;
      this.#probability[index] = share;
      sum += share;
      this.#cumulative[index + 1] = sum;
    }
    return true;
  }
}
