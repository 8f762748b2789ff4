/**
 * A camera without hardware: it exposes a scene through a lens. What it delivers has shot and read noise, exposure,
 * gamma and 8 bits. A frame taken while the lens moves shows the scene from where the lens stood in the middle of the
 * exposure.
 */
import type { Frame } from "../../core/frame.ts";
import { expose } from "../../core/native/index.ts";
import type { Milliseconds, Steps } from "../../core/units.ts";
import type { CameraInfo } from "../camera.ts";
import { PacedCamera, type PacedCameraOptions, type Shot } from "../paced-camera.ts";
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

export interface SimulatedCameraOptions extends PacedCameraOptions, Partial<Sensor> {
  readonly scene: Scene;
  /** What the camera looks through: a SimulatedLens, or anything that knows where it stood. */
  readonly lens: { positionAt(time: Milliseconds): Steps };
  /** Repeats the noise exactly. */
  readonly seed?: number;
}

/** A camera of today in good light. */
export const GOOD_LIGHT: Sensor = { gain: 1, gamma: 2.2, shotNoise: 4000, readNoise: 0.002 };

export class SimulatedCamera extends PacedCamera {
  readonly #options: SimulatedCameraOptions & Sensor & { readonly seed: number };

  constructor(options: SimulatedCameraOptions) {
    super(options);
    this.#options = { ...GOOD_LIGHT, seed: 1, ...options };
  }

  override async open(): Promise<void> {
    const { gain, gamma, shotNoise, readNoise } = this.#options;
    this.requirePositive("gain", gain);
    this.requirePositive("gamma", gamma);
    this.requireAtLeastZero("shotNoise", shotNoise);
    this.requireAtLeastZero("readNoise", readNoise);
    await super.open();
  }

  info(): CameraInfo {
    const { width, height, channels } = this.#options.scene;
    return { width, height, channels, model: "simulated camera", frameId: this.frameId };
  }

  protected async take({ at, sinceOpened, sequence }: Shot): Promise<Frame["image"]> {
    const { scene, lens, seed, gain, gamma, shotNoise, readNoise } = this.#options;
    const light = await scene.render(lens.positionAt(at), sinceOpened);
    return expose(light, { gain, gamma, shotNoise, readNoise, seed: seed + sequence });
  }
}
