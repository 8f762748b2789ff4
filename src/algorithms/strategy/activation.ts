/**
 * The activation matrix U (paper 1, section 5.3): 1 where nothing is left to do, 0 where a patch is pending.
 *
 * Static scenes: U^t = U^(t-1) or M^t (Eq. 9), a patch once in focus is done.
 * Dynamic scenes: U^t = M^t or ... or M^(t-k) (Algorithm 2), a patch is done while it was in focus in one of the last
 * k frames; k = 0 is the greedy strategy U^t = M^t.
 */

import { LONGEST_MEMORY } from "./motion-memory.ts";

/** How the next position is chosen in a scene that moves: the fullest bin of Algorithm 2, or by age (age-planner.ts). */
export const PLANNERS = ["histogram", "age"] as const;
export type Planner = (typeof PLANNERS)[number];

/** k of Algorithm 2, or that the measured motion makes it (motion-memory.ts). */
export type Memory = number | "motion";

/** How a scene is taken: standing still, or moving with a memory of `k` frames. */
export type SceneKind =
  { readonly kind: "static" } | { readonly kind: "dynamic"; readonly k: Memory; readonly planner: Planner };

/** Masks that U is made of, newest first. A static scene keeps their union only. */
export type MaskHistory = readonly (readonly boolean[])[];

/** Adds M^t to the history and drops what U no longer needs. */
export function remember(history: MaskHistory, mask: readonly boolean[], scene: SceneKind): MaskHistory {
  return scene.kind === "static"
    ? [union([mask, ...history])]
    : [mask, ...history.slice(0, longestMemory(scene.k))];
}

/** The largest k that there can be. */
export function longestMemory(k: Memory): number {
  return k === "motion" ? LONGEST_MEMORY : k;
}

/** U: element-wise "or" of the masks. */
export function union(history: MaskHistory): readonly boolean[] {
  const [first = [], ...rest] = history;
  return first.map((inFocus, patch) => inFocus || rest.some((mask) => mask[patch] === true));
}
