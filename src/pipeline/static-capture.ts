/**
 * Captures a still scene so that every part of it is sharp in one frame (paper 1, section 5, static case): look, move,
 * look again, until the strategy says complete or a limit is reached. Frames in which something is in focus are handed
 * on to be fused.
 */
import { hold, type Clock } from "../core/clock.ts";
import { AutofocusError } from "../core/errors.ts";
import type { Milliseconds, Steps } from "../core/units.ts";
import { fromTime } from "../ros/time.ts";
import { throwIfAborted } from "../core/bounded.ts";
import type { CameraFeed } from "./camera-feed.ts";
import type { SceneLook, SceneLooker } from "./scene-look.ts";
import type { YieldingLens } from "./yielding-lens.ts";

export interface CaptureLimits {
  readonly maxFrames: number;
  /** Infinity = any. */
  readonly maxTravel: Steps;
  readonly frameTimeout: Milliseconds;
  readonly moveTimeout: Milliseconds;
}

export interface CaptureParts {
  readonly clock: Clock;
  readonly camera: CameraFeed;
  readonly lens: YieldingLens;
  readonly looker: SceneLooker;
  readonly signal: AbortSignal;
  /** Called after each look, and waited for. */
  readonly onLook: (look: SceneLook, totals: CaptureTotals) => Promise<void>;
}

export interface CaptureTotals {
  readonly frames: number;
  readonly travel: Steps;
  /** Where the frames were taken, in order. */
  readonly positions: readonly Steps[];
  /** Why each was taken there, one sentence each. */
  readonly reasons: readonly string[];
}

export interface CaptureEnd extends CaptureTotals {
  readonly coverage: number;
  /** Why it ended, one sentence. */
  readonly reason: string;
  /** The last look. */
  readonly last: SceneLook;
  /** Why the capture ended before it was complete, or undefined. */
  readonly limit: AutofocusError | undefined;
}

/**
 * @throws AutofocusError the reason of `signal`, `camera_stopped`, `lens_timeout`, `lens_fault`, `invalid_image`, and what
 *   the networks throw.
 */
export async function captureStatic(parts: CaptureParts, limits: CaptureLimits): Promise<CaptureEnd> {
  const { clock, camera, lens, looker, signal, onLook } = parts;
  const positions: Steps[] = [];
  const reasons: string[] = [];
  let reason = "Look where the lens stands.";
  let travel = 0;
  let target: Steps | undefined;
  for (;;) {
    let after = clock.now();
    if (target === undefined) await lens.free(signal);
    else after = fromTime((await lens.moveTo(target, { timeout: limits.moveTimeout, signal })).header.stamp);
    const { takings } = lens;
    // A search that took the lens in between left it elsewhere: once more.
    const look = await camera.nextUsable({ after, timeout: limits.frameTimeout, signal }, (frame) =>
      lens.takings === takings ? looker.look(frame) : Promise.resolve(undefined),
    );
    if (look === undefined) continue;
    throwIfAborted(signal);
    const { position } = look.frame;
    travel += Math.abs(position - (positions.at(-1) ?? position));
    positions.push(position);
    reasons.push(reason);
    const totals = { frames: positions.length, travel, positions: [...positions], reasons: [...reasons] };
    await hold(clock, onLook(look, totals));
    throwIfAborted(signal);
    const { next, coverage } = look.step;
    ({ reason } = look.step);
    const end = { ...totals, coverage, last: look };
    if (next === "complete") return { ...end, reason, limit: undefined };
    const limit = limitReached(totals, travel + Math.abs(next - position), limits);
    if (limit !== undefined) return { ...end, reason: limit.message, limit };
    target = next;
  }
}

function limitReached(
  { frames }: CaptureTotals,
  travel: Steps,
  { maxFrames, maxTravel }: CaptureLimits,
): AutofocusError | undefined {
  if (frames < maxFrames && travel <= maxTravel) return undefined;
  const what =
    frames >= maxFrames ? `${maxFrames} frames were taken` : `the next move would exceed ${maxTravel} steps`;
  return new AutofocusError("limit_reached", `Parts of the scene are still out of focus, but ${what}.`, {
    cure: "Allow more frames or travel.",
  });
}
