/**
 * How good a blend is, for every weight at once: within a cell the squared error of `w I + (1 - w) J` against the
 * truth T is `a w^2 - 2 b w + c` with a = mean (I - J)^2, b = mean (I - J)(T - J), c = mean (T - J)^2.
 */
import type { Pair } from "../../algorithms/fusion/streaming/features.ts";
import type { Scales } from "../../algorithms/fusion/streaming/scales.ts";
import type { ImageU8 } from "../../core/image.ts";

export interface BlendError {
  readonly a: Float32Array;
  readonly b: Float32Array;
  readonly c: Float32Array;
}

/** All three pictures have one channel and one size; values count as 0..1. */
export function blendError({ frame, picture }: Pair, truth: ImageU8, scales: Scales): BlendError {
  const { cell, columns, rows } = scales;
  const [a, b, c, count] = Array.from({ length: 4 }, () => new Float32Array(columns * rows));
  const { width, height } = frame;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const to = Math.floor(y / cell) * columns + Math.floor(x / cell);
      const older = picture.data[at]!;
      const step = (frame.data[at]! - older) / 255;
      const wanted = (truth.data[at]! - older) / 255;
      a![to]! += step * step;
      b![to]! += step * wanted;
      c![to]! += wanted * wanted;
      count![to]! += 1;
    }
  }
  const mean = (sums: Float32Array | undefined): Float32Array => sums!.map((sum, at) => sum / count![at]!);
  return { a: mean(a), b: mean(b), c: mean(c) };
}

/** The weights with the least error; the middle where they do not matter. */
export function bestWeights({ a, b }: BlendError): Float32Array {
  /** Of the square of a camera value. */
  const rounding = 1e-5;
  return a.map((each, at) => Math.min(1, Math.max(0, (b[at]! + rounding / 2) / (each + rounding))));
}
