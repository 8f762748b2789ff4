/** How the references look beyond the borders of a picture. */
import { image, type ImageF32 } from "../../../src/core/image.ts";
import type { Roi } from "../../../src/core/roi.ts";

/** Reflection with the edge pixel repeated: dcba|abcd|dcba. */
export function mirrored(i: number, n: number): number {
  let at = i;
  while (at < 0 || at >= n) at = at < 0 ? -1 - at : 2 * n - 1 - at;
  return at;
}

export function clamped(i: number, n: number): number {
  return Math.min(Math.max(i, 0), n - 1);
}

/** The value at a pixel, borders mirrored. */
export function at(source: ImageF32, x: number, y: number, channel: number): number {
  const { width, height, channels, data } = source;
  return data[(mirrored(y, height) * width + mirrored(x, width)) * channels + channel]!;
}

/** A picture of the size of `roi` whose values `value` gives at the places of the roi. */
export function paint(
  roi: Roi,
  channels: 1 | 3,
  value: (x: number, y: number, channel: number) => number,
): ImageF32 {
  const data = new Float32Array(roi.width * roi.height * channels);
  let index = 0;
  for (let y = roi.y; y < roi.y + roi.height; y++) {
    for (let x = roi.x; x < roi.x + roi.width; x++) {
      for (let channel = 0; channel < channels; channel++) data[index++] = value(x, y, channel);
    }
  }
  return image(roi.width, roi.height, channels, data);
}

export function whole(source: ImageF32): Roi {
  return { x: 0, y: 0, width: source.width, height: source.height };
}
