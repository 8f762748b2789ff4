/** The focus measures (native/kernels/focus/), from their formulas. */
import type { FocusMeasureName } from "../../../src/algorithms/focus-measure/names.ts";
import type { ImageF32 } from "../../../src/core/image.ts";

type Term = (value: (dx: number, dy: number) => number) => number;

/** The mean of a term over the places where its stencil fits; 0 where it fits nowhere. */
function mean({ width, height, data }: ImageF32, spanX: number, spanY: number, term: Term): number {
  let sum = 0;
  let count = 0;
  for (let y = 0; y + spanY <= height; y++) {
    for (let x = 0; x + spanX <= width; x++) {
      sum += term((dx, dy) => data[(y + dy) * width + x + dx]!);
      count++;
    }
  }
  return count === 0 ? 0 : sum / count;
}

/** A term along rows plus the same along columns. */
function bothWays(window: ImageF32, span: number, term: (value: (d: number) => number) => number): number {
  return (
    mean(window, span, 1, (value) => term((d) => value(d, 0))) +
    mean(window, 1, span, (value) => term((d) => value(0, d)))
  );
}

function convolved(
  value: (dx: number, dy: number) => number,
  kernel: readonly (readonly number[])[],
): number {
  let sum = 0;
  kernel.forEach((row, dy) => row.forEach((weight, dx) => (sum += weight * value(dx, dy))));
  return sum;
}

const SOBEL_X = [
  [-1, 0, 1],
  [-2, 0, 2],
  [-1, 0, 1],
];
const SOBEL_Y = [
  [-1, -2, -1],
  [0, 0, 0],
  [1, 2, 1],
];
const LAPLACIAN = [
  [-1, -4, -1],
  [-4, 20, -4],
  [-1, -4, -1],
];

const average = (window: ImageF32): number => mean(window, 1, 1, (value) => value(0, 0));

function variance(window: ImageF32): number {
  const m = average(window);
  return mean(window, 1, 1, (value) => (value(0, 0) - m) ** 2);
}

function levels(window: ImageF32): number[] {
  return Array.from(window.data, (value) => Math.round(255 * Math.min(1, Math.max(0, value))));
}

function entropy(window: ImageF32): number {
  const counts = new Map<number, number>();
  for (const level of levels(window)) counts.set(level, (counts.get(level) ?? 0) + 1);
  const total = window.data.length;
  return [...counts.values()].reduce((sum, count) => sum - (count / total) * Math.log2(count / total), 0);
}

/** By an orthonormal DCT-II of every whole block. */
function dctEnergyRatio(window: ImageF32): number {
  const { width, height, data } = window;
  const [columns, rows] = [Math.min(8, width), Math.min(8, height)];
  const basis = (k: number, x: number, n: number): number =>
    Math.sqrt((k === 0 ? 1 : 2) / n) * Math.cos((Math.PI * k * (2 * x + 1)) / (2 * n));
  let [ac, dc] = [0, 0];
  for (let y = 0; y + rows <= height; y += rows) {
    for (let x = 0; x + columns <= width; x += columns) {
      for (let v = 0; v < rows; v++) {
        for (let u = 0; u < columns; u++) {
          let coefficient = 0;
          for (let j = 0; j < rows; j++) {
            for (let i = 0; i < columns; i++) {
              coefficient += data[(y + j) * width + x + i]! * basis(u, i, columns) * basis(v, j, rows);
            }
          }
          if (u === 0 && v === 0) dc += coefficient ** 2;
          else ac += coefficient ** 2;
        }
      }
    }
  }
  return dc > 0 ? ac / dc : 0;
}

function transposed({ width, height, channels, data }: ImageF32): ImageF32 {
  const turned = data.map((_, at) => data[(at % height) * width + Math.floor(at / height)]!);
  return { width: height, height: width, channels, data: turned };
}

/** Widths, from extremum to extremum, of the edges across rows. */
function widths({ width, height, data }: ImageF32): number[] {
  const value = (x: number, y: number): number => data[y * width + x]!;
  const slope = (x: number, y: number): number =>
    x < 1 || y < 1 || x > width - 2 || y > height - 2
      ? 0
      : convolved((dx, dy) => value(x - 1 + dx, y - 1 + dy), SOBEL_X);
  const inner: { x: number; y: number; s: number }[] = [];
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) inner.push({ x, y, s: slope(x, y) });
  }
  const least = (4 * inner.reduce((sum, { s }) => sum + s * s, 0)) / inner.length;
  const edges = inner.filter(
    ({ x, y, s }) =>
      s !== 0 && s * s >= least && s * s >= slope(x - 1, y) ** 2 && s * s > slope(x + 1, y) ** 2,
  );
  return edges.map(({ x, y, s }) => {
    let [left, right] = [x, x];
    while (left > 0 && (value(left, y) - value(left - 1, y)) * s > 0) left--;
    while (right < width - 1 && (value(right + 1, y) - value(right, y)) * s > 0) right++;
    return right - left;
  });
}

function edgeWidth(window: ImageF32): number {
  const all = [...widths(window), ...widths(transposed(window))];
  const sum = all.reduce((total, width) => total + width, 0);
  return sum > 0 ? all.length / sum : 0;
}

export const REFERENCE_MEASURES: Readonly<Record<FocusMeasureName, (window: ImageF32) => number>> = {
  "absolute-gradient": (window) => bothWays(window, 2, (value) => Math.abs(value(1) - value(0))),
  "squared-gradient": (window) => bothWays(window, 2, (value) => (value(1) - value(0)) ** 2),
  brenner: (window) => bothWays(window, 3, (value) => (value(2) - value(0)) ** 2),
  autocorrelation: (window) => bothWays(window, 3, (value) => value(0) * value(1) - value(0) * value(2)),
  tenengrad: (window) =>
    mean(window, 3, 3, (value) => convolved(value, SOBEL_X) ** 2 + convolved(value, SOBEL_Y) ** 2),
  "laplacian-energy": (window) => mean(window, 3, 3, (value) => convolved(value, LAPLACIAN) ** 2),
  variance,
  "normalised-variance": (window) => (average(window) > 0 ? variance(window) / average(window) : 0),
  entropy,
  "histogram-range": (window) => (Math.max(...levels(window)) - Math.min(...levels(window))) / 255,
  "dct-energy-ratio": dctEnergyRatio,
  "edge-width": edgeWidth,
};
