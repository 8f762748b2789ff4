/** The ring spectrum (native/kernels/ring_spectrum.h), written down plainly in double precision. */
import type { ImageU8 } from "../../../src/core/image.ts";
import type { Roi } from "../../../src/core/roi.ts";

const RINGS = 97;
const SECTORS = 4;
const LINES = 96;
const FLOOR = 0.001;

interface Tally {
  power: number;
  log: number;
  count: number;
}

export function referenceRingSpectrum(gray: ImageU8, roi: Roi): number[] {
  const n = roi.width;
  const { values, mean } = window(gray, roi);
  const spectrum = powerSpectrum(values, n);
  const tallies: Tally[][] = Array.from({ length: RINGS }, () =>
    Array.from({ length: SECTORS }, () => ({ power: 0, log: 0, count: 0 })),
  );
  const lines = Array.from({ length: LINES }, () => ({ log: 0, count: 0 }));
  for (let v = 0; v < n; v++) {
    for (let u = 0; u < n; u++) {
      const fx = signed(u, n) / n;
      const fy = signed(v, n) / n;
      if (fx === 0.5 || fy === 0.5) continue;
      const line = lines[Math.floor(Math.hypot(fx, fy) * n + 0.5) - 1];
      if (line !== undefined) {
        line.log += Math.log(spectrum[v * n + u]! + FLOOR);
        line.count++;
      }
      const ring = ringOf(Math.hypot(fx, fy));
      if (ring === undefined) continue;
      const tally = tallies[ring]![sectorOf(fx, fy)]!;
      const power = spectrum[v * n + u]!;
      tally.power += power;
      tally.log += Math.log(power + FLOOR);
      tally.count++;
    }
  }
  const whole = tallies.map((sectors) => sectors.reduce(sum, { power: 0, log: 0, count: 0 }));
  const arithmetic = filled(whole.map((tally) => Math.log(tally.power / tally.count + FLOOR)));
  const geometric = filled(whole.map((tally) => tally.log / tally.count));
  const bySector = Array.from({ length: SECTORS }, (_, sector) =>
    filled(tallies.map((sectors) => Math.log(sectors[sector]!.power / sectors[sector]!.count + FLOOR))),
  );
  const weakest = arithmetic.map((_, ring) => Math.min(...bySector.map((values) => values[ring]!)));
  const strongest = arithmetic.map((_, ring) => Math.max(...bySector.map((values) => values[ring]!)));
  const { bright, dark } = clipped(gray, roi);
  return [
    ...arithmetic,
    ...geometric,
    ...weakest,
    ...strongest,
    Math.log(mean + 1),
    bright,
    dark,
    Math.log2(n),
    ...heldOn(lines.map(({ log, count }) => log / count)),
  ];
}

/** Empty lines (NaN), which come after all others, take the value of the last. */
function heldOn(values: readonly number[]): number[] {
  const last = values.findLast((value) => !Number.isNaN(value))!;
  return values.map((value) => (Number.isNaN(value) ? last : value));
}

/** The patch minus its weighted mean, weighted by the Hann window and scaled so that white noise keeps its variance. */
function window(gray: ImageU8, roi: Roi): { values: number[]; mean: number } {
  const n = roi.width;
  const hann = Array.from({ length: n }, (_, k) => 0.5 - 0.5 * Math.cos((2 * Math.PI * k) / n));
  const weights = hann.flatMap((down) => hann.map((across) => down * across));
  const pixels = weights.map(
    (_, at) => 255 * (gray.data[(roi.y + Math.floor(at / n)) * gray.width + roi.x + (at % n)]! / 255) ** 2.2,
  );
  const total = weights.reduce((a, b) => a + b, 0);
  const mean = weights.reduce((a, weight, at) => a + weight * pixels[at]!, 0) / total;
  const energy = weights.reduce((a, weight) => a + weight * weight, 0);
  return { values: weights.map((weight, at) => (weight * (pixels[at]! - mean)) / Math.sqrt(energy)), mean };
}

/** |F(u, v)|^2 of an n x n picture, by row and column transforms. */
function powerSpectrum(values: number[], n: number): number[] {
  const real = [...values];
  const imaginary = new Array<number>(n * n).fill(0);
  for (let k = 0; k < n; k++) transformLine(real, imaginary, k * n, 1, n);
  for (let k = 0; k < n; k++) transformLine(real, imaginary, k, n, n);
  return real.map((re, at) => re * re + imaginary[at]! * imaginary[at]!);
}

/** Recursive radix-2 transform of one row or column in place. */
function transformLine(real: number[], imaginary: number[], start: number, step: number, n: number): void {
  if (n === 1) return;
  const evens = Array.from({ length: n / 2 }, (_, k) => start + 2 * k * step);
  const halves = [evens, evens.map((at) => at + step)].map((places) => {
    const re = places.map((at) => real[at]!);
    const im = places.map((at) => imaginary[at]!);
    transformLine(re, im, 0, 1, n / 2);
    return { re, im };
  });
  const [even, odd] = halves as [{ re: number[]; im: number[] }, { re: number[]; im: number[] }];
  for (let k = 0; k < n / 2; k++) {
    const angle = (-2 * Math.PI * k) / n;
    const re = odd.re[k]! * Math.cos(angle) - odd.im[k]! * Math.sin(angle);
    const im = odd.re[k]! * Math.sin(angle) + odd.im[k]! * Math.cos(angle);
    real[start + k * step] = even.re[k]! + re;
    imaginary[start + k * step] = even.im[k]! + im;
    real[start + (k + n / 2) * step] = even.re[k]! - re;
    imaginary[start + (k + n / 2) * step] = even.im[k]! - im;
  }
}

function signed(index: number, n: number): number {
  return index <= n / 2 ? index : index - n;
}

function ringOf(frequency: number): number | undefined {
  if (frequency === 0) return undefined;
  if (frequency >= 0.5 - 1e-9) return RINGS - 1;
  return Math.max(0, Math.floor(12 * (Math.log2(frequency) + 9) + 1e-6));
}

/** 0: along x, 1: diagonal, 2: along y, 3: the other diagonal; opposite directions are the same sector. */
function sectorOf(fx: number, fy: number): number {
  const eighth = Math.floor((Math.atan2(fy, fx) + Math.PI / 8) / (Math.PI / 4) + 1e-9);
  return (eighth + 8) % SECTORS;
}

function sum(a: Tally, b: Tally): Tally {
  return { power: a.power + b.power, log: a.log + b.log, count: a.count + b.count };
}

/** Empty rings (NaN) interpolated between their neighbours; before the first, its value. */
function filled(values: readonly number[]): number[] {
  return values.map((value, ring) => {
    if (!Number.isNaN(value)) return value;
    const after = values.findIndex((each, at) => at > ring && !Number.isNaN(each));
    const before = values.findLastIndex((each, at) => at < ring && !Number.isNaN(each));
    if (before < 0) return values[after]!;
    return values[before]! + ((values[after]! - values[before]!) * (ring - before)) / (after - before);
  });
}

function clipped(gray: ImageU8, roi: Roi): { bright: number; dark: number } {
  let bright = 0;
  let dark = 0;
  for (let y = roi.y; y < roi.y + roi.height; y++) {
    for (let x = roi.x; x < roi.x + roi.width; x++) {
      const value = gray.data[y * gray.width + x]!;
      if (value >= 254) bright++;
      if (value <= 1) dark++;
    }
  }
  const area = roi.width * roi.height;
  return { bright: bright / area, dark: dark / area };
}
