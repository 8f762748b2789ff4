/**
 * A camera without hardware: it exposes a scene through a lens. What it delivers has shot and read noise, exposure,
 * gamma and 8 bits. A frame taken while the lens moves shows the scene from where the lens stood in the middle of the
 * exposure. Its time is the clock it is given; rendering takes no time of a stepped clock, and on the system clock the
 * frame rate falls when rendering takes longer than a period.
 */
import { Subject, type Observable } from "rxjs";
import type { Clock } from "../../core/clock.ts";
import { AutofocusError, expected, toAutofocusError } from "../../core/errors.ts";
import type { Frame } from "../../core/frame.ts";
import { expose } from "../../core/native/index.ts";
import type { Milliseconds, Steps } from "../../core/units.ts";
import type { CameraDriver, CameraInfo } from "../camera.ts";
import type { Scene } from "./scene.ts";

/** How light becomes camera values. */
export interface Sensor {
  /** Factor on the light before it is clipped at 1. */
  readonly gain: number;
  /** Camera value = light^(1/gamma) (paper 1, Eq. 2). */
  readonly gamma: number;
  /** Electrons of a white pixel, for shot noise; 0 = none. */
  readonly shotNoise: number;
  /** Standard deviation of the noise in the dark, 0..1 of white. */
  readonly readNoise: number;
}

export interface SimulatedCameraOptions extends Partial<Sensor> {
  readonly scene: Scene;
  /** What the camera looks through: a SimulatedLens, or anything that knows where it stood. */
  readonly lens: { positionAt(time: Milliseconds): Steps };
  readonly clock: Clock;
  /** Frames a second. */
  readonly frameRate?: number;
  readonly exposure?: Milliseconds;
  /** Repeats the noise exactly. */
  readonly seed?: number;
  readonly frameId?: string;
  /** The camera goes away after this many frames: a simulated fault. */
  readonly failAfter?: number;
}

/** A camera of today in good light. */
export const GOOD_LIGHT: Sensor = { gain: 1, gamma: 2.2, shotNoise: 4000, readNoise: 0.002 };

export class SimulatedCamera implements CameraDriver {
  readonly frames$: Observable<Frame>;
  readonly #frames = new Subject<Frame>();
  readonly #options: Required<Omit<SimulatedCameraOptions, "failAfter">> & { readonly failAfter: number };
  readonly #closing = new AbortController();
  #opened: Milliseconds | undefined;

  constructor(options: SimulatedCameraOptions) {
    this.#options = {
      ...GOOD_LIGHT,
      frameRate: 30,
      exposure: 8,
      seed: 1,
      frameId: "camera_optical_frame",
      failAfter: Infinity,
      ...options,
    };
    this.frames$ = this.#frames.asObservable();
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- an async function turns a throw into a rejection
  async open(): Promise<void> {
    const { frameRate, exposure, gain, gamma, shotNoise, readNoise, clock } = this.#options;
    for (const [name, value, least] of [
      ["frameRate", frameRate, Number.MIN_VALUE],
      ["exposure", exposure, 0],
      ["gain", gain, Number.MIN_VALUE],
      ["gamma", gamma, Number.MIN_VALUE],
      ["shotNoise", shotNoise, 0],
      ["readNoise", readNoise, 0],
    ] as const) {
      if (value >= least && Number.isFinite(value)) continue;
      const what = least === 0 ? "a number of at least 0" : "a number above 0";
      throw expected("camera_open_failed", what, `${name} of the simulated camera`, value, {
        cure: "Correct the parameters of the simulated camera.",
      });
    }
    if (this.#closing.signal.aborted) {
      throw new AutofocusError("camera_open_failed", "The simulated camera has been closed.", {
        cure: "Make a new one.",
      });
    }
    if (this.#opened !== undefined) return;
    this.#opened = clock.now();
    void this.#run(this.#opened);
  }

  info(): CameraInfo {
    const { scene, frameId } = this.#options;
    return {
      width: scene.width,
      height: scene.height,
      channels: scene.channels,
      model: "simulated camera",
      frameId,
    };
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- an async function turns a throw into a rejection
  async close(): Promise<void> {
    this.#closing.abort();
    this.#frames.complete();
  }

  async #run(opened: Milliseconds): Promise<void> {
    const { clock, frameRate, exposure, failAfter } = this.#options;
    const { signal } = this.#closing;
    try {
      for (let sequence = 0, due = opened; ; sequence++) {
        if (sequence >= failAfter)
          throw new AutofocusError("camera_stopped", "The simulated camera went away.");
        await clock.sleep(due - clock.now(), signal);
        const stamp = clock.now();
        await clock.sleep(exposure, signal);
        const capture = this.#capture(stamp, sequence);
        const frame = await (clock.hold?.(capture) ?? capture);
        if (signal.aborted) return;
        this.#frames.next(frame);
        due = Math.max(due + 1000 / frameRate, clock.now());
      }
    } catch (error) {
      if (!signal.aborted) this.#frames.error(toAutofocusError(error, "camera_stopped"));
    }
  }

  async #capture(stamp: Milliseconds, sequence: number): Promise<Frame> {
    const { scene, lens, exposure, frameId, seed, gain, gamma, shotNoise, readNoise } = this.#options;
    const middle = stamp + exposure / 2;
    const light = await scene.render(lens.positionAt(middle), middle - (this.#opened ?? stamp));
    const image = await expose(light, { gain, gamma, shotNoise, readNoise, seed: seed + sequence });
    return { image, stamp, exposure, sequence, frameId };
  }
}
