/** The moving frame's features as the reference would see them, at one level, and where the two agree. */
import { image, type ImageF32 } from "../../../core/image.ts";
import { boxFilter, resample } from "../../../core/native/index.ts";
import type { Level } from "./features.ts";
import { type Affine, type Similarity, type Size, toAffine } from "./similarity.ts";

/** Pixels of the level at the borders where the features know only half of what is around them. */
const BORDER = 3;
/** Half the side of the window in which agreement is judged, px of the level. */
const WINDOW = 7;

/** The difference in defocus that is made up for, as indices into `Level.blurred` of reference and moving frame. */
const MATCHES = [
  [0, 0],
  [1, 0],
  [2, 0],
  [0, 1],
  [0, 2],
] as const;
/** Least share of the variance that two pictures are taken to differ by. */
const LEAST_UNSHARED = 0.05;

/** What the frames have in common, with the difference in defocus made up for where there is one. */
export interface Common {
  readonly matches: readonly Match[];
  /** Per pixel, the correlation around it of the pair of blurs that matches best, 0..1; 0 where one frame ends. */
  readonly agreement: Float32Array;
  /** Per pixel, how much there is to compare around it; 0 where one frame ends. */
  readonly strength: Float32Array;
}

/** Two pictures of like defocus, and where they count. */
export interface Match {
  readonly a: ImageF32;
  readonly b: ImageF32;
  /**
   * Per pixel, for products of `a` and `b`: c^2 / (1 - c^2), with c the correlation around it, over the strength of the
   * two. It is what the pixel says about a shift (C. H. Knapp and G. C. Carter, "The Generalized Correlation Method for
   * Estimation of Time Delay", TASSP 24 (1976)). 0 where c is negative, where one frame ends, and where another
   * pair of blurs matches better.
   */
  readonly weights: Float32Array;
}

/** Correlation over all that both frames show, defocus and all, -1..1. */
export async function correlation(
  { features, reduction }: Level,
  moving: Level,
  map: Similarity,
  frame: Size,
): Promise<number> {
  const matrix = toAffine(map, frame, reduction);
  const warped = await warp(moving.features, matrix);
  const inside = insideBoth(matrix, features);
  let [aa, ab, bb] = [0, 0, 0];
  for (let i = 0; i < inside.length; i++) {
    if (inside[i] === 0) continue;
    const p = features.data[i] as number;
    const q = warped.data[i] as number;
    aa += p * p;
    ab += p * q;
    bb += q * q;
  }
  return aa * bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
}

export async function inCommon(
  reference: Level,
  moving: Level,
  map: Similarity,
  frame: Size,
): Promise<Common> {
  const matrix = toAffine(map, frame, reference.reduction);
  const inside = insideBoth(matrix, reference.features);
  const ours = reference.blurred;
  const theirs = await Promise.all(moving.blurred.map((picture) => warp(picture, matrix)));
  const [aa, bb] = await Promise.all([
    Promise.all(ours.map((picture) => around(picture, picture, inside))),
    Promise.all(theirs.map((picture) => around(picture, picture, inside))),
  ]);
  const pairs = await Promise.all(
    MATCHES.map(async ([i, j]) => {
      const [a, b] = [ours[i] as ImageF32, theirs[j] as ImageF32];
      const ab = await around(a, b, inside);
      return { a, b, ab, aa: aa[i] as Float32Array, bb: bb[j] as Float32Array };
    }),
  );
  const shared = new Float32Array(inside.length);
  const best = new Int8Array(inside.length).fill(-1);
  const weights = pairs.map(() => new Float32Array(inside.length));
  pairs.forEach(({ ab, aa, bb }, pair) => {
    for (let i = 0; i < inside.length; i++) {
      if (inside[i] === 0) continue;
      const common = ab[i] as number;
      const both = (aa[i] as number) * (bb[i] as number);
      if (!(common > 0 && common * common > (shared[i] as number) * both)) continue;
      shared[i] = (common * common) / both;
      best[i] = pair;
    }
  });
  const strength = new Float32Array(inside.length);
  const [sharpA, sharpB] = [aa[0] as Float32Array, bb[0] as Float32Array];
  for (let i = 0; i < inside.length; i++) {
    if (inside[i] === 1) strength[i] = Math.sqrt(Math.max(0, (sharpA[i] as number) * (sharpB[i] as number)));
    const pair = best[i] as number;
    if (pair < 0) continue;
    const { aa, bb } = pairs[pair] as (typeof pairs)[number];
    const unshared = Math.max(LEAST_UNSHARED, 1 - (shared[i] as number));
    const product = Math.sqrt((aa[i] as number) * (bb[i] as number));
    (weights[pair] as Float32Array)[i] = (shared[i] as number) / unshared / product;
  }
  return {
    matches: pairs.map(({ a, b }, pair) => ({ a, b, weights: weights[pair] as Float32Array })),
    agreement: shared.map((value) => Math.sqrt(Math.min(1, value))),
    strength,
  };
}

function warp(picture: ImageF32, matrix: Affine): Promise<ImageF32> {
  const { width, height } = picture;
  return resample(picture, { width, height, matrix, filter: "bicubic", border: "mirror" });
}

/** The mean product of the two around every pixel. */
async function around(a: ImageF32, b: ImageF32, inside: Uint8Array): Promise<Float32Array> {
  const product = new Float32Array(inside.length);
  for (let i = 0; i < product.length; i++)
    product[i] = (inside[i] as number) * (a.data[i] as number) * (b.data[i] as number);
  return (await boxFilter(image(a.width, a.height, 1, product), WINDOW, "shrink")).data;
}

function insideBoth(matrix: Affine, size: Size): Uint8Array {
  const inside = new Uint8Array(size.width * size.height);
  for (let y = BORDER; y < size.height - BORDER; y++) {
    const [first, last] = insideRow(matrix, y, size);
    if (first <= last) inside.fill(1, y * size.width + first, y * size.width + last + 1);
  }
  return inside;
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
