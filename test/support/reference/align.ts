/**
 * Plain reference of how maps are found and judged (native/kernels/registration: refine.cc, coarse_search.cc, align.cc,
 * gain.cc), on the plain comparison of registration.ts.
 */
import {
  cornerDistance,
  IDENTITY,
  reach,
} from "../../../src/algorithms/calibration/registration/similarity.ts";
import { solve } from "../../../src/algorithms/calibration/registration/solve.ts";
import type { ImageF32 } from "../../../src/core/image.ts";
import type {
  AlignSearch,
  FeatureLevel,
  FrameSize,
  LevelGain,
  ResampleOptions,
  Similarity,
} from "../../../src/core/native/index.ts";
import { referenceComparison, referenceCorrelation } from "./registration.ts";
import { referenceResample } from "./resample.ts";

interface Estimate {
  readonly map: Similarity;
  readonly information: readonly number[];
  readonly correlation: number;
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * b[i]!, 0);

function matrixOf(
  { along: c, across: s, dx, dy }: Similarity,
  frame: FrameSize,
  reduction: number,
): ResampleOptions["matrix"] {
  const [x, y] = [frame.width / reduction / 2 - 0.5, frame.height / reduction / 2 - 0.5];
  return [c, -s, x - c * x + s * y + dx / reduction, s, c, y - s * x - c * y + dy / reduction];
}

function referenceRefine(
  ours: FeatureLevel,
  theirs: FeatureLevel,
  frame: FrameSize,
  prior: Estimate,
  rotation: boolean,
  iterations: number,
): Estimate {
  const { reduction } = ours;
  const radius = reach(frame);
  const unknowns = ({ along, across, dx, dy }: Similarity): number[] => [
    (along - 1) * radius,
    across * radius,
    dx,
    dy,
  ];
  const expected = unknowns(prior.map);
  let { map, information, correlation } = prior;
  for (let iteration = 0; iteration < iterations; iteration++) {
    const matrix = matrixOf(map, frame, reduction);
    const { hessian, gradient } = referenceComparison(
      ours.blurred,
      theirs.blurred,
      matrix,
      radius / reduction,
    );
    correlation = referenceCorrelation(ours.blurred[0]!, theirs.blurred[0]!, matrix);
    information = prior.information.map((value, i) => value + hessian[i]! / (12 * reduction ** 2));
    const now = unknowns(map);
    const away = expected.map((value, i) => value - now[i]!);
    const pull = gradient.map(
      (value, row) => value / (12 * reduction) + dot(prior.information.slice(4 * row, 4 * row + 4), away),
    );
    const step = solve(Float64Array.from(information), pull, rotation ? [0, 1, 2, 3] : [0, 2, 3]);
    const length = Math.hypot(...step) / reduction;
    if (!Number.isFinite(length)) break;
    const damping = Math.min(1, 1.5 / length);
    const [stretch, turn, dx, dy] = now.map((value, i) => value + damping * step[i]!) as [
      number,
      number,
      number,
      number,
    ];
    map = { along: 1 + stretch / radius, across: turn / radius, dx, dy };
    if (length < 0.02) break;
  }
  return { map, information, correlation };
}

function referenceCoarseSearch(
  { blurred, reduction }: FeatureLevel,
  moving: ImageF32,
  frame: FrameSize,
  { scale, shift }: AlignSearch,
): Similarity[] {
  const reference = blurred[0]!;
  const { width, height } = reference;
  const steps = Math.ceil((scale * reach(frame)) / reduction);
  const most = Math.min(Math.ceil(shift / reduction), Math.floor(Math.min(width, height) / 3));
  const scored: { map: Similarity; correlation: number }[] = [];
  for (let step = -steps; step <= steps; step++) {
    const along = 1 + (steps === 0 ? 0 : (scale * step) / steps);
    const matrix = matrixOf({ ...IDENTITY, along }, frame, reduction);
    const options = { width, height, matrix, filter: "bilinear", border: "replicate" } as const;
    const scaled = referenceResample(moving, options);
    for (let dy = -most; dy <= most; dy++)
      for (let dx = -most; dx <= most; dx++) {
        const map = { along, across: 0, dx: dx * along * reduction, dy: dy * along * reduction };
        scored.push({ map, correlation: shifted(reference, scaled, dx, dy) });
      }
  }
  const chosen: Similarity[] = [];
  for (const { map } of scored.sort((a, b) => b.correlation - a.correlation))
    if (chosen.length < 4 && chosen.every((other) => cornerDistance(map, other, frame) >= 2.5 * reduction))
      chosen.push(map);
  return chosen;
}

/** Of a(x, y) and b(x + dx, y + dy), less borders of 3 px. */
function shifted(a: ImageF32, b: ImageF32, dx: number, dy: number): number {
  let [aa, ab, bb] = [0, 0, 0];
  for (let y = 3 + Math.max(0, -dy); y < a.height - 3 - Math.max(0, dy); y++)
    for (let x = 3 + Math.max(0, -dx); x < a.width - 3 - Math.max(0, dx); x++) {
      const [p, q] = [a.data[y * a.width + x]!, b.data[(y + dy) * a.width + x + dx]!];
      aa += p * p;
      ab += p * q;
      bb += q * q;
    }
  return aa * bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
}

export function referenceAlign(
  ours: readonly FeatureLevel[],
  theirs: readonly FeatureLevel[],
  frame: FrameSize,
  search: AlignSearch,
): Similarity {
  const best = (estimates: readonly Estimate[], apart: number, count: number): Estimate[] => {
    const chosen: Estimate[] = [];
    for (const each of estimates.toSorted((a, b) => b.correlation - a.correlation))
      if (chosen.length < count && chosen.every(({ map }) => cornerDistance(map, each.map, frame) >= apart))
        chosen.push(each);
    return chosen;
  };
  const at = (level: number, prior: Estimate): Estimate =>
    referenceRefine(ours[level]!, theirs[level]!, frame, prior, search.rotation, level === 0 ? 10 : 5);
  const from = (maps: readonly Similarity[]): Estimate[] =>
    maps.map((map) => at(0, { map, information: new Array<number>(16).fill(0), correlation: 0 }));
  let estimates = from(search.likely);
  if (estimates.every(({ correlation }) => correlation < 0.9))
    estimates.push(...from(referenceCoarseSearch(ours[0]!, theirs[0]!.blurred[0]!, frame, search)));
  estimates = best(estimates, ours[0]!.reduction, 2);
  for (let level = 1; level < ours.length; level++)
    estimates = best(
      estimates.map((prior) => at(level, prior)),
      0,
      1,
    );
  return estimates[0]!.map;
}

export function referenceGain(
  ours: FeatureLevel,
  theirs: FeatureLevel,
  frame: FrameSize,
  map: Similarity,
): LevelGain {
  const [without, under] = [IDENTITY, map].map((each) =>
    referenceComparison(ours.blurred, theirs.blurred, matrixOf(each, frame, ours.reduction), 1),
  ) as [ReturnType<typeof referenceComparison>, ReturnType<typeof referenceComparison>];
  const columns = ours.blurred[0]!.width >> 1;
  const blocks = new Map<string, [number, number, number]>();
  const all: [number, number, number] = [0, 0, 0];
  for (const [i, before] of without.agreement.entries()) {
    const strength = Math.min(without.strength[i]!, under.strength[i]!);
    const key = [i % columns, Math.floor(i / columns)].map((at) => Math.floor(at / 8)).join();
    const block = blocks.get(key) ?? [0, 0, 0];
    blocks.set(key, block);
    for (const sums of [block, all]) {
      sums[0] += strength * before;
      sums[1] += strength * under.agreement[i]!;
      sums[2] += strength;
    }
  }
  const gains = [...blocks.values()].filter(([, , sum]) => sum > 0).map(([a, b, sum]) => (b - a) / sum);
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
  const squares = gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0);
  return {
    before: all[0] / all[2],
    after: all[1] / all[2],
    explained: (all[1] - all[0]) / (all[2] - all[0]),
    certain: gains.length >= 4 && mean > 3 * Math.sqrt(squares / (gains.length - 1) / gains.length),
  };
}
