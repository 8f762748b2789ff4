/** What an image signal processor does against noise before it sharpens: an edge-preserving mean, or a median. */
import { image, type ImageF32 } from "../core/image.ts";

const REACH = 2;
/** Differences are looked up in steps of a quarter camera value. */
const STEPS = 4;

/**
 * Bilateral filter over 5x5 pixels (Tomasi and Manduchi 1998).
 * @param tolerance Standard deviation of the weight over differences, camera values.
 */
export function bilateral(picture: ImageF32, tolerance: number): ImageF32 {
  const { width, height, data } = picture;
  const weights = Float32Array.from({ length: 256 * STEPS + 1 }, (_, k) =>
    Math.exp(-((k / STEPS / tolerance) ** 2) / 2),
  );
  const out = new Float32Array(data.length);
  for (let y = 0, at = 0; y < height; y++) {
    const [top, bottom] = [Math.max(0, y - REACH), Math.min(height - 1, y + REACH)];
    for (let x = 0; x < width; x++, at++) {
      const [left, right] = [Math.max(0, x - REACH), Math.min(width - 1, x + REACH)];
      const centre = data[at]!;
      let sum = 0;
      let total = 0;
      for (let v = top; v <= bottom; v++) {
        for (let u = left; u <= right; u++) {
          const value = data[v * width + u]!;
          const weight = weights[(Math.abs(value - centre) * STEPS) | 0]!;
          sum += weight * value;
          total += weight;
        }
      }
      out[at] = sum / total;
    }
  }
  return image(width, height, 1, out);
}

/** Median of the pixel and its four neighbours; border pixels stay. */
export function median(picture: ImageF32): ImageF32 {
  const { width, height, data } = picture;
  const out = Float32Array.from(data);
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      out[at] = medianOfFive(data[at]!, data[at - 1]!, data[at + 1]!, data[at - width]!, data[at + width]!);
    }
  }
  return image(width, height, 1, out);
}

function medianOfFive(a: number, b: number, c: number, d: number, e: number): number {
  // The least and the most of four are never the median of five; of the middle two and the fifth it is the median.
  const low = Math.max(Math.min(a, b), Math.min(c, d));
  const high = Math.min(Math.max(a, b), Math.max(c, d));
  return Math.max(Math.min(low, high), Math.min(Math.max(low, high), e));
}
