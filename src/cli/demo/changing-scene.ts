/** A scene that can be replaced while the camera runs, and that can be seen without blur afterwards. */
import type { SteppedClock } from "../../core/clock.ts";
import type { ImageF32 } from "../../core/image.ts";
import type { Roi } from "../../core/roi.ts";
import type { Milliseconds, Steps } from "../../core/units.ts";
import type { Scene } from "../../drivers/simulator/scene.ts";
import type { DemoScene } from "./scenes.ts";

export class ChangingScene implements Scene {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly #clock: SteppedClock;
  readonly #exposure: Milliseconds;
  #current: DemoScene;
  /** Of the clock, when the current scene began. */
  #begin: Milliseconds;

  constructor(first: DemoScene, clock: SteppedClock, exposure: Milliseconds) {
    const { width, height, channels } = first.scene;
    this.width = width;
    this.height = height;
    this.channels = channels;
    this.#clock = clock;
    this.#exposure = exposure;
    this.#current = first;
    this.#begin = clock.now();
  }

  /** The time of the new scene begins now. Frames must have the size of the first. */
  show(scene: DemoScene): void {
    this.#current = scene;
    this.#begin = this.#clock.now();
  }

  /** A frame is rendered at the end of its exposure and shows the middle of it. */
  render(position: Steps): Promise<ImageF32> {
    return this.#current.scene.render(position, this.#now());
  }

  trueFocus(window: Roi): Steps {
    return this.#current.scene.trueFocus(window, this.#now());
  }

  /** All in focus, magnified as with the lens at `position`, for a frame whose exposure began at `stamp`. */
  truth(position: Steps, stamp: Milliseconds): Promise<ImageF32> {
    return this.#current.sharp.render(position, stamp + this.#exposure / 2 - this.#begin);
  }

  #now(): Milliseconds {
    return this.#clock.now() - this.#exposure / 2 - this.#begin;
  }
}
