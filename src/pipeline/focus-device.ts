/**
 * What a focus search runs on in a graph: the lens behind `lens/move` and the frames of the camera. A measurement moves
 * the lens, waits for a frame whose exposure began after the lens came to rest, and measures its windows.
 */
import type { Measurement, Request } from "../algorithms/search/types.ts";
import type { Clock } from "../core/clock.ts";
import { AutofocusError, toAutofocusError } from "../core/errors.ts";
import type { ImageU8 } from "../core/image.ts";
import type { Roi } from "../core/roi.ts";
import type { Milliseconds, Steps } from "../core/units.ts";
import type { Log } from "../ros/port.ts";
import { fromTime } from "../ros/time.ts";
import type { CameraFeed } from "./camera-feed.ts";
import { fromImageMessage } from "../ros/image-message.ts";
import type { FocusedFrame } from "./focused-frames.ts";
import type { LensClient } from "./lens-client.ts";
import type { Networks } from "./networks.ts";
import type { FocusDevice } from "./search-runner.ts";
import { measureWindows } from "./window-meter.ts";

export interface CameraDeviceParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly lens: LensClient;
  readonly camera: CameraFeed;
  readonly networks: Networks;
}

export interface CameraDeviceLimits {
  readonly frameTimeout: Milliseconds;
  readonly moveTimeout: Milliseconds;
}

/** Moves that another client may take over before a measurement gives up: a search owns the lens. */
const MAX_PREEMPTIONS = 3;

export class CameraDevice implements FocusDevice {
  readonly #parts: CameraDeviceParts;
  readonly #limits: CameraDeviceLimits;
  /** The focus windows of a frame. */
  readonly #windows: (frame: ImageU8) => readonly Roi[];
  #position: Steps;

  /** @param position where the lens stands now. */
  constructor(
    parts: CameraDeviceParts,
    limits: CameraDeviceLimits,
    windows: (frame: ImageU8) => readonly Roi[],
    position: Steps,
  ) {
    this.#parts = parts;
    this.#limits = limits;
    this.#windows = windows;
    this.#position = position;
  }

  position(): Steps {
    return this.#position;
  }

  /**
   * @throws AutofocusError `camera_stopped`, `lens_timeout`, `lens_fault`, `invalid_image` when frames come but none can
   *   be used, `invalid_input` for a window outside the frame, `canceled`.
   */
  async measure(request: Request, signal?: AbortSignal): Promise<Measurement> {
    const after = await this.moveTo(request.moveTo, signal);
    const options = { after, timeout: this.#limits.frameTimeout, signal };
    return this.#parts.camera.nextUsable(options, (frame) => this.#measure(request, frame));
  }

  async #measure({ measure, contrast }: Request, { message, position }: FocusedFrame): Promise<Measurement> {
    const gray = await fromImageMessage(message, "gray");
    const windows = this.#windows(gray);
    return measureWindows(measure, gray, windows, position, this.#parts.networks, contrast);
  }

  /** Moves the lens, unless it stands there, and returns the time from which on frames show it there. */
  async moveTo(position: Steps, signal?: AbortSignal): Promise<Milliseconds> {
    const { clock, lens, log } = this.#parts;
    if (position === this.#position && lens.state?.moving === false) return clock.now();
    for (let attempt = 1; ; attempt++) {
      try {
        const state = await lens.moveTo(position, { timeout: this.#limits.moveTimeout, signal });
        this.#position = state.position;
        return fromTime(state.header.stamp);
      } catch (error) {
        if (toAutofocusError(error).code !== "preempted" || signal?.aborted === true) throw error;
        if (attempt >= MAX_PREEMPTIONS) throw lensTaken(error);
        log.warn("Another client moved the lens during a search; taking it back.");
      }
    }
  }
}

function lensTaken(cause: unknown): AutofocusError {
  return new AutofocusError("preempted", "Another client keeps moving the lens.", {
    cure: "Stop what else moves the lens while it focuses.",
    cause,
  });
}
