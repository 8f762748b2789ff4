/**
 * The settled frames of a camera, one at a time, for whoever drives the lens: "the next frame taken after the lens
 * came to rest", within a bounded time.
 */
import { filter, share, type Observable, type Subscription } from "rxjs";
import { AutofocusError, toAutofocusError } from "../core/errors.ts";
import { hold, type Clock } from "../core/clock.ts";
import type { Milliseconds } from "../core/units.ts";
import { IMAGE_SUBSCRIPTION_QOS, type Log, type RosNode } from "../ros/port.ts";
import { bounded } from "../core/bounded.ts";
import { focusedFrames, type FocusedFrame } from "./focused-frames.ts";

export interface NextFrameOptions {
  /** The exposure must not have begun before. */
  readonly after: Milliseconds;
  readonly timeout: Milliseconds;
  readonly signal?: AbortSignal | undefined;
}

/** Unusable frames in a row after which the next one is not waited for. */
const MAX_BAD_FRAMES = 3;

export class CameraFeed {
  /** Frames taken with the lens at rest. */
  readonly settled$: Observable<FocusedFrame>;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #subscription: Subscription;
  #latest: FocusedFrame | undefined;

  /** Subscribes to `image_raw` and `frame_focus` of the node's namespace. */
  constructor(node: RosNode) {
    this.#clock = node.clock;
    this.#log = node.log;
    this.settled$ = focusedFrames(
      node.subscribe("image_raw", "sensor_msgs/msg/Image", IMAGE_SUBSCRIPTION_QOS),
      node.subscribe("frame_focus", "intelligent_autofocus/msg/FrameFocus", IMAGE_SUBSCRIPTION_QOS),
    ).pipe(
      filter(({ settled }) => settled),
      share(),
    );
    this.#subscription = this.settled$.subscribe((frame) => (this.#latest = frame));
  }

  /** The latest settled frame, if there was one. */
  get latest(): FocusedFrame | undefined {
    return this.#latest;
  }

  /**
   * The first settled frame whose exposure began at `after` or later; one that is here already counts.
   * @throws AutofocusError `camera_stopped` when none comes in time, `canceled`.
   */
  async next({ after, timeout, signal }: NextFrameOptions): Promise<FocusedFrame> {
    const latest = this.#latest;
    if (latest !== undefined && latest.stamp >= after) return latest;
    const bounds = { clock: this.#clock, timeout, signal, late: () => cameraStopped(timeout) };
    return bounded(bounds, (ended) => firstWhere(this.settled$, ({ stamp }) => stamp >= after, ended));
  }

  /**
   * What `work` makes of the next frame, in no time of a clock that is stepped. A frame that it cannot use
   * (`invalid_image`) is logged, and the one after it taken, a few times.
   * @throws AutofocusError as `next`, and what `work` throws.
   */
  async nextUsable<T>(options: NextFrameOptions, work: (frame: FocusedFrame) => Promise<T>): Promise<T> {
    let { after } = options;
    for (let bad = 1; ; bad++) {
      const frame = await this.next({ ...options, after });
      try {
        return await hold(this.#clock, work(frame));
      } catch (error) {
        const known = toAutofocusError(error);
        if (known.code !== "invalid_image" || bad >= MAX_BAD_FRAMES) throw error;
        this.#log.warn(`A frame cannot be used: ${known.message}`);
        after = frame.stamp + 1e-3;
      }
    }
  }

  close(): void {
    this.#subscription.unsubscribe();
  }
}

function firstWhere<T>(values$: Observable<T>, test: (value: T) => boolean, ended: AbortSignal): Promise<T> {
  return new Promise((resolve) => {
    const subscription = values$.pipe(filter(test)).subscribe((value) => {
      subscription.unsubscribe();
      resolve(value);
    });
    ended.addEventListener("abort", () => subscription.unsubscribe(), { once: true });
  });
}

function cameraStopped(timeout: Milliseconds): AutofocusError {
  return new AutofocusError(
    "camera_stopped",
    `No frame taken with the lens at rest came within ${timeout} ms.`,
    {
      cure: "Check that camera_driver and motor_driver are active in the same namespace: ros2 lifecycle get, /diagnostics.",
    },
  );
}
