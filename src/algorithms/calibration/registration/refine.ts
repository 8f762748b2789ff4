/**
 * Gauss-Newton refinement of a map at one level: maximises the enhanced correlation of G. D. Evangelidis and
 * E. Z. Psarakis, "Parametric Image Alignment Using Enhanced Correlation Coefficient Maximization", TPAMI 30 (2008),
 * with the gradients of both pictures averaged (S. Benhimane and E. Malis, IROS 2004), so that neither is favoured, and
 * every pixel weighted by how well the frames agree around it. What coarser levels have found enters as a prior by its
 * information, so that a level on which the frames hardly agree moves the map hardly at all.
 */
import type { Level } from "./features.ts";
import { IDENTITY, reach, type Similarity, type Size } from "./similarity.ts";
import { correlation, inCommon, type Match } from "./overlap.ts";
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
    const { matches } = await inCommon(reference, moving, map, frame);
    const { hessian, gradient } = normalEquations(matches, radius / reduction);
    // The level's pixels are `reduction` pixels of the frame.
    information = prior.information.map((value, i) => value + (hessian[i] as number) / reduction ** 2);
    const now = unknowns(map, radius);
    const pull = gradient.map((value, row) => {
      let sum = value / reduction;
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

interface NormalEquations {
  /** 4x4 row-major, px^-2 of the level. */
  readonly hessian: Float64Array;
  /** px^-1 of the level. */
  readonly gradient: Float64Array;
}

/**
 * At the right map the product of either picture with the other's gradient is the same on average, `A B' = A' B`, when
 * both differ by a symmetric blur. Their difference is what drives the map; unlike the gradient of a squared difference
 * it has no term of a picture with its own gradient, which uneven detail of the sharper picture would bias.
 */
function normalEquations(seen: readonly Match[], radius: number): NormalEquations {
  let [h00, h01, h02, h03, h11, h12, h13, h22, h23, h33] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  let [g0, g1, g2, g3] = [0, 0, 0, 0];
  for (const { a, b, weights } of seen) {
    const { width, height } = a;
    const [p, q] = [a.data, b.data];
    for (let y = 1; y < height - 1; y++) {
      const Y = (y + 0.5 - height / 2) / radius;
      for (let x = 1, i = y * width + 1; x < width - 1; x++, i++) {
        const weight = weights[i] as number;
        if (weight === 0) continue;
        const X = (x + 0.5 - width / 2) / radius;
        const ax = ((p[i + 1] as number) - (p[i - 1] as number)) / 2;
        const ay = ((p[i + width] as number) - (p[i - width] as number)) / 2;
        const bx = (weight * ((q[i + 1] as number) - (q[i - 1] as number))) / 2;
        const by = (weight * ((q[i + width] as number) - (q[i - width] as number))) / 2;
        const stretchA = ax * X + ay * Y;
        const turnA = ay * X - ax * Y;
        const stretchB = bx * X + by * Y;
        const turnB = by * X - bx * Y;
        h00 += stretchA * stretchB;
        h01 += (stretchA * turnB + turnA * stretchB) / 2;
        h02 += (stretchA * bx + ax * stretchB) / 2;
        h03 += (stretchA * by + ay * stretchB) / 2;
        h11 += turnA * turnB;
        h12 += (turnA * bx + ax * turnB) / 2;
        h13 += (turnA * by + ay * turnB) / 2;
        h22 += ax * bx;
        h23 += (ax * by + ay * bx) / 2;
        h33 += ay * by;
        const value = p[i] as number;
        const other = weight * (q[i] as number);
        const pushX = (value * bx - other * ax) / 2;
        const pushY = (value * by - other * ay) / 2;
        g0 += pushX * X + pushY * Y;
        g1 += pushY * X - pushX * Y;
        g2 += pushX;
        g3 += pushY;
      }
    }
  }
  const hessian = [h00, h01, h02, h03, h01, h11, h12, h13, h02, h12, h22, h23, h03, h13, h23, h33];
  return {
    hessian: Float64Array.from(hessian, (value) => value / CORRELATED),
    gradient: Float64Array.of(g0, g1, g2, g3).map((value) => value / CORRELATED),
  };
}
