/**
 * Pictures with transparency before a background, each at its own depth and on its own way. Far to near, each is
 * blurred together with its opacity and laid over what is behind it, so that the edge of a near thing becomes
 * see-through as it blurs while the background behind it is known.
 * The background is behind them all, whatever its depths.
 */
import { nearIsHigh } from "../../algorithms/optics/lens-model.ts";
import { AutofocusError } from "../../core/errors.ts";
import { zerosF32, type ImageF32 } from "../../core/image.ts";
import { diskBlur, resample } from "../../core/native/index.ts";
import { intersect, type Roi } from "../../core/roi.ts";
import type { Milliseconds, Pixels, Steps } from "../../core/units.ts";
import type { Scene, View } from "./scene.ts";

/** Where a cut-out is. */
export interface Pose {
  /** Its middle in the frame at the reference position. */
  readonly x: Pixels;
  readonly y: Pixels;
  /** Pixels of the frame per pixel of the picture. */
  readonly size: number;
  readonly z0: Steps;
}

export interface Cutout {
  /** Sharp, linear light. */
  readonly picture: ImageF32;
  /** One channel of the same size, 0 = see-through, 1 = opaque. */
  readonly alpha: ImageF32;
  readonly pose: (time: Milliseconds) => Pose;
}

export class CutoutScene implements Scene {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly #background: Scene;
  readonly #cutouts: readonly { readonly cutout: Cutout; readonly layers: Layer }[];
  readonly #view: View;

  /** @throws AutofocusError `invalid_image` when sizes or channels do not fit together. */
  constructor(background: Scene, cutouts: readonly Cutout[], view: View) {
    this.width = background.width;
    this.height = background.height;
    this.channels = background.channels;
    this.#background = background;
    this.#cutouts = cutouts.map((cutout) => ({ cutout, layers: prepare(cutout, background.channels) }));
    this.#view = view;
  }

  async render(position: Steps, time: Milliseconds): Promise<ImageF32> {
    let frame = await this.#background.render(position, time);
    for (const { layers, pose } of this.#farToNear(time)) {
      const placed = await this.#place(layers, pose, position);
      if (placed !== undefined) frame = over(frame, placed);
    }
    return frame;
  }

  /** The median of the window counts the topmost cut-out where it is at least half opaque, else the background. */
  trueFocus(window: Roi, time: Milliseconds): Steps {
    const behind = this.#background.trueFocus(window, time);
    const order = this.#farToNear(time).reverse();
    const values = new Float32Array(window.width * window.height);
    for (let row = 0; row < window.height; row++) {
      for (let column = 0; column < window.width; column++) {
        const hit = order.find(({ layers, pose }) =>
          opaqueAt(layers, pose, window.x + column, window.y + row),
        );
        values[row * window.width + column] = hit?.pose.z0 ?? behind;
      }
    }
    values.sort();
    return values[values.length >> 1] as number;
  }

  #farToNear(time: Milliseconds): { layers: Layer; pose: Pose }[] {
    const { lens } = this.#view;
    const towardsNear = nearIsHigh(lens) ? 1 : -1;
    return this.#cutouts
      .map(({ cutout, layers }) => ({ layers, pose: cutout.pose(time) }))
      .sort((a, b) => towardsNear * (a.pose.z0 - b.pose.z0));
  }

  /** A cut-out as the frame at `position` shows it, or undefined where it is out of the frame. */
  async #place(layers: Layer, pose: Pose, position: Steps): Promise<Placed | undefined> {
    const { lens, reference, centre } = this.#view;
    const magnification = lens.scale(reference, position);
    const middle = centre ?? { x: this.width / 2, y: this.height / 2 };
    const x = middle.x + magnification * (pose.x - middle.x);
    const y = middle.y + magnification * (pose.y - middle.y);
    const size = magnification * pose.size;
    const radius = lens.radius(pose.z0, position);
    const margin = Math.ceil(radius) + 2;
    const halfWidth = (size * layers.colour.width) / 2 + margin;
    const halfHeight = (size * layers.colour.height) / 2 + margin;
    const left = Math.floor(x - halfWidth);
    const top = Math.floor(y - halfHeight);
    const area = {
      x: left,
      y: top,
      width: Math.ceil(2 * halfWidth) + 1,
      height: Math.ceil(2 * halfHeight) + 1,
    };
    // What is out of the frame by more than the blur cannot reach into it.
    const canvas = intersect(area, {
      x: -margin,
      y: -margin,
      width: this.width + 2 * margin,
      height: this.height + 2 * margin,
    });
    const visible = canvas && intersect(canvas, { x: 0, y: 0, width: this.width, height: this.height });
    if (canvas === undefined || visible === undefined) return undefined;
    const toPicture = (length: number, at: number, from: number): number =>
      length / 2 - 0.5 + (from + 0.5 - at) / size;
    const project = async (picture: ImageF32): Promise<ImageF32> => {
      const sharp = await resample(picture, {
        width: canvas.width,
        height: canvas.height,
        matrix: [
          1 / size,
          0,
          toPicture(picture.width, x, canvas.x),
          0,
          1 / size,
          toPicture(picture.height, y, canvas.y),
        ],
        filter: "bilinear",
        border: "replicate",
      });
      return radius === 0 ? sharp : diskBlur(sharp, radius);
    };
    const [colour, alpha] = await Promise.all([project(layers.colour), project(layers.alpha)]);
    return { colour, alpha, canvas, visible };
  }
}

/** A cut-out with its colours multiplied by its opacity and a see-through rim, so that it can be resampled. */
interface Layer {
  readonly colour: ImageF32;
  readonly alpha: ImageF32;
}

interface Placed extends Layer {
  /** The part of the frame, or beyond it, that `colour` and `alpha` cover. */
  readonly canvas: Roi;
  readonly visible: Roi;
}

function prepare({ picture, alpha }: Cutout, channels: 1 | 3): Layer {
  if (alpha.channels !== 1 || alpha.width !== picture.width || alpha.height !== picture.height)
    throw new AutofocusError(
      "invalid_image",
      "Expected a cut-out whose opacity has one channel and its size.",
    );
  if (picture.channels !== channels)
    throw new AutofocusError(
      "invalid_image",
      `Expected a cut-out of ${channels} channels, as its background.`,
    );
  const { width, height } = picture;
  const colour = zerosF32(width + 2, height + 2, channels);
  const opacity = zerosF32(width + 2, height + 2);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const from = row * width + column;
      const to = (row + 1) * (width + 2) + column + 1;
      const opaque = alpha.data[from] as number;
      opacity.data[to] = opaque;
      for (let channel = 0; channel < channels; channel++)
        colour.data[to * channels + channel] = opaque * (picture.data[from * channels + channel] as number);
    }
  }
  return { colour, alpha: opacity };
}

/** Premultiplied "over" (Porter and Duff 1984) on a copy of the frame. */
function over(frame: ImageF32, { colour, alpha, canvas, visible }: Placed): ImageF32 {
  const { width, channels } = frame;
  const data = frame.data.slice();
  for (let y = visible.y; y < visible.y + visible.height; y++) {
    for (let x = visible.x; x < visible.x + visible.width; x++) {
      const from = (y - canvas.y) * canvas.width + x - canvas.x;
      const through = 1 - (alpha.data[from] as number);
      const to = (y * width + x) * channels;
      for (let channel = 0; channel < channels; channel++)
        data[to + channel] =
          (colour.data[from * channels + channel] as number) + through * (data[to + channel] as number);
    }
  }
  return { ...frame, data };
}

function opaqueAt({ alpha }: Layer, { x, y, size }: Pose, column: number, row: number): boolean {
  const u = Math.round(alpha.width / 2 - 0.5 + (column + 0.5 - x) / size);
  const v = Math.round(alpha.height / 2 - 0.5 + (row + 0.5 - y) / size);
  if (u < 0 || v < 0 || u >= alpha.width || v >= alpha.height) return false;
  return (alpha.data[v * alpha.width + u] as number) >= 0.5;
}
