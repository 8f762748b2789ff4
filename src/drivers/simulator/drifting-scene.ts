/** A deep picture larger than the frame, seen by a camera that pans; it may bend. Its depths move with it. */
import { AutofocusError } from "../../core/errors.ts";
import type { ImageF32 } from "../../core/image.ts";
import { resample, warp, type Flow } from "../../core/native/index.ts";
import type { Roi } from "../../core/roi.ts";
import type { Milliseconds, Pixels, Steps } from "../../core/units.ts";
import { DepthScene } from "./depth-scene.ts";
import type { Scene, View } from "./scene.ts";

/** What part of the picture the frame shows. */
export interface Framing {
  /** Top-left corner of the frame in the picture, px of the picture. */
  readonly x: Pixels;
  readonly y: Pixels;
  /** Pixels of the frame per pixel of the picture. */
  readonly size: number;
}

export interface DriftingSceneInput {
  /** Sharp, linear light. */
  readonly picture: ImageF32;
  /** In-focus position of each pixel of the picture. */
  readonly map: ImageF32;
  readonly width: Pixels;
  readonly height: Pixels;
  readonly view: View;
  readonly framing: (time: Milliseconds) => Framing;
  /** Where each pixel of the frame would be if nothing bent, as maps of any size; nothing bends by default. */
  readonly bend?: (time: Milliseconds) => Flow;
}

export class DriftingScene implements Scene {
  readonly width: Pixels;
  readonly height: Pixels;
  readonly channels: 1 | 3;
  readonly #input: DriftingSceneInput;

  /** @throws AutofocusError `invalid_image` when picture and map differ in size. */
  constructor(input: DriftingSceneInput) {
    const { picture, map, width, height } = input;
    if (picture.width !== map.width || picture.height !== map.height)
      throw new AutofocusError("invalid_image", "Expected a depth map of the size of the picture.");
    this.width = width;
    this.height = height;
    this.channels = picture.channels;
    this.#input = input;
  }

  async render(position: Steps, time: Milliseconds): Promise<ImageF32> {
    const { picture, map, view } = this.#input;
    const [shown, depths] = await Promise.all([this.#shown(picture, time), this.#shown(map, time)]);
    return new DepthScene(shown, depths, view).render(position);
  }

  /** As if nothing bent. */
  trueFocus(window: Roi, time: Milliseconds): Steps {
    const { map } = this.#input;
    const { x, y, size } = this.#input.framing(time);
    const column = Math.round(x + (window.x + window.width / 2) / size - 0.5);
    const row = Math.round(y + (window.y + window.height / 2) / size - 0.5);
    const within = (at: number, side: number): number => Math.min(side - 1, Math.max(0, at));
    return map.data[within(row, map.height) * map.width + within(column, map.width)] as number;
  }

  async #shown(picture: ImageF32, time: Milliseconds): Promise<ImageF32> {
    const { width, height, framing, bend } = this.#input;
    const { x, y, size } = framing(time);
    const offset = (start: number): number => start + 0.5 / size - 0.5;
    const shown = await resample(picture, {
      width,
      height,
      matrix: [1 / size, 0, offset(x), 0, 1 / size, offset(y)],
      filter: "bilinear",
      border: "mirror",
    });
    return bend === undefined ? shown : warp(shown, bend(time));
  }
}
