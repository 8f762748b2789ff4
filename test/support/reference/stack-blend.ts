/**
 * Fusion of a stack (native/kernels/fusion/*.h) by its definitions, all frames at hand: weights from the largest energy of
 * all, two bands, nothing scaled on the way.
 */
import { image, type Image, type ImageF32 } from "../../../src/core/image.ts";
import { clamped } from "./sampling.ts";
import { referenceBoxFilter } from "./window.ts";

const FLOOR = (0.4 / 255) ** 2;
const RADII = [1, 2, 5, 14];
const WEIGHTS = [1, 0.3, 0.09, 0.027];

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

export function referenceFocusEnergy(frame: ImageF32): ImageF32 {
  const { width, height, channels } = frame;
  const gray =
    channels === 1
      ? frame
      : image(
          width,
          height,
          1,
          channel(frame, 0).data.map(
            (red, i) => 0.299 * red + 0.587 * channel(frame, 1).data[i]! + 0.114 * channel(frame, 2).data[i]!,
          ),
        );
  const mean = referenceBoxFilter(gray, 2, "replicate");
  const detail = gray.data.map((value, i) => (value - mean.data[i]!) ** 2);
  const squares = image(width, height, 1, detail);
  const energy = cells(width, height, (x, y) => {
    const corners = [0, 1].flatMap((j) => [0, 1].map((i) => at(squares, 2 * x + i, 2 * y + j)));
    return corners.reduce((sum, value) => sum + value / 4, 0);
  });
  const windows = RADII.map((radius) => referenceBoxFilter(energy, radius, "shrink"));
  const data = energy.data.map((_, i) =>
    windows.reduce((sum, { data }, k) => sum + WEIGHTS[k]! * data[i]!, FLOOR),
  );
  return { ...energy, data };
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
    const scale = { ...energy, data: best.map((value, i) => (value / most[i]!) ** 8) };
    const weight = { ...energy, data: energy.data.map((value, i) => (value / most[i]!) ** 8) };
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
