/**
 * The sign of the deviation, from two frames (paper 1, Eq. 6).
 *
 * With p = Z0 - Z and dZ = Z - Zprev, a patch at Z + |p| was | |p| + dZ | away from the lens in the previous frame,
 * a patch at Z - |p| was | |p| - dZ | away; the sign is the one whose distance is closer to |p_prev|, what was read
 * then. (Eq. 6 as printed has the sign reversed and lacks the outer absolute values.) For a symmetric lens that
 * distance from |p_prev| is the distance of a candidate from the nearer candidate of the previous frame; said so, the
 * equation also holds where the two sides differ, and where one lies outside the range.
 *
 * Where the frames cannot tell the sides apart (dZ = 0 above all, or |dZ| small against noise and motion), a patch keeps the
 * side it had, or rather the side where it would be if it kept moving as it did: a patch that has just been focused and
 * goes on approaching looks the same on both sides. At t = 0 the only side within range counts; with two, + as in
 * Algorithm 2.
 */
import type { Steps } from "../../core/units.ts";
import type { PatchDeviation } from "./deviation.ts";

/** What the latest reading of a patch said. */
export interface PatchMemory {
  /** In-focus positions that explained it. */
  readonly candidates: readonly Steps[];
  readonly std: Steps;
  /** The one that was chosen. */
  readonly inFocusAt: Steps;
  /** How far that had moved since the reading before; 0 at first. */
  readonly drift: Steps;
}

/** The latest reading of a patch with its side chosen; the older one where this frame has no reading. */
export function withSign(patch: PatchDeviation, previous: PatchMemory | undefined): PatchMemory | undefined {
  if (patch.kind !== "read") return previous;
  const { candidates, std } = patch;
  const low = candidates[0];
  const high = candidates.at(-1);
  if (low === undefined || high === undefined) return previous;
  if (previous === undefined) return { candidates, std, inFocusAt: high, drift: 0 };
  const inFocusAt = isHigher(low, high, std, previous) ? high : low;
  return { candidates, std, inFocusAt, drift: shortest(previous.candidates, inFocusAt) };
}

/** Eq. 6 between two candidates. */
function isHigher(low: Steps, high: Steps, std: Steps, previous: PatchMemory): boolean {
  const mismatchLow = Math.abs(shortest(previous.candidates, low));
  const mismatchHigh = Math.abs(shortest(previous.candidates, high));
  const tolerance = Math.max(Math.hypot(std, previous.std) + Math.abs(previous.drift), ROUNDING);
  if (Math.abs(mismatchHigh - mismatchLow) > tolerance) return mismatchHigh < mismatchLow;
  const predicted = previous.inFocusAt + previous.drift;
  return Math.abs(high - predicted) <= Math.abs(low - predicted);
}

/** Differences below this are rounding. */
const ROUNDING: Steps = 1e-6;

/** The signed way to `to` from the nearest of `from`. */
function shortest(from: readonly Steps[], to: Steps): Steps {
  let way: Steps = Infinity;
  for (const each of from) if (Math.abs(to - each) < Math.abs(way)) way = to - each;
  return way;
}
