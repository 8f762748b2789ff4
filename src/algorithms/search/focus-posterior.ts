/**
 * The probability of every in-focus position Z0, on the grid of whole motor steps, jointly with how the scene fools the
 * network (beta of reading-likelihood.ts) and how soft its frames are (s of optics/softness.ts):
 *
 *   p(Z0, s, beta | frames) ~ prior(Z0) p(s) p(beta) * product over frames of L(ln(read(r(Z0, Z), s) + 1/2), beta),
 *
 * with r the LensModel at the position Z of each frame, and s one of the values that the lens file gives. The two candidates of one frame, the limits of the range, noisy
 * readings and a prior are all in it, so no rule has to treat them one by one. What is asked for is p(Z0), the sum
 * over s and beta.
 */
import type { Pixels, Steps } from "../../core/units.ts";
import type { LensModel } from "../optics/lens-model.ts";
import { radiusRead, softer } from "../optics/softness.ts";
import { wholeRange } from "./positions.ts";
import { frameLikelihood, student } from "./reading-likelihood.ts";
import { logRadiusOf, type DefocusMeasurement, type DefocusReading } from "./types.ts";

/** What a frame did to the posterior. */
export interface Observation {
  /** False where no patch could be read; nothing has changed then. */
  readonly informative: boolean;
  /** Probability, given what was believed before, that the frame was read well; near 0 it contradicts the ones before. */
  readonly trust: number;
}

/** Confirmation from which a frame counts as in focus by itself. */
export const CONFIRMED = 0.5;

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
  const frame = frameLikelihood(readings);
  if (frame === undefined) return 0;
  let best = 0;
  for (let offset = 0; offset <= depthOfField; offset++)
    for (const z0 of [position - offset, position + offset])
      if (z0 >= lens.range.min && z0 <= lens.range.max)
        for (const { softness } of softnessOf(lens))
          best = Math.max(best, frame.at(logRadiusOf(radiusRead(lens.radius(z0, position), softness)))(0));
  return 1 - frame.misread / best;
}

/** Probability that a frame is within `depthOfField` of focus by its readings alone, NaN where no patch could be read. */
export function probabilityOf(
  lens: LensModel,
  { position, readings }: DefocusMeasurement,
  depthOfField: Steps,
): number {
  const posterior = new FocusPosterior(lens);
  if (!posterior.observe(position, readings).informative) return NaN;
  return posterior.between(position - depthOfField, position + depthOfField);
}

/** Share of the scenes that are softer than the lens makes them, and by how much; none of a lens whose softness is not known. */
const SOFT_SCENES = { share: 0.05, softness: 2 } as const;

interface Softness {
  readonly softness: Pixels;
  readonly share: number;
}

/** What frames of the lens may be read with, and how likely each is. */
function softnessOf({ softness }: LensModel): readonly Softness[] {
  if (softness === undefined) return [{ softness: 0, share: 1 }];
  const share = 1 / softness.length;
  return softness.flatMap((each) => [
    { softness: each, share: (1 - SOFT_SCENES.share) * share },
    { softness: softer(each, SOFT_SCENES.softness), share: SOFT_SCENES.share * share },
  ]);
}

/** Share of a radius that changes no likelihood. */
const SAME = 0.005;

/** How often a frame shows nothing that is less defocused than one that did. */
const NOTHING_SEEN = 0.05;

/** The values of beta that are told apart. */
const BETAS = Array.from({ length: 15 }, (_, index) => (index - 7) / 2);

export class FocusPosterior {
  /** First position of the grid. */
  readonly first: Steps;
  /** Number of positions of the grid. */
  readonly length: number;
  readonly #lens: LensModel;
  readonly #softness: readonly Pixels[];
  readonly #columns: number;
  /** Probability of each position, softness and beta, beta varying fastest; sums to 1. */
  readonly #joint: Float64Array;
  /** Sum of the probabilities before each position. */
  readonly #cumulative: Float64Array;

  /** @param prior any scale; positions where it is not above 0 are excluded, unless it excludes all. */
  constructor(lens: LensModel, prior: (z0: Steps) => number = () => 1) {
    const { min, max } = wholeRange(lens.range);
    this.#lens = lens;
    this.first = min;
    this.length = max - min + 1;
    this.#cumulative = new Float64Array(this.length + 1);
    const weights = Float64Array.from({ length: this.length }, (_, index) =>
      Math.max(0, prior(min + index) || 0),
    );
    if (!weights.some((weight) => weight > 0 && weight < Infinity)) weights.fill(1);
    const levels = softnessOf(lens);
    this.#softness = levels.map(({ softness }) => softness);
    this.#columns = this.#softness.length * BETAS.length;
    const column = levels.flatMap(({ share }) => BETAS.map((beta) => share * student(beta)));
    this.#joint = new Float64Array(this.length * this.#columns);
    weights.forEach((weight, index) => {
      column.forEach((share, at) => (this.#joint[index * this.#columns + at] = weight * share));
    });
    this.#normalise();
  }

  /** Probability of the grid position `z0`, 0 outside the grid. */
  at(z0: Steps): number {
    return this.between(z0, z0);
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
    let best = this.first;
    for (let z0 = this.first; z0 < this.first + this.length; z0++) if (this.at(z0) > this.at(best)) best = z0;
    return best;
  }

  /** Takes in the readings of a frame taken at `position`. */
  observe(position: Steps, readings: readonly DefocusReading[]): Observation {
    const frame = frameLikelihood(readings);
    if (frame === undefined) return { informative: false, trust: 1 };
    const joint = this.#joint;
    const likelihoods = new Float64Array(BETAS.length);
    for (let index = 0, cell = 0; index < this.length; index++) {
      const radius = this.#lens.radius(this.first + index, position);
      let known = NaN;
      for (const softness of this.#softness) {
        const read = radiusRead(radius, softness);
        // A large disk is read the same whatever the softness.
        if (!(Math.abs(read - known) <= SAME * read)) {
          known = read;
          const likelihood = frame.at(logRadiusOf(read));
          for (let column = 0; column < BETAS.length; column++)
            likelihoods[column] = likelihood(BETAS[column] as number);
        }
        for (let column = 0; column < BETAS.length; column++, cell++)
          joint[cell] = (joint[cell] as number) * (likelihoods[column] as number);
      }
    }
    const evidence = this.#normalise();
    return { informative: true, trust: 1 - frame.misread / evidence };
  }

  /** Takes in that a frame at `position` shows nothing, although others with disks of `radius` did: its own are larger. */
  observeNothing(position: Steps, radius: Pixels): void {
    for (let index = 0; index < this.length; index++) {
      if (this.#lens.radius(this.first + index, position) > radius) continue;
      const from = index * this.#columns;
      for (let cell = from; cell < from + this.#columns; cell++)
        this.#joint[cell] = NOTHING_SEEN * (this.#joint[cell] as number);
    }
    this.#normalise();
  }

  /** Makes the probabilities sum to 1 and returns what they summed to. */
  #normalise(): number {
    const joint = this.#joint;
    let total = 0;
    for (let cell = 0; cell < joint.length; cell++) total += joint[cell] as number;
    let sum = 0;
    for (let index = 0, cell = 0; index < this.length; index++) {
      for (let column = 0; column < this.#columns; column++, cell++)
        sum += joint[cell] = (joint[cell] as number) / total;
      this.#cumulative[index + 1] = sum;
    }
    return total;
  }
}
