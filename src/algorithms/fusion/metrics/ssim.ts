/**
 * Structural similarity (Wang, Bovik, Sheikh, Simoncelli 2004, "Image quality assessment: from error visibility to
 * structural similarity"): Gaussian window of sigma 1.5 px cut to 11x11, K1 = 0.01, K2 = 0.03, the mean over all places
 * where the window lies inside the picture.
 */
import { expected } from "../../../core/errors.ts";
import type { ImageF32 } from "../../../core/image.ts";
import { checkSameShape } from "../check-frames.ts";

const SIDE = 11;
const SIGMA = 1.5;
const K1 = 0.01;
const K2 = 0.03;

/**
 * SSIM of two gray pictures with values 0..`peak`; 1 for equal pictures.
 * @throws AutofocusError `invalid_input` for colour or for pictures smaller than the window.
 */
export function ssim(a: ImageF32, b: ImageF32, peak = 1): number {
  checkSameShape(a, b);
  if (a.channels !== 1) throw expected("invalid_input", "one channel", "the pictures of ssim", a.channels);
  const smaller = Math.min(a.width, a.height);
  if (smaller < SIDE) throw expected("invalid_input", `at least ${SIDE} px`, "the smaller side", smaller);

  const local = (value: (i: number) => number): Float64Array => windowMean(a.width, a.height, value);
  const x = (i: number): number => a.data[i] as number;
  const y = (i: number): number => b.data[i] as number;
  const meanX = local(x);
  const meanY = local(y);
  const meanXX = local((i) => x(i) ** 2);
  const meanYY = local((i) => y(i) ** 2);
  const meanXY = local((i) => x(i) * y(i));

  const c1 = (K1 * peak) ** 2;
  const c2 = (K2 * peak) ** 2;
  let sum = 0;
  for (let i = 0; i < meanX.length; i++) {
    const mx = meanX[i] as number;
    const my = meanY[i] as number;
    const varX = (meanXX[i] as number) - mx * mx;
    const varY = (meanYY[i] as number) - my * my;
    const covariance = (meanXY[i] as number) - mx * my;
    sum += ((2 * mx * my + c1) * (2 * covariance + c2)) / ((mx * mx + my * my + c1) * (varX + varY + c2));
  }
  return sum / meanX.length;
}

const WINDOW: readonly number[] = (() => {
  const weights = Array.from({ length: SIDE }, (_, i) =>
    Math.exp(-((i - (SIDE - 1) / 2) ** 2) / (2 * SIGMA ** 2)),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
})();

/** The window's weighted mean of `value` wherever it fits, row by row. */
function windowMean(width: number, height: number, value: (i: number) => number): Float64Array {
  const columns = width - SIDE + 1;
  const rows = height - SIDE + 1;
  const horizontal = new Float64Array(columns * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < columns; x++)
      horizontal[y * columns + x] = WINDOW.reduce((sum, w, k) => sum + w * value(y * width + x + k), 0);
  const out = new Float64Array(columns * rows);
  for (let i = 0; i < out.length; i++)
    out[i] = WINDOW.reduce((sum, w, k) => sum + w * (horizontal[i + k * columns] as number), 0);
  return out;
}
