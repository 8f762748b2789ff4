/** A sharp picture with an in-focus position for every pixel: near things cover far ones, and their blur spills over. */
import { imscale } from "../../algorithms/optics/defocus-model.ts";
import { AutofocusError } from "../../core/errors.ts";
import { crop, type ImageF32 } from "../../core/image.ts";
import { renderDefocus } from "../../core/native/index.ts";
import type { Roi } from "../../core/roi.ts";
import type { Steps } from "../../core/units.ts";
import { DepthLayers } from "./depth-layers.ts";
import { pictureRadius, type Scene, type View } from "./scene.ts";

export class DepthScene implements Scene {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly #picture: ImageF32;
  readonly #map: ImageF32;
  readonly #layers: DepthLayers;
  readonly #view: View;

  /**
   * @param picture sharp everywhere, linear light.
   * @param map in-focus position of each pixel, of the same size.
   * @throws AutofocusError `invalid_image`.
   */
  constructor(picture: ImageF32, map: ImageF32, view: View) {
    if (map.width !== picture.width || map.height !== picture.height) {
      throw new AutofocusError(
        "invalid_image",
        `Expected a depth map of ${picture.width}x${picture.height}, as the picture, but received ${map.width}x${map.height}.`,
      );
    }
    this.width = picture.width;
    this.height = picture.height;
    this.channels = picture.channels;
    this.#picture = picture;
    this.#map = map;
    this.#layers = new DepthLayers(map, view.lens);
    this.#view = view;
  }

  async render(position: Steps): Promise<ImageF32> {
    const { lens, reference, centre } = this.#view;
    const { index, radii } = this.#layers.cut(
      (z0) => Math.sign(z0 - position) * pictureRadius(this.#view, z0, position),
    );
    const blurred = await renderDefocus(this.#picture, index, radii);
    return imscale(blurred, lens.scale(reference, position), centre);
  }

  trueFocus(window: Roi): Steps {
    const values = crop(this.#map, window).data.sort();
    return values[values.length >> 1] as number;
  }
}
