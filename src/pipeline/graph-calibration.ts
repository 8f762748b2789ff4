/** The camera and the lens of a graph as the device that a calibration drives. */
import type { Range } from "../algorithms/optics/lens-model.ts";
import type { Milliseconds, Steps } from "../core/units.ts";
import { fromImageMessage } from "../ros/image-message.ts";
import type { CalibrationDevice, CalibrationFrame } from "./calibration-run.ts";
import { CameraDevice, type CameraDeviceLimits, type CameraDeviceParts } from "./focus-device.ts";

export class GraphDevice implements CalibrationDevice {
  readonly range: Range;
  readonly #parts: CameraDeviceParts;
  readonly #limits: CameraDeviceLimits;
  readonly #lens: CameraDevice;

  /** @param position where the lens stands. @param range what the motor can reach. */
  constructor(parts: CameraDeviceParts, limits: CameraDeviceLimits, position: Steps, range: Range) {
    this.range = range;
    this.#parts = parts;
    this.#limits = limits;
    this.#lens = new CameraDevice(parts, limits, () => [], position);
  }

  /** @throws AutofocusError `lens_timeout`, `lens_fault`, `preempted`, `canceled`. */
  moveTo(position: Steps, signal: AbortSignal): Promise<Milliseconds> {
    return this.#lens.moveTo(position, signal);
  }

  /** @throws AutofocusError `camera_stopped`, `invalid_image` when frames come but none can be used, `canceled`. */
  frameAfter(time: Milliseconds, signal: AbortSignal): Promise<CalibrationFrame> {
    const options = { after: time, timeout: this.#limits.frameTimeout, signal };
    return this.#parts.camera.nextUsable(options, async ({ message, position, stamp }) => ({
      position,
      stamp,
      gray: await fromImageMessage(message, "gray"),
    }));
  }
}
