/**
 * Fusion of a stack (native/kernels/fusion/*.h) by its definitions, all frames at hand: weights from the largest energy of
 * all, two bands, nothing scaled on the way.
 */
import { image, type Image, type ImageF32 } from "../../../src/core/image.ts";
import { clamped } from "./sampling.ts";
import { referenceBoxFilter } from "./window.ts";

const FLOOR = (0.4 / 255) ** 2;
/** Half sides and weights of the windows over the finest scale, in its cells. */
const FINE = [
  [1, 1],
  [2, 0.3],
] as const;
/** Half side of the window over every coarser scale, in its cells, and by which its weight falls from one to the next. */
const COARSE = 3;
const COARSER = 0.6;
const LEAST_SIDE = 40;
const MOST_SCALES = 6;

const cellsOf = (side: number): number => Math.ceil(side / 2);

/** One value a cell from a function of its column and row. */
function cells(width: number, height: number, value: (x: number, y: number) => number): ImageF32 {
  const [columns, rows] = [cellsOf(width), cellsOf(height)];
  const data = Float32Array.from({ length: columns * rows }, (_, i) =>
    value(i % columns, Math.floor(i / columns)),
  );
  return image(columns, rows, 1, data);
}

function channel({ width, height, channels, data }: ImageF32, c: number): ImageF32 {
  return image(
    width,
    height,
    1,
    data.filter((_, i) => i % channels === c),
  );
}

const at = ({ width, height, data }: ImageF32, x: number, y: number): number =>
  data[clamped(y, height) * width + clamped(x, width)]!;

/** @param coarse weight of the first coarser scale. */
export function referenceFocusEnergy(frame: ImageF32, coarse: number): ImageF32 {
  const sum = energyOfScale(gray(frame), 1, coarse);
  return { ...sum, data: sum.data.map((value) => FLOOR + value) };
}

function gray(frame: ImageF32): ImageF32 {
  if (frame.channels === 1) return frame;
  const [red, green, blue] = [0, 1, 2].map((c) => channel(frame, c)) as [ImageF32, ImageF32, ImageF32];
  return {
    ...red,
    data: red.data.map((value, i) => 0.299 * value + 0.587 * green.data[i]! + 0.114 * blue.data[i]!),
  };
}

/** Of this scale, the first being 1, and all coarser ones, at its cells. */
function energyOfScale(luma: ImageF32, scale: number, coarse: number): ImageF32 {
  const { width, height } = luma;
  const mean = referenceBoxFilter(luma, 2, "replicate");
  const energy = means({ ...luma, data: luma.data.map((value, i) => (value - mean.data[i]!) ** 2) });
  const windows = (scale === 1 ? FINE : ([[COARSE, coarse * COARSER ** (scale - 2)]] as const)).map(
    ([radius, weight]) => [referenceBoxFilter(energy, radius, "shrink"), weight] as const,
  );
  const isLast = scale === MOST_SCALES || Math.min(energy.width, energy.height) < LEAST_SIDE;
  const coarser = isLast ? undefined : energyOfScale(means(luma), scale + 1, coarse);
  return cells(width, height, (x, y) => {
    const here = windows.reduce((sum, [window, weight]) => sum + weight * at(window, x, y), 0);
    return coarser === undefined ? here : here + expanded(coarser, x, y);
  });
}

/** Means over cells of 2x2. */
function means(source: ImageF32): ImageF32 {
  return cells(source.width, source.height, (x, y) =>
    [0, 1].reduce(
      (sum, j) => sum + at(source, 2 * x, 2 * y + j) / 4 + at(source, 2 * x + 1, 2 * y + j) / 4,
      0,
    ),
  );
}

/** The frame reduced to its cells: weights 1 3 3 1 along both axes about the middle of each cell. */
function base(frame: ImageF32): ImageF32 {
  const weights = [1, 3, 3, 1];
  return cells(frame.width, frame.height, (x, y) => {
    let sum = 0;
    weights.forEach((wy, j) => {
      weights.forEach((wx, i) => {
        sum += (wx * wy * at(frame, 2 * x + i - 1, 2 * y + j - 1)) / 64;
      });
    });
    return sum;
  });
}

/** A value between the cells, at a pixel. */
function expanded(source: ImageF32, x: number, y: number): number {
  const [cx, cy] = [x >> 1, y >> 1];
  const [nx, ny] = [cx + (x % 2 === 0 ? -1 : 1), cy + (y % 2 === 0 ? -1 : 1)];
  const near = 0.75 * at(source, cx, cy) + 0.25 * at(source, nx, cy);
  const far = 0.75 * at(source, cx, ny) + 0.25 * at(source, nx, ny);
  return 0.75 * near + 0.25 * far;
}

function smoothed(source: ImageF32): ImageF32 {
  const weights = [0.25, 0.5, 0.25];
  const data = source.data.map((_, i) => {
    const [x, y] = [i % source.width, Math.floor(i / source.width)];
    return weights.reduce(
      (sum, wy, j) =>
        sum + weights.reduce((row, wx, k) => row + wy * wx * at(source, x + k - 1, y + j - 1), 0),
      0,
    );
  });
  return { ...source, data };
}

/** The running sums scale by what is between cells of both the weight and the scale, frame by frame. */
export function referenceStackBlend(frames: readonly ImageF32[], energies: readonly ImageF32[]): ImageF32 {
  const [{ width, height, channels }] = frames as [ImageF32, ...ImageF32[]];
  const fine = selections(energies);
  const coarse = selections(energies.map(smoothed));
  const out = new Float32Array(width * height * channels);
  for (let c = 0; c < channels; c++) {
    const planes = frames.map((frame) => channel(frame, c));
    const bases = planes.map(base);
    const blended = cells(width, height, (x, y) => {
      const i = y * cellsOf(width) + x;
      let [sum, total] = [0, 0];
      bases.forEach(({ data }, k) => {
        const { weight, scale } = coarse[k]!;
        sum = sum * scale.data[i]! + weight.data[i]! * data[i]!;
        total = total * scale.data[i]! + weight.data[i]!;
      });
      return sum / total;
    });
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        let [sum, total] = [0, 0];
        planes.forEach((plane, k) => {
          const [weight, scale] = [expanded(fine[k]!.weight, x, y), expanded(fine[k]!.scale, x, y)];
          sum = sum * scale + weight * (at(plane, x, y) - expanded(bases[k]!, x, y));
          total = total * scale + weight;
        });
        out[(y * width + x) * channels + c] = sum / total + expanded(blended, x, y);
      }
  }
  return image(width, height, channels, out);
}

function selections(energies: readonly ImageF32[]): { weight: ImageF32; scale: ImageF32 }[] {
  const best = new Float32Array(energies[0]!.data.length);
  return energies.map((energy) => {
    const most = best.map((value, i) => Math.max(value, energy.data[i]!));
    const scale = { ...energy, data: best.map((value, i) => (value / most[i]!) ** 16) };
    const weight = { ...energy, data: energy.data.map((value, i) => (value / most[i]!) ** 16) };
    best.set(most);
    return { weight, scale };
  });
}

/** The upper median of what lies inside a window around every value. */
export function referenceMedian(source: Image<Uint16Array>, radius: number): Uint16Array {
  const { width, height, data } = source;
  return data.map((_, index) => {
    const [x, y] = [index % width, Math.floor(index / width)];
    const values: number[] = [];
    for (let j = Math.max(0, y - radius); j <= Math.min(height - 1, y + radius); j++)
      for (let i = Math.max(0, x - radius); i <= Math.min(width - 1, x + radius); i++)
        values.push(data[j * width + i]!);
    values.sort((a, b) => a - b);
    return values[values.length >> 1]!;
  });
}
