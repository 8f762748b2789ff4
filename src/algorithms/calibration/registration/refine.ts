/**
 * Gauss-Newton refinement of a map at one level: maximises the enhanced correlation of G. D. Evangelidis and
 * E. Z. Psarakis, "Parametric Image Alignment Using Enhanced Correlation Coefficient Maximization", TPAMI 30 (2008),
 * with the gradients of both pictures averaged (S. Benhimane and E. Malis, IROS 2004), so that neither is favoured, and
 * every pixel weighted by how well the frames agree around it. What coarser levels have found enters as a prior by its
 * information, so that a level on which the frames hardly agree moves the map hardly at all.
 */
import type { Level } from "./features.ts";
import { IDENTITY, reach, type Similarity, type Size } from "./similarity.ts";
import { overlap, type Overlap } from "./overlap.ts";
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
const STILL = 0.003;
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
  let seen = await overlap(reference, moving, map, frame);
  let information = prior.information;
  for (let iteration = 0; iteration < options.iterations; iteration++) {
    const { hessian, gradient } = normalEquations(reference, seen, radius / reduction);
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
    seen = await overlap(reference, moving, map, frame);
    if (length < STILL) break;
  }
  return { map, information, correlation: seen.correlation };
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

/** Of the weighted squared difference `a - gain b`, in units of its variance. */
function normalEquations(
  { features: a }: Level,
  { warped: b, weights }: Overlap,
  radius: number,
): NormalEquations {
  const { width, height } = a;
  const gain = bestGain(a.data, b.data, weights);
  const [p, q] = [a.data, b.data];
  const hessian = new Float64Array(UNKNOWNS * UNKNOWNS);
  const gradient = new Float64Array(UNKNOWNS);
  let [h00, h01, h02, h03, h11, h12, h13, h22, h23, h33] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  let [g0, g1, g2, g3] = [0, 0, 0, 0];
  let [squares, count] = [0, 0];
  for (let y = 1; y < height - 1; y++) {
    const fromMiddleY = (y + 0.5 - height / 2) / radius;
    for (let x = 1, i = y * width + 1; x < width - 1; x++, i++) {
      const weight = weights[i] as number;
      if (weight === 0) continue;
      const fromMiddleX = (x + 0.5 - width / 2) / radius;
      const alongX =
        ((p[i + 1] as number) - (p[i - 1] as number) + gain * ((q[i + 1] as number) - (q[i - 1] as number))) /
        4;
      const alongY =
        ((p[i + width] as number) -
          (p[i - width] as number) +
          gain * ((q[i + width] as number) - (q[i - width] as number))) /
        4;
      const stretch = alongX * fromMiddleX + alongY * fromMiddleY;
      const turn = alongY * fromMiddleX - alongX * fromMiddleY;
      const residual = (p[i] as number) - gain * (q[i] as number);
      h00 += weight * stretch * stretch;
      h01 += weight * stretch * turn;
      h02 += weight * stretch * alongX;
      h03 += weight * stretch * alongY;
      h11 += weight * turn * turn;
      h12 += weight * turn * alongX;
      h13 += weight * turn * alongY;
      h22 += weight * alongX * alongX;
      h23 += weight * alongX * alongY;
      h33 += weight * alongY * alongY;
      g0 += weight * stretch * residual;
      g1 += weight * turn * residual;
      g2 += weight * alongX * residual;
      g3 += weight * alongY * residual;
      squares += weight * residual * residual;
      count += weight;
    }
  }
  if (count > 0 && squares > 0) {
    const scale = count / squares / CORRELATED;
    hessian.set([h00, h01, h02, h03, h01, h11, h12, h13, h02, h12, h22, h23, h03, h13, h23, h33]);
    gradient.set([g0, g1, g2, g3]);
    for (let i = 0; i < hessian.length; i++) hessian[i] = (hessian[i] as number) * scale;
    for (let i = 0; i < gradient.length; i++) gradient[i] = (gradient[i] as number) * scale;
  }
  return { hessian, gradient };
}

function bestGain(a: Float32Array, b: Float32Array, weights: Float32Array): number {
  let [ab, bb] = [0, 0];
  for (let i = 0; i < weights.length; i++) {
    const weighted = (weights[i] as number) * (b[i] as number);
    ab += weighted * (a[i] as number);
    bb += weighted * (b[i] as number);
  }
  return bb > 0 ? ab / bb : 0;
}
