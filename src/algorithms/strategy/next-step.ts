/**
 * The next focus position (paper 1, section 5.1): the centre of the fullest bin of the histogram of P over the pending
 * patches, with bins as wide as the depth of field (2 sigma_Z), so that one move brings a whole bin into focus.
 *
 * The bins are not laid on a fixed grid, which would cut a surface in two and spend two frames on it: every pending
 * patch begins a bin, the fullest counts, and its centre is the middle of what it holds. Of equally full bins the one
 * that needs less travel is taken; of two at the same distance the higher position.
 */
import type { Steps } from "../../core/units.ts";

export interface Bin {
  /** Middle between the lowest and the highest in-focus position it holds. */
  readonly centre: Steps;
  /** How many patches it holds. */
  readonly count: number;
}

/** Every bin that begins at a pending patch, lowest first. `positions` are the in-focus positions Z + P. */
export function bins(positions: readonly Steps[], depthOfField: (z: Steps) => Steps): readonly Bin[] {
  const sorted = [...positions].sort((a, b) => a - b);
  let end = 0;
  return sorted.map((low, begin) => {
    const width = 2 * depthOfField(low);
    end = Math.max(end, begin);
    for (let next = sorted[end + 1]; next !== undefined && next - low <= width; next = sorted[end + 1]) end++;
    return { centre: (low + (sorted[end] ?? low)) / 2, count: end - begin + 1 };
  });
}

/** The fullest bin; undefined when there is none. */
export function fullest(candidates: readonly Bin[], from: Steps): Bin | undefined {
  let best: Bin | undefined;
  for (const bin of candidates) {
    if (
      best === undefined ||
      bin.count > best.count ||
      (bin.count === best.count && isNearer(bin, best, from))
    )
      best = bin;
  }
  return best;
}

function isNearer(a: Bin, b: Bin, from: Steps): boolean {
  const difference = Math.abs(a.centre - from) - Math.abs(b.centre - from);
  return difference < 0 || (difference === 0 && a.centre > b.centre);
}
