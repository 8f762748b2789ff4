/** Paper 1, section 3, Fig. 3, as it is written: every filter, every scale, every position, one after the other. */
import { crop, type ImageF32 } from "../../../src/core/image.ts";
import type { Roi } from "../../../src/core/roi.ts";
import { referenceDiskBlur } from "./blur.ts";
import { referenceResample } from "./resample.ts";

export interface BruteForce {
  readonly radii: readonly number[];
  readonly scales: readonly number[];
}

export function searchPair(
  focused: ImageF32,
  defocused: ImageF32,
  patch: Roi,
  { radii, scales }: BruteForce,
): { readonly radius: number; readonly scale: number; readonly score: number } {
  const margin = Math.ceil(Math.max(...radii)) + 1;
  const inner = {
    x: margin,
    y: margin,
    width: patch.width - 2 * margin,
    height: patch.height - 2 * margin,
  };
  const sharp = crop(focused, patch);
  let best = { radius: NaN, scale: NaN, score: -1 };
  for (const radius of radii) {
    const blurred = referenceDiskBlur(sharp, radius, inner);
    for (const scale of scales) {
      const score = bestPosition(scaled(blurred, scale), defocused);
      if (score > best.score) best = { radius, scale, score };
    }
  }
  return best;
}

/** `imscale` about the middle, as much of it as an even number of pixels holds. */
function scaled(picture: ImageF32, scale: number): ImageF32 {
  const width = 2 * Math.floor((picture.width * scale) / 2 - 1);
  const height = 2 * Math.floor((picture.height * scale) / 2 - 1);
  const start = (from: number, to: number): number => from / 2 - to / 2 / scale + 0.5 / scale - 0.5;
  return referenceResample(picture, {
    width,
    height,
    matrix: [1 / scale, 0, start(picture.width, width), 0, 1 / scale, start(picture.height, height)],
    filter: "bicubic",
    border: "mirror",
  });
}

/** The largest normalised cross-correlation with any patch of the same size. */
function bestPosition(template: ImageF32, frame: ImageF32): number {
  let best = -1;
  for (let y = 0; y + template.height <= frame.height; y++)
    for (let x = 0; x + template.width <= frame.width; x++)
      best = Math.max(best, correlation(template, frame, x, y));
  return best;
}

function correlation(template: ImageF32, frame: ImageF32, left: number, top: number): number {
  let [a, b, aa, bb, ab] = [0, 0, 0, 0, 0];
  for (let y = 0; y < template.height; y++)
    for (let x = 0; x < template.width; x++) {
      const p = template.data[y * template.width + x]!;
      const q = frame.data[(top + y) * frame.width + left + x]!;
      a += p;
      b += q;
      aa += p * p;
      bb += q * q;
      ab += p * q;
    }
  const n = template.data.length;
  return (n * ab - a * b) / Math.sqrt((n * aa - a * a) * (n * bb - b * b));
}
