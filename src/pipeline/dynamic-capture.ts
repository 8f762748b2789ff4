/**
 * The focus trajectory for video (paper 1, Algorithm 2): look at a frame taken with the lens at rest, move where most of
 * what is pending is in focus, and so on until the signal aborts. With nothing pending the lens stays.
 *
 * What goes wrong is told and waited out: a camera that stops, a lens that does not arrive, a frame that cannot be read.
 */
import { hold, type Clock } from "../core/clock.ts";
import { toAutofocusError, type AutofocusError } from "../core/errors.ts";
import type { Milliseconds } from "../core/units.ts";
import { fromTime } from "../ros/time.ts";
import { throwIfAborted } from "../core/bounded.ts";
import type { CameraFeed } from "./camera-feed.ts";
import type { SceneLook, SceneLooker } from "./scene-look.ts";
import type { YieldingLens } from "./yielding-lens.ts";

export interface TrajectoryParts {
  readonly clock: Clock;
  readonly camera: CameraFeed;
  readonly lens: YieldingLens;
  readonly looker: SceneLooker;
  readonly signal: AbortSignal;
  readonly frameTimeout: Milliseconds;
  readonly moveTimeout: Milliseconds;
  readonly onLook: (look: SceneLook) => Promise<void>;
  /** Told of an error when it begins, not each time it repeats. */
  readonly onTrouble: (error: AutofocusError) => void;
}

/** How long to wait after something went wrong. */
const PAUSE: Milliseconds = 500;

/** Runs until the signal aborts, then resolves. */
export async function followScene(parts: TrajectoryParts): Promise<void> {
  const { clock, signal, onTrouble } = parts;
  let after = clock.now();
  let trouble: string | undefined;
  for (;;) {
    try {
      throwIfAborted(signal);
      after = await lookAndMove(parts, after);
      trouble = undefined;
    } catch (error) {
      if (signal.aborted) return;
      const known = toAutofocusError(error);
      if (known.code !== trouble) onTrouble(known);
      trouble = known.code;
      await clock.sleep(PAUSE, signal).catch(() => undefined);
      after = clock.now();
    }
  }
}

/** Returns the time from which on frames count for the next look. */
async function lookAndMove(parts: TrajectoryParts, after: Milliseconds): Promise<Milliseconds> {
  const { clock, camera, lens, looker, signal, frameTimeout, moveTimeout, onLook } = parts;
  await lens.free(signal);
  const options = { after, timeout: frameTimeout, signal };
  const look = await camera.nextUsable(options, (frame) => looker.look(frame));
  await hold(clock, onLook(look));
  const { frame, step } = look;
  const { next } = step;
  if (next === "complete" || Math.abs(next - frame.position) < 1) return frame.stamp + 1e-3;
  const state = await lens.moveTo(next, { timeout: moveTimeout, signal });
  return fromTime(state.header.stamp);
}
