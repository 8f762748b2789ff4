/** Plain reference of the alignment kernels (native/kernels/registration): every cell and pixel on its own, in double precision. */
import type { ImageF32 } from "../../../src/core/image.ts";
import type { ResampleOptions } from "../../../src/core/native/index.ts";
import { referenceResample } from "./resample.ts";

type Affine = ResampleOptions["matrix"];

const BORDER = 3;
const REACH = 3;
const MATCHES = [
  [0, 0],
  [1, 0],
  [2, 0],
  [0, 1],
  [0, 2],
] as const;

export interface ReferenceComparison {
  readonly agreement: number[];
  readonly strength: number[];
  readonly hessian: number[];
  readonly gradient: number[];
}

/** Whether a pixel of the reference lies within both frames, less their borders. */
function isInside([m0, m1, m2, m3, m4, m5]: Affine, x: number, y: number, width: number, height: number) {
  const within = (at: number, side: number): boolean => at >= BORDER && at <= side - 1 - BORDER;
  return (
    within(x, width) &&
    within(y, height) &&
    within(m0 * x + m1 * y + m2, width) &&
    within(m3 * x + m4 * y + m5, height)
  );
}

function seenThrough(picture: ImageF32, matrix: Affine): ImageF32 {
  const { width, height } = picture;
  return referenceResample(picture, { width, height, matrix, filter: "bicubic", border: "mirror" });
}

export function referenceComparison(
  ours: readonly ImageF32[],
  moving: readonly ImageF32[],
  matrix: Affine,
  radius: number,
): ReferenceComparison {
  const { width, height } = ours[0] as ImageF32;
  const theirs = moving.map((picture) => seenThrough(picture, matrix));
  const [columns, rows] = [width >> 1, height >> 1];
  const inside = Array.from({ length: width * height }, (_, i) =>
    isInside(matrix, i % width, Math.floor(i / width), width, height),
  );
  const mean = (a: ImageF32, b: ImageF32, column: number, row: number): number => {
    const [left, right] = [Math.max(0, column - REACH), Math.min(columns - 1, column + REACH) + 1];
    const [top, bottom] = [Math.max(0, row - REACH), Math.min(rows - 1, row + REACH) + 1];
    let sum = 0;
    for (let y = 2 * top; y < 2 * bottom; y++)
      for (let i = y * width + 2 * left; i < y * width + 2 * right; i++)
        if (inside[i] === true) sum += a.data[i]! * b.data[i]!;
    return sum / (4 * (right - left) * (bottom - top));
  };
  const agreement: number[] = [];
  const strength: number[] = [];
  const hessian = new Array<number>(16).fill(0);
  const gradient = new Array<number>(4).fill(0);
  const push = (a: ImageF32, b: ImageF32, x: number, y: number, weight: number): void => {
    const at = ({ data }: ImageF32, dx: number, dy: number): number => data[(y + dy) * width + x + dx]!;
    const [X, Y] = [(x + 0.5 - width / 2) / radius, (y + 0.5 - height / 2) / radius];
    const slopes = (of: ImageF32): number[] => {
      const [gx, gy] = [(at(of, 1, 0) - at(of, -1, 0)) / 2, (at(of, 0, 1) - at(of, 0, -1)) / 2];
      return [gx * X + gy * Y, gy * X - gx * Y, gx, gy];
    };
    const [ja, jb] = [slopes(a), slopes(b)] as [number[], number[]];
    for (let i = 0; i < 4; i++) {
      gradient[i]! += (weight * (at(a, 0, 0) * jb[i]! - at(b, 0, 0) * ja[i]!)) / 2;
      for (let j = 0; j < 4; j++) hessian[4 * i + j]! += (weight * (ja[i]! * jb[j]! + ja[j]! * jb[i]!)) / 2;
    }
  };
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      let [shared, product, best] = [0, 0, MATCHES[0] as (typeof MATCHES)[number]];
      for (const match of MATCHES) {
        const [a, b] = [ours[match[0]]!, theirs[match[1]]!];
        const common = mean(a, b, column, row);
        const both = mean(a, a, column, row) * mean(b, b, column, row);
        if (common > 0 && common ** 2 > shared * both)
          [shared, product, best] = [common ** 2 / both, both, match];
      }
      agreement.push(Math.sqrt(Math.min(1, shared)));
      strength.push(
        Math.sqrt(mean(ours[0]!, ours[0]!, column, row) * mean(theirs[0]!, theirs[0]!, column, row)),
      );
      if (shared === 0) continue;
      const weight = shared / Math.max(0.05, 1 - shared) / Math.sqrt(product);
      for (let y = 2 * row; y < 2 * row + 2; y++)
        for (let x = 2 * column; x < 2 * column + 2; x++)
          if (inside[y * width + x] === true) push(ours[best[0]]!, theirs[best[1]]!, x, y, weight);
    }
  return { agreement, strength, hessian, gradient };
}

/** Of `a` and of `b` seen through the map. */
export function referenceCorrelation(a: ImageF32, b: ImageF32, matrix: Affine): number {
  const { width, height } = a;
  const seen = seenThrough(b, matrix);
  let [aa, ab, bb] = [0, 0, 0];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (!isInside(matrix, x, y, width, height)) continue;
      const [p, q] = [a.data[y * width + x]!, seen.data[y * width + x]!];
      aa += p * p;
      ab += p * q;
      bb += q * q;
    }
  return aa * bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
}
