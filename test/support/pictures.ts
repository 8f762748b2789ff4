/** Pictures for tests, and how far two are apart. */
import { image, type Image, type ImageF32, type ImageU8, type PixelArray } from "../../src/core/image.ts";
import { type Random, uniformInt } from "../../src/core/random.ts";

/** Values uniform in 0..1. */
export function noiseF32(random: Random, width: number, height: number, channels: 1 | 3 = 1): ImageF32 {
  const data = Float32Array.from({ length: width * height * channels }, () => random.next());
  return image(width, height, channels, data);
}

/** Values uniform in 0..255. */
export function noiseU8(random: Random, width: number, height: number, channels: 1 | 3 = 1): ImageU8 {
  const data = Uint8Array.from({ length: width * height * channels }, () => uniformInt(random, 0, 255));
  return image(width, height, channels, data);
}

/** Largest absolute difference of two pictures of the same shape; infinite where either is not a number. */
export function farthest<T extends PixelArray>(a: Image<T>, b: Image): number {
  if (a.width !== b.width || a.height !== b.height || a.channels !== b.channels) {
    throw new Error(
      `${a.width}x${a.height}x${a.channels} is no ${b.width}x${b.height}x${b.channels} picture.`,
    );
  }
  let most = 0;
  a.data.forEach((value, index) => {
    const difference = Math.abs(value - b.data[index]!);
    most = Math.max(most, Number.isNaN(difference) ? Infinity : difference);
  });
  return most;
}

/** Sizes that break what only works for round ones. */
export const AWKWARD_SIZES = [
  [1, 1],
  [1, 7],
  [9, 1],
  [2, 2],
  [3, 5],
  [17, 13],
  [40, 33],
  [131, 9],
] as const;
