/** The camera of a focal stack: it delivers the stored frame nearest to where the lens stands, unchanged. */
import type { Frame } from "../../core/frame.ts";
import type { Milliseconds, Steps } from "../../core/units.ts";
import type { CameraInfo } from "../camera.ts";
import { PacedCamera, type PacedCameraOptions, type Shot } from "../paced-camera.ts";
import type { FocalStack } from "./focal-stack.ts";

export interface ReplayCameraOptions extends PacedCameraOptions {
  readonly stack: FocalStack;
  readonly lens: { positionAt(time: Milliseconds): Steps };
}

export class ReplayCamera extends PacedCamera {
  readonly #options: ReplayCameraOptions;

  constructor(options: ReplayCameraOptions) {
    super(options);
    this.#options = options;
  }

  info(): CameraInfo {
    const { width, height, channels } = this.#options.stack;
    return { width, height, channels, model: "replay camera", frameId: this.frameId };
  }

  protected take({ at }: Shot): Promise<Frame["image"]> {
    const { stack, lens } = this.#options;
    return stack.read(lens.positionAt(at));
  }
}
