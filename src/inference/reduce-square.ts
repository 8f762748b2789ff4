/** A square of a picture, made smaller by taking means: how a patch larger than a network reads is shown to it. */
import { image, type ImageU8 } from "../core/image.ts";
import type { Roi } from "../core/roi.ts";
import type { Pixels } from "../core/units.ts";

/** The input pixels an output pixel covers, and by how much. */
interface Cover {
  readonly from: number;
  readonly weights: Float32Array;
}

/**
 * @param gray One channel.
 * @param square Within the picture, at least `side` px wide.
 * @returns `side` x `side` px, each the mean over what it covers, rounded.
 */
export function reduceSquare(gray: ImageU8, square: Roi, side: Pixels): ImageU8 {
  const covers = coversOf(square.width, side);
  const out = new Uint8Array(side * side);
  const line = new Float32Array(square.width);
  for (let y = 0; y < side; y++) {
    const { from, weights } = covers[y] as Cover;
    line.fill(0);
    weights.forEach((weight, k) => {
      const start = (square.y + from + k) * gray.width + square.x;
      for (let x = 0; x < line.length; x++)
        line[x] = (line[x] as number) + weight * (gray.data[start + x] as number);
    });
    for (let x = 0; x < side; x++) {
      const across = covers[x] as Cover;
      let sum = 0.5;
      for (let k = 0; k < across.weights.length; k++)
        sum += (across.weights[k] as number) * (line[across.from + k] as number);
      out[y * side + x] = sum;
    }
  }
  return image(side, side, 1, out);
}

function coversOf(length: number, side: number): Cover[] {
  const factor = length / side;
  return Array.from({ length: side }, (_, index) => {
    const [start, end] = [index * factor, Math.min(length, (index + 1) * factor)];
    const from = Math.floor(start + 1e-9);
    const to = Math.ceil(end - 1e-9);
    const weights = Float32Array.from({ length: to - from }, (__, k) => {
      const covered = Math.min(end, from + k + 1) - Math.max(start, from + k);
      return covered / factor;
    });
    return { from, weights };
  });
}
