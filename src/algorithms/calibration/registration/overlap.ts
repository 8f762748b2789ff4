/** The moving frame's features as the reference would see them, at one level, and where the two agree. */
import { image, type ImageF32 } from "../../../core/image.ts";
import { boxFilter, resample } from "../../../core/native/index.ts";
import type { Level } from "./features.ts";
import { type Affine, type Similarity, type Size, toAffine } from "./similarity.ts";

/** Pixels of the level at the borders where the features know only half of what is around them. */
const BORDER = 3;
/** Half the side of the window in which agreement is judged, px of the level. */
const WINDOW = 5;

export interface Overlap {
  /** Features of the moving frame where the map puts the pixels of the reference. */
  readonly warped: ImageF32;
  /**
   * How much each pixel counts, 0..1: the square of the local correlation of the two, 0 where it is negative or where
   * one frame ends. So what is sharp in one frame only, or has moved, has no say.
   */
  readonly weights: Float32Array;
  /** 1 where both frames have something to compare, else 0. */
  readonly inside: Uint8Array;
  /** Correlation over all of the overlap, -1..1. */
  readonly correlation: number;
}

export async function overlap(
  reference: Level,
  moving: Level,
  map: Similarity,
  frame: Size,
): Promise<Overlap> {
  const a = reference.features;
  const { width, height } = a;
  const matrix = toAffine(map, frame, reference.reduction);
  const warped = await resample(moving.features, {
    width,
    height,
    matrix,
    filter: "bicubic",
    border: "mirror",
  });
  const b = warped.data;
  const [aa, ab, bb] = [new Float32Array(b.length), new Float32Array(b.length), new Float32Array(b.length)];
  const inside = new Uint8Array(b.length);
  let [sumAA, sumAB, sumBB] = [0, 0, 0];
  for (let y = BORDER; y < height - BORDER; y++) {
    const [first, last] = insideRow(matrix, y, a);
    for (let x = first, i = y * width + first; x <= last; x++, i++) {
      inside[i] = 1;
      const [p, q] = [a.data[i] as number, b[i] as number];
      sumAA += aa[i] = p * p;
      sumAB += ab[i] = p * q;
      sumBB += bb[i] = q * q;
    }
  }
  const [localAA, localAB, localBB] = await Promise.all([
    boxFilter(image(width, height, 1, aa), WINDOW, "shrink"),
    boxFilter(image(width, height, 1, ab), WINDOW, "shrink"),
    boxFilter(image(width, height, 1, bb), WINDOW, "shrink"),
  ]);
  const weights = new Float32Array(b.length);
  for (let i = 0; i < b.length; i++) {
    const common = localAB.data[i] as number;
    const both = (localAA.data[i] as number) * (localBB.data[i] as number);
    if (inside[i] === 1 && common > 0 && both > 0) weights[i] = Math.min(1, (common * common) / both);
  }
  const energy = Math.sqrt(sumAA * sumBB);
  return { warped, weights, inside, correlation: energy > 0 ? sumAB / energy : 0 };
}

/** The first and last column of row `y` that lie within both frames, less their borders. */
function insideRow(matrix: Affine, y: number, { width, height }: Size): readonly [number, number] {
  const [m0, m1, m2, m3, m4, m5] = matrix;
  let [first, last] = [BORDER, width - 1 - BORDER];
  const clip = (slope: number, offset: number, side: number): void => {
    // BORDER <= slope x + offset <= side - 1 - BORDER
    const [low, high] = [BORDER - offset, side - 1 - BORDER - offset];
    if (slope === 0) {
      if (low > 0 || high < 0) last = -1;
      return;
    }
    first = Math.max(first, Math.ceil(Math.min(low / slope, high / slope)));
    last = Math.min(last, Math.floor(Math.max(low / slope, high / slope)));
  };
  clip(m0, m1 * y + m2, width);
  clip(m3, m4 * y + m5, height);
  return [first, last];
}
