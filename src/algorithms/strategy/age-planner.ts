/**
 * Where to look next in a scene that moves, beyond paper 1: its histogram (next-step.ts) with a memory of k frames never
 * visits the smaller of more than k + 2 distances. Here every patch has an age, the frames since it was last in focus, and
 * the next position is the one where most age goes away for the time it takes to get there.
 *
 * A patch of age A is worth A (A + 1) / 2, the index of Whittle's policy for keeping information fresh over one shared
 * channel (I. Kadota, A. Sinha, E. Uysal-Biyikoglu, R. Singh, E. Modiano, Scheduling Policies for Minimizing Age of
 * Information in Broadcast Wireless Networks, IEEE/ACM Trans. Networking 26 (2018), section V); the lens is the channel.
 */
import type { Steps } from "../../core/units.ts";
import type { LensModel } from "../optics/lens-model.ts";
import { bins } from "./next-step.ts";

/** What is remembered of a patch. */
export interface Watched {
  /** Where it was last read to be in focus; undefined before it was read. */
  readonly inFocusAt: Steps | undefined;
  /** Frames since the lens served it; since the beginning, if it never did. */
  readonly age: number;
}

/** A patch this old is not worth more with every frame. */
const OLDEST = 24;
/** Frames that go by while the lens moves over its whole range. */
const FRAMES_OVER_RANGE = 1;

/** What a frame told: where patches are in focus (undefined: not read), which are, and from where it was taken. */
export interface Look {
  readonly inFocusAt: readonly (Steps | undefined)[];
  readonly mask: readonly boolean[];
  readonly z: Steps;
}

/**
 * Takes in a frame. A patch is served when it is in focus, and when the lens stood where it was said to be: one that shows
 * two distances, and is said to be elsewhere wherever the lens stands, would be chased for ever.
 */
export function watch(before: readonly Watched[], look: Look, lens: LensModel): readonly Watched[] {
  const reach = lens.depthOfField(look.z);
  return look.inFocusAt.map((position, index) => {
    const last = before[index];
    const tried = last?.inFocusAt !== undefined && Math.abs(last.inFocusAt - look.z) <= reach;
    const served = look.mask[index] === true || tried;
    return {
      inFocusAt: position ?? last?.inFocusAt,
      age: served ? 0 : Math.min(OLDEST, (last?.age ?? 0) + 1),
    };
  });
}

export interface Destination {
  readonly position: Steps;
  /** Patches that are in focus there, and the frames since the oldest of them was served. */
  readonly count: number;
  readonly age: number;
}

/** The most rewarding position, or undefined where every patch that is known is in focus. */
export function mostRewarding(
  patches: readonly Watched[],
  lens: LensModel,
  z: Steps,
): Destination | undefined {
  const { min, max } = lens.range;
  const due = patches.filter(({ inFocusAt, age }) => inFocusAt !== undefined && age > 0);
  let best: (Destination & { readonly rate: number }) | undefined;
  for (const { centre } of bins(
    due.map(({ inFocusAt }) => inFocusAt as Steps),
    (position) => lens.depthOfField(position),
  )) {
    const position = Math.min(max, Math.max(min, centre));
    const reach = lens.depthOfField(position);
    const there = due.filter(({ inFocusAt }) => Math.abs((inFocusAt as Steps) - position) <= reach);
    const worth = there.reduce((sum, { age }) => sum + (age * (age + 1)) / 2, 0);
    const rate = worth / (1 + (FRAMES_OVER_RANGE * Math.abs(position - z)) / (max - min));
    if (there.length > 0 && (best === undefined || rate > best.rate))
      best = { position, count: there.length, age: Math.max(...there.map(({ age }) => age)), rate };
  }
  return best;
}
