/** A picture at one depth (paper 1, section 6.1.2: how its training images were made). */
import { defocus } from "../../algorithms/optics/defocus-model.ts";
import type { ImageF32 } from "../../core/image.ts";
import type { Milliseconds, Steps } from "../../core/units.ts";
import type { Scene, View } from "./scene.ts";

export class PhotoScene implements Scene {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly #picture: ImageF32;
  readonly #z0: (time: Milliseconds) => Steps;
  readonly #view: View;

  /**
   * @param picture sharp, linear light.
   * @param z0 where it is in focus; a function of time for a picture that comes nearer or recedes.
   */
  constructor(picture: ImageF32, z0: Steps | ((time: Milliseconds) => Steps), view: View) {
    this.width = picture.width;
    this.height = picture.height;
    this.channels = picture.channels;
    this.#picture = picture;
    this.#z0 = typeof z0 === "number" ? () => z0 : z0;
    this.#view = view;
  }

  render(position: Steps, time: Milliseconds): Promise<ImageF32> {
    const { lens, reference, centre } = this.#view;
    const radius = lens.radius(this.#z0(time), position);
    return defocus(this.#picture, radius, lens.scale(reference, position), centre);
  }

  trueFocus(_window: unknown, time: Milliseconds): Steps {
    return this.#z0(time);
  }
}
