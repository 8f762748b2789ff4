/**
 * k of Algorithm 2 by the measured motion. Paper 1, section 5.3, leaves k to the scene: small where it is strongly dynamic.
 *
 * What makes a mask of before untrue is that other things stand in the patches than did then, and where a patch is in focus
 * tells it: the share of patches whose in-focus position has moved by more than readings err is measured from look to look,
 * and k is the number of looks after which half of the patches would have changed. In a scene that stands still the masks
 * of many looks count together, nearly as in the static case; in one that moves fast only the latest do.
 */
import type { LensModel } from "../optics/lens-model.ts";
import type { PatchMemory } from "./sign.ts";

/** The largest k that motion makes. */
export const LONGEST_MEMORY = 8;

/** Share of changed patches that is taken for granted before it has been measured: it makes k = 1. */
export const UNMEASURED = 0.5;

/** Share of the patches that may have changed since a mask that counts. */
const STALE = 0.5;

/** Weight of the latest look in the share. */
const LATEST = 0.5;

/**
 * The share of patches that change from one look to the next, 0..1, with one more look.
 * @param share of before.
 * @param before what was known of each patch before this look; undefined for patches never read.
 * @param now what is known after it; the same object where this look has no reading.
 */
export function measuredChange(
  share: number,
  before: readonly (PatchMemory | undefined)[],
  now: readonly (PatchMemory | undefined)[],
  lens: LensModel,
): number {
  const moved = now.flatMap((each, index) => {
    const previous = before[index];
    if (each === undefined || previous === undefined || each === previous) return [];
    const certain = 2 * Math.max(lens.depthOfField(each.inFocusAt), Math.hypot(each.std, previous.std));
    return [Math.abs(each.drift) > certain];
  });
  if (moved.length === 0) return share;
  return (1 - LATEST) * share + (LATEST * moved.filter(Boolean).length) / moved.length;
}

/** k for a share of changing patches: 1 to LONGEST_MEMORY. */
export function memoryFor(share: number): number {
  if (share <= 0) return LONGEST_MEMORY;
  if (share >= STALE) return 1;
  return Math.min(LONGEST_MEMORY, Math.floor(Math.log(1 - STALE) / Math.log(1 - share)));
}
