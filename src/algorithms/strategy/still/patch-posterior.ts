/**
 * What all frames of a still scene say together about one patch: the probability of every in-focus position Z0, on a grid
 * of a tenth of the depth of field, jointly with how the scene fools the network (beta of
 * search/reading-likelihood.ts). It is the posterior of the learned search, once a patch and coarser.
 *
 * A patch that shows two distances is read by the sharper of the two, so its readings contradict a single Z0. Each
 * likelihood leaves room for a reading of something else, so the posterior settles on the distance that most frames
 * agree on, instead of somewhere between the two as an average would.
 */
import type { Steps } from "../../../core/units.ts";
import type { LensModel } from "../../optics/lens-model.ts";
import { frameLikelihood, student } from "../../search/reading-likelihood.ts";
import { finestDepthOfField } from "../../planning/sweep-positions.ts";
import { logRadiusOf, type DefocusReading } from "../../search/types.ts";

/** The values of beta that are told apart. */
const BETAS = [-2, -1, 0, 1, 2] as const;

/** Positions of the grid within a depth of field, from its middle to its end. */
const FINENESS = 10;

/** Most positions of the grid. */
const LARGEST_GRID = 4000;

/**
 * The positions that in-focus positions are told apart at, ascending: the middles of stretches of one length that fill the
 * range of the lens, so that what is said of a stretch holds from end to end of it.
 */
export function focusGrid(lens: LensModel): readonly Steps[] {
  const { min, max } = lens.range;
  const finest = finestDepthOfField(lens);
  const cells = Math.min(LARGEST_GRID, Math.max(1, Math.ceil((FINENESS * (max - min)) / finest)));
  return Array.from({ length: cells }, (_, index) => min + ((max - min) * (index + 0.5)) / cells);
}

/**
 * Radii of everything the grid tells apart, for frames taken at `z`: the same for all patches of a frame. The stretch that
 * holds `z` counts as in focus there, however fine the readings are.
 */
export function gridLogRadii(lens: LensModel, grid: readonly Steps[], z: Steps): readonly number[] {
  const half = halfPitch(grid);
  return grid.map((z0) => logRadiusOf(lens.radius(Math.abs(z0 - z) <= half ? z : z0, z)));
}

/** Half the distance between positions of the grid. */
export function halfPitch(grid: readonly Steps[]): Steps {
  return ((grid[1] ?? 0) - (grid[0] ?? 0)) / 2;
}

export class PatchPosterior {
  /** Probability of each position of the grid; sums to 1. */
  readonly probability: Float64Array;
  /** Row by row of the positions, one column a beta. */
  readonly #joint: Float64Array;

  private constructor(joint: Float64Array) {
    this.#joint = joint;
    const total = joint.reduce((sum, each) => sum + each, 0);
    this.probability = new Float64Array(joint.length / BETAS.length);
    joint.forEach((each, index) => {
      const cell = Math.floor(index / BETAS.length);
      this.#joint[index] = each / total;
      this.probability[cell] = (this.probability[cell] as number) + each / total;
    });
  }

  /** Before anything is seen: all positions are equally likely. */
  static uniform(positions: number): PatchPosterior {
    const columns = BETAS.map(student);
    return new PatchPosterior(
      Float64Array.from(
        { length: positions * BETAS.length },
        (_, index) => columns[index % BETAS.length] as number,
      ),
    );
  }

  /**
   * With one more reading; this one stays as it is. A reading without texture changes nothing.
   * @param logRadii of `gridLogRadii`, for the frame the reading is of.
   */
  with(reading: DefocusReading, logRadii: readonly number[]): PatchPosterior {
    const frame = frameLikelihood([reading]);
    if (frame === undefined) return this;
    const joint = this.#joint.slice();
    logRadii.forEach((logRadius, cell) => {
      const likelihood = frame.at(logRadius);
      BETAS.forEach((beta, column) => {
        const at = cell * BETAS.length + column;
        joint[at] = (joint[at] as number) * likelihood(beta);
      });
    });
    return new PatchPosterior(joint);
  }

  /** Probability of the cells from `first` to before `end`. */
  mass(first: number, end: number): number {
    let sum = 0;
    for (let cell = Math.max(0, first); cell < Math.min(end, this.probability.length); cell++)
      sum += this.probability[cell] as number;
    return sum;
  }

  /**
   * Where it is in focus: the mean within half of `sigma` of the most probable position, so that the two sides of a small
   * deviation are not taken for none; and the probability of all within `sigma` of the most probable position, 0..1.
   */
  estimate(
    grid: readonly Steps[],
    sigma: Steps,
  ): { readonly inFocusAt: Steps; readonly probability: number } {
    let best = 0;
    this.probability.forEach((each, cell) => {
      if (each > (this.probability[best] as number)) best = cell;
    });
    const mode = grid[best] as Steps;
    let [probability, near, moment] = [0, 0, 0];
    this.probability.forEach((each, cell) => {
      const position = grid[cell] as Steps;
      const distance = Math.abs(position - mode);
      if (distance > sigma) return;
      probability += each;
      if (distance > sigma / 2) return;
      near += each;
      moment += each * position;
    });
    return { inFocusAt: moment / near, probability };
  }
}
