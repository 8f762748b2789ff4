/**
 * The fewest focus positions that bring given in-focus positions into focus.
 *
 * A frame at z shows sharply what lies in [z - sigma_Z, z + sigma_Z]. Covering points of a line by the fewest such
 * intervals is solved exactly from left to right; here the points carry weights and a small share of the weight may be
 * left out, which is solved exactly too, by dynamic programming over the last interval:
 *
 *   best(k, e) = max(best(k, e - 1), best(k - 1, begin(e) - 1) + weight of begin(e)..e),
 *
 * with best(k, e) the largest weight that k intervals hold of the points 0..e, and begin(e) the first point that shares an
 * interval with e. That intervals do not overlap costs nothing: of two that do, the lower one can be moved down.
 *
 * Within what an interval holds there is room to choose its centre: it goes to the mean of the weight, where most is
 * sharpest, as far as it still holds both ends of it.
 */
import type { Steps } from "../../core/units.ts";

/** An interval of the cover. */
export interface CoverInterval {
  /** Where to take the frame. */
  readonly centre: Steps;
  /** Sum of the weights it holds. */
  readonly weight: number;
}

/**
 * The smallest number of intervals that hold all but `leaveOut` of the weight, and of that number those that hold most.
 * @param positions ascending, steps.
 * @param weights one a position, at least 0.
 * @param depthOfField half-width of the interval around a position.
 * @param leaveOut weight that may stay outside, same unit as the weights.
 * @param most intervals that are wanted at most; then those that hold most are returned.
 * @returns ascending; empty where the weight does not exceed `leaveOut`.
 */
export function intervalCover(
  positions: readonly Steps[],
  weights: readonly number[],
  depthOfField: (z: Steps) => Steps,
  leaveOut = 0,
  most = Infinity,
): readonly CoverInterval[] {
  const points: readonly Point[] = positions
    .map((position, index) => ({ position, weight: weights[index] ?? 0 }))
    .filter(({ weight }) => weight > 0);
  const before = prefixSums(points.map(({ weight }) => weight));
  const total = before[points.length] as number;
  const begins = beginnings(
    points.map(({ position }) => position),
    depthOfField,
  );
  /** Row k, column e + 1: the largest weight of the points 0..e in k intervals. */
  const rows: Float64Array[] = [new Float64Array(points.length + 1)];
  while (rows.length - 1 < most && reached(rows) < total - leaveOut - ROUNDING * total) {
    const last = rows.at(-1) as Float64Array;
    const row = new Float64Array(points.length + 1);
    for (let end = 0; end < points.length; end++) {
      const held = (before[end + 1] as number) - (before[begins[end] as number] as number);
      row[end + 1] = Math.max(row[end] as number, (last[begins[end] as number] as number) + held);
    }
    rows.push(row);
  }
  const cover: CoverInterval[] = [];
  for (let k = rows.length - 1, end = points.length; k > 0 && end > 0;) {
    const row = rows[k] as Float64Array;
    if (row[end] === row[end - 1]) {
      end--;
      continue;
    }
    const begin = begins[end - 1] as number;
    cover.push(interval(points.slice(begin, end), depthOfField));
    end = begin;
    k--;
  }
  return cover.reverse();
}

/** Share of the total that sums of many weights may be wrong by. */
const ROUNDING = 1e-9;

/** Share of the weight of an interval at either end that may lie outside of it. */
const TAIL = 0.02;

interface Point {
  readonly position: Steps;
  readonly weight: number;
}

/** @param held at least one point. */
function interval(held: readonly Point[], depthOfField: (z: Steps) => Steps): CoverInterval {
  const weight = held.reduce((sum, each) => sum + each.weight, 0);
  const mean = held.reduce((sum, each) => sum + each.weight * each.position, 0) / weight;
  const low = quantile(held, TAIL * weight);
  const high = quantile(held, (1 - TAIL) * weight);
  const reach = depthOfField((low + high) / 2);
  return { centre: Math.min(low + reach, Math.max(high - reach, mean)), weight };
}

/** The position up to which at least `wanted` of the weight lies. */
function quantile(points: readonly Point[], wanted: number): Steps {
  let sum = 0;
  for (const { position, weight } of points) {
    sum += weight;
    if (sum >= wanted) return position;
  }
  return (points.at(-1) as Point).position;
}

function reached(rows: readonly Float64Array[]): number {
  return rows.at(-1)?.at(-1) ?? 0;
}

function prefixSums(values: readonly number[]): Float64Array {
  const sums = new Float64Array(values.length + 1);
  values.forEach((value, index) => (sums[index + 1] = (sums[index] as number) + value));
  return sums;
}

/** For each position the index of the first one that fits into an interval with it. */
function beginnings(positions: readonly Steps[], depthOfField: (z: Steps) => Steps): readonly number[] {
  let begin = 0;
  return positions.map((end) => {
    for (;;) {
      const start = positions[begin] as Steps;
      const middle = (start + end) / 2;
      if (end - start <= 2 * depthOfField(middle) + 1e-9) return begin;
      begin++;
    }
  });
}
