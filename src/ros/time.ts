/** Times of the core (milliseconds since the epoch) and of ROS (seconds and nanoseconds). */
import type { Milliseconds } from "../core/units.ts";
import type { HeaderMsg, TimeMsg } from "./messages.ts";

export function toTime(time: Milliseconds): TimeMsg {
  const sec = Math.floor(time / 1000);
  const nanosec = Math.floor((time - sec * 1000) * 1e6);
  return { sec, nanosec };
}

export function fromTime({ sec, nanosec }: TimeMsg): Milliseconds {
  return sec * 1000 + nanosec / 1e6;
}

export function header(stamp: Milliseconds, frameId: string): HeaderMsg {
  return { stamp: toTime(stamp), frame_id: frameId };
}
