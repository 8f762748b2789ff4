/**
 * Gauss-Newton refinement of a map at one level: maximises the enhanced correlation of G. D. Evangelidis and
 * E. Z. Psarakis, "Parametric Image Alignment Using Enhanced Correlation Coefficient Maximization", TPAMI 30 (2008),
 * with the gradients of both pictures averaged (S. Benhimane and E. Malis, IROS 2004), so that neither is favoured, and
 * every pixel weighted by how well the frames agree around it. What coarser levels have found enters as a prior by its
 * information, so that a level on which the frames hardly agree moves the map hardly at all.
 */
import type { Level } from "./features.ts";
import { IDENTITY, reach, type Similarity, type Size } from "./similarity.ts";
import { compare, correlation } from "./compare.ts";
import { solve } from "./solve.ts";

export interface Estimate {
  readonly map: Similarity;
  /** Inverse covariance of `unknowns(map)`, 4x4 row-major, px^-2 of the frame. */
  readonly information: Float64Array;
  /** At this level, over all of the overlap. */
  readonly correlation: number;
}

export interface RefineOptions {
  /** Whether the frames may be turned against each other. */
  readonly rotation: boolean;
  readonly iterations: number;
}

const UNKNOWNS = 4;
/** Neighbouring pixels of the features say the same: as many count as one. */
const CORRELATED = 12;
/** A step below this ends the iteration, px of the level. */
const STILL = 0.01;
/** Largest step, px of the level; beyond it the gradients say nothing. */
const STRIDE = 1.5;

/** No knowledge beyond a starting point. */
export function startingAt(map: Similarity): Estimate {
  return { map, information: new Float64Array(UNKNOWNS * UNKNOWNS), correlation: 0 };
}

export async function refine(
  reference: Level,
  moving: Level,
  frame: Size,
  prior: Estimate,
  options: RefineOptions,
): Promise<Estimate> {
  const { reduction } = reference;
  const radius = reach(frame);
  const expected = unknowns(prior.map, radius);
  let map = prior.map;
  let information = prior.information;
  for (let iteration = 0; iteration < options.iterations; iteration++) {
    const { hessian, gradient } = await compare(reference, moving, map, frame);
    // The level's pixels are `reduction` pixels of the frame.
    const certainty = 1 / (CORRELATED * reduction ** 2);
    information = prior.information.map((value, i) => value + certainty * (hessian[i] as number));
    const now = unknowns(map, radius);
    const pull = gradient.map((value, row) => {
      let sum = value / (CORRELATED * reduction);
      for (let column = 0; column < UNKNOWNS; column++)
        sum +=
          (prior.information[row * UNKNOWNS + column] as number) *
          ((expected[column] as number) - (now[column] as number));
      return sum;
    });
    const step = solve(information, pull, options.rotation ? [0, 1, 2, 3] : [0, 2, 3]);
    const length = Math.hypot(...step) / reduction;
    if (!Number.isFinite(length)) break;
    const damping = Math.min(1, STRIDE / length);
    map = fromUnknowns(
      now.map((value, i) => value + damping * (step[i] as number)),
      radius,
    );
    if (length < STILL) break;
  }
  return { map, information, correlation: await correlation(reference, moving, map, frame) };
}

/** All in px of the frame: how far the corners move by magnification and by turn, and the shifts. */
function unknowns({ along, across, dx, dy }: Similarity, radius: number): number[] {
  return [(along - IDENTITY.along) * radius, across * radius, dx, dy];
}

function fromUnknowns([stretch, turn, dx, dy]: readonly number[], radius: number): Similarity {
  return {
    along: IDENTITY.along + (stretch as number) / radius,
    across: (turn as number) / radius,
    dx: dx as number,
    dy: dy as number,
  };
}
