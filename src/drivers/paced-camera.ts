/**
 * A camera that delivers one frame a period of the clock it is given, whatever it takes them from. Taking a frame costs
 * no time of a stepped clock; on the system clock the frame rate falls when it takes longer than a period.
 */
import { Subject, type Observable } from "rxjs";
import { hold, type Clock } from "../core/clock.ts";
import { AutofocusError, expected, toAutofocusError } from "../core/errors.ts";
import type { Frame } from "../core/frame.ts";
import type { Milliseconds } from "../core/units.ts";
import type { CameraDriver, CameraInfo } from "./camera.ts";

export interface PacedCameraOptions {
  readonly clock: Clock;
  /** Frames a second. */
  readonly frameRate?: number;
  readonly exposure?: Milliseconds;
  readonly frameId?: string;
  /** The camera goes away after this many frames: a simulated fault. */
  readonly failAfter?: number;
}

/** What the frame shows, to be taken at the middle of its exposure. */
export interface Shot {
  /** Time of the clock. */
  readonly at: Milliseconds;
  /** The same, counted from when the camera was opened. */
  readonly sinceOpened: Milliseconds;
  readonly sequence: number;
}

export abstract class PacedCamera implements CameraDriver {
  readonly frames$: Observable<Frame>;
  protected readonly frameId: string;
  readonly #frames = new Subject<Frame>();
  readonly #closing = new AbortController();
  readonly #pace: Required<Omit<PacedCameraOptions, "frameId">>;
  #opened = false;

  constructor(options: PacedCameraOptions) {
    const {
      clock,
      frameRate = 30,
      exposure = 8,
      frameId = "camera_optical_frame",
      failAfter = Infinity,
    } = options;
    this.#pace = { clock, frameRate, exposure, failAfter };
    this.frameId = frameId;
    this.frames$ = this.#frames.asObservable();
  }

  abstract info(): CameraInfo;
  protected abstract take(shot: Shot): Promise<Frame["image"]>;

  // eslint-disable-next-line @typescript-eslint/require-await -- an async function turns a throw into a rejection
  async open(): Promise<void> {
    if (this.#closing.signal.aborted) {
      throw new AutofocusError("camera_open_failed", `The ${this.info().model} has been closed.`, {
        cure: "Make a new one.",
      });
    }
    if (this.#opened) return;
    this.requirePositive("frameRate", this.#pace.frameRate);
    this.requireAtLeastZero("exposure", this.#pace.exposure);
    this.#opened = true;
    void this.#run();
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- an async function turns a throw into a rejection
  async close(): Promise<void> {
    this.#closing.abort();
    this.#frames.complete();
  }

  protected requirePositive(name: string, value: number): void {
    if (!(value > 0 && Number.isFinite(value))) throw this.#refuse("a number above 0", name, value);
  }

  protected requireAtLeastZero(name: string, value: number): void {
    if (!(value >= 0 && Number.isFinite(value))) throw this.#refuse("a number of at least 0", name, value);
  }

  #refuse(what: string, name: string, value: number): AutofocusError {
    const { model } = this.info();
    return expected("camera_open_failed", what, `${name} of the ${model}`, value, {
      cure: `Correct the parameters of the ${model}.`,
    });
  }

  async #run(): Promise<void> {
    const { clock, frameRate, exposure, failAfter } = this.#pace;
    const { frameId } = this;
    const { signal } = this.#closing;
    const opened = clock.now();
    try {
      for (let sequence = 0, due = opened; ; sequence++) {
        if (sequence >= failAfter)
          throw new AutofocusError("camera_stopped", `The ${this.info().model} went away.`, {
            cure: "Check the cable and the power of the camera, then open it again.",
          });
        await clock.sleep(due - clock.now(), signal);
        const stamp = clock.now();
        await clock.sleep(exposure, signal);
        const at = stamp + exposure / 2;
        const image = await hold(clock, this.take({ at, sinceOpened: at - opened, sequence }));
        if (signal.aborted) return;
        this.#frames.next({ image, stamp, exposure, sequence, frameId });
        due = Math.max(due + 1000 / frameRate, clock.now());
      }
    } catch (error) {
      if (!signal.aborted) this.#frames.error(toAutofocusError(error, "camera_stopped"));
    }
  }
}
