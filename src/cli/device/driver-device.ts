/** A camera and a lens driver as one device, without a graph in between: for calibrating it, and for planning captures on it. */
import { filter, firstValueFrom, type Observable } from "rxjs";
import type { Range } from "../../algorithms/optics/lens-model.ts";
import { bounded } from "../../core/bounded.ts";
import { systemClock } from "../../core/clock.ts";
import { AutofocusError } from "../../core/errors.ts";
import type { SettledFrame } from "../../core/frame.ts";
import { toGray } from "../../core/native/index.ts";
import type { Milliseconds, Steps } from "../../core/units.ts";
import type { CameraDriver } from "../../drivers/camera.ts";
import type { LensDriver } from "../../drivers/lens.ts";
import { toEightBit } from "../../io/picture.ts";
import type { CalibrationDevice, CalibrationFrame } from "../../pipeline/calibration-run.ts";
import { clockTimer } from "../../pipeline/clock-timer.ts";
import { settledFrames } from "../../pipeline/settled-frames.ts";

/** Without a frame for so long the camera has stopped. */
const FRAME_TIMEOUT: Milliseconds = 20_000;

export class DriverDevice implements CalibrationDevice {
  readonly #lens: LensDriver;
  readonly #camera: CameraDriver;
  readonly #settled$: Observable<SettledFrame>;

  /** Both are open. */
  constructor(camera: CameraDriver, lens: LensDriver) {
    this.#lens = lens;
    this.#camera = camera;
    this.#settled$ = settledFrames(camera.frames$, lens.state$, { after: clockTimer(systemClock) });
  }

  get range(): Range {
    const { min, max } = this.#lens.capabilities();
    return { min, max };
  }

  async moveTo(position: Steps, signal?: AbortSignal): Promise<Milliseconds> {
    return (await this.#lens.moveTo(position, signal)).stamp;
  }

  /** As seen by a calibration. @throws AutofocusError `camera_stopped`, `canceled`. */
  async frameAfter(time: Milliseconds, signal: AbortSignal): Promise<CalibrationFrame> {
    const { frame, position } = await this.settledAfter(time, signal);
    return { position, stamp: frame.stamp, gray: await toGray(toEightBit(frame.image)) };
  }

  /**
   * The first frame that was begun at `time` or later with the lens at rest.
   * @throws AutofocusError `camera_stopped`, `canceled`.
   */
  settledAfter(time: Milliseconds, signal?: AbortSignal): Promise<SettledFrame> {
    const late = (): AutofocusError =>
      new AutofocusError(
        "camera_stopped",
        `${this.#camera.info().model}: no frame within ${FRAME_TIMEOUT} ms.`,
      );
    return bounded({ clock: systemClock, timeout: FRAME_TIMEOUT, signal, late }, () =>
      firstValueFrom(this.#settled$.pipe(filter(({ frame: { stamp } }) => stamp >= time))),
    );
  }
}
