/**
 * Pictures in memory: row-major, interleaved, no padding.
 *
 * 8- and 16-bit pictures hold camera values (after gamma). Float pictures are nominally 0..1; whether they are
 * linear light or after gamma is said where they are used.
 */
import { AutofocusError, expected } from "./errors.ts";
import type { Roi } from "./roi.ts";

export type PixelArray = Uint8Array | Uint16Array | Float32Array;

export interface Image<T extends PixelArray = PixelArray> {
  /** Columns, px. */
  readonly width: number;
  /** Rows, px. */
  readonly height: number;
  /** 1 = gray, 3 = red, green, blue. */
  readonly channels: 1 | 3;
  /** `width * height * channels` values. */
  readonly data: T;
}

export type ImageU8 = Image<Uint8Array>;
export type ImageF32 = Image<Float32Array>;

/** Largest side accepted anywhere, px; a guard against lying headers. */
export const MAX_SIDE = 32768;

/**
 * A picture over `data`, checked.
 * @throws AutofocusError `invalid_image` when the sizes do not fit.
 */
export function image<T extends PixelArray>(
  width: number,
  height: number,
  channels: 1 | 3,
  data: T,
): Image<T> {
  for (const [name, side] of [
    ["width", width],
    ["height", height],
  ] as const) {
    if (!Number.isInteger(side) || side < 1 || side > MAX_SIDE) {
      throw expected("invalid_image", `an integer from 1 to ${MAX_SIDE}`, name, side);
    }
  }
  const length = width * height * channels;
  if (data.length !== length) {
    throw new AutofocusError(
      "invalid_image",
      `Expected ${length} values for a ${width}x${height}x${channels} picture but received ${data.length}.`,
    );
  }
  return { width, height, channels, data };
}

export function zerosF32(width: number, height: number, channels: 1 | 3 = 1): ImageF32 {
  return image(width, height, channels, new Float32Array(width * height * channels));
}

/** A copy of the pixels inside `roi`, which must lie within the picture. */
export function crop<T extends PixelArray>(source: Image<T>, roi: Roi): Image<T> {
  const { x, y, width, height } = roi;
  const integral = [x, y, width, height].every(Number.isInteger);
  if (
    !integral ||
    x < 0 ||
    y < 0 ||
    width < 1 ||
    height < 1 ||
    x + width > source.width ||
    y + height > source.height
  ) {
    throw new AutofocusError(
      "invalid_input",
      `Expected a region within ${source.width}x${source.height} but received ${width}x${height} at (${x}, ${y}).`,
    );
  }
  const { channels } = source;
  const data = new (source.data.constructor as new (length: number) => T)(width * height * channels);
  for (let row = 0; row < height; row++) {
    const from = ((y + row) * source.width + x) * channels;
    data.set(source.data.subarray(from, from + width * channels), row * width * channels);
  }
  return image(width, height, channels, data);
}
