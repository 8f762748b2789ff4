/**
 * What an H.264 encoder does to a picture, without being one: blocks of 4x4 or 8x8 are predicted by the mean of the
 * borders already coded, the rest goes through a cosine transform and a uniform quantiser with a dead zone, whose step
 * doubles every 6 QP as in the standard, and the edges between blocks are smoothed where they are weak. No entropy coding,
 * no directional or motion prediction, no rate control; the transform is the exact cosine one, not the integer one.
 */
import { image, type ImageU8 } from "../core/image.ts";

export interface VideoQuantisation {
  /** Quantisation parameter, 0..51: the step is 0.625 * 2^(QP / 6) camera values. */
  readonly qp: number;
  readonly block: 4 | 8;
}

/** Part of a step that rounds up, of values between two levels; the rest rounds down to make more zeros (intra frames: 1/3). */
const ROUNDING = 1 / 3;

export function videoQuantise(picture: ImageU8, { qp, block }: VideoQuantisation): ImageU8 {
  const step = 0.625 * 2 ** (qp / 6);
  const { width, height } = picture;
  const out = Float32Array.from(picture.data);
  const basis = cosines(block);
  for (let y = 0; y + block <= height; y += block)
    for (let x = 0; x + block <= width; x += block) codeBlock(out, width, x, y, basis, step);
  // The standard begins to smooth at about QP 16; the largest change grows with the step.
  const limit = qp < 16 ? 0 : step / 3;
  if (limit > 0) {
    for (let x = block; x + 1 < width; x += block)
      for (let y = 0; y < height; y++) smooth(out, y * width + x, 1, step, limit);
    for (let y = block; y + 1 < height; y += block)
      for (let x = 0; x < width; x++) smooth(out, y * width + x, width, step, limit);
  }
  return image(
    width,
    height,
    1,
    Uint8Array.from(out, (value) => Math.min(255, Math.max(0, Math.round(value)))),
  );
}

/** Rows are the orthonormal cosines of the transform. */
function cosines(n: number): Float64Array[] {
  return Array.from({ length: n }, (_, k) =>
    Float64Array.from(
      { length: n },
      (__, x) => Math.sqrt((k === 0 ? 1 : 2) / n) * Math.cos((Math.PI * k * (2 * x + 1)) / (2 * n)),
    ),
  );
}

function codeBlock(
  picture: Float32Array,
  width: number,
  x0: number,
  y0: number,
  basis: readonly Float64Array[],
  step: number,
): void {
  const n = basis.length;
  const prediction = borderMean(picture, width, x0, y0, n);
  const rest = new Float64Array(n * n);
  for (let k = 0; k < rest.length; k++)
    rest[k] = picture[(y0 + Math.floor(k / n)) * width + x0 + (k % n)]! - prediction;
  const levels = product(basis, transposed(product(basis, transposed(rest, n), n), n), n).map(
    (value) => Math.sign(value) * Math.floor(Math.abs(value) / step + ROUNDING) * step,
  );
  const inverse = basis.map((_, x) => Float64Array.from(basis, (row) => row[x]!));
  const decoded = product(inverse, transposed(product(inverse, transposed(levels, n), n), n), n);
  for (let k = 0; k < decoded.length; k++)
    picture[(y0 + Math.floor(k / n)) * width + x0 + (k % n)] = prediction + decoded[k]!;
}

/** Mean of the decoded pixels above and to the left, 128 where there are none. */
function borderMean(picture: Float32Array, width: number, x0: number, y0: number, n: number): number {
  let sum = 0;
  let count = 0;
  for (let k = 0; k < n; k++) {
    if (y0 > 0) {
      sum += picture[(y0 - 1) * width + x0 + k]!;
      count++;
    }
    if (x0 > 0) {
      sum += picture[(y0 + k) * width + x0 - 1]!;
      count++;
    }
  }
  return count === 0 ? 128 : sum / count;
}

/** matrix times block, both n x n. */
function product(matrix: readonly Float64Array[], block: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const row = matrix[i]!;
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += row[k]! * block[k * n + j]!;
      out[i * n + j] = sum;
    }
  }
  return out;
}

function transposed(block: Float64Array, n: number): Float64Array {
  return block.map((_, at) => block[(at % n) * n + Math.floor(at / n)]!);
}

/** The weaker of the standard's two edge filters, across the edge before `at`; strong edges are the picture's own. */
function smooth(picture: Float32Array, at: number, across: number, step: number, limit: number): void {
  const [p1, p0, q0, q1] = [
    picture[at - 2 * across]!,
    picture[at - across]!,
    picture[at]!,
    picture[at + across]!,
  ];
  if (Math.abs(p0 - q0) > 2 * step || Math.abs(p1 - p0) > step || Math.abs(q1 - q0) > step) return;
  const change = Math.max(-limit, Math.min(limit, (4 * (q0 - p0) + p1 - q1) / 8));
  picture[at - across] = p0 + change;
  picture[at] = q0 - change;
}
