/**
 * Where a contrast peak is centred, from any number of samples around it: by the optical defocus model of Yazdanfar et
 * al. (Optics Express 16(12), 2008) the reciprocal of a squared gradient measure is a parabola over the defocus. A peak
 * as wide as the depth of field has several samples at its top that differ by noise alone; its flanks say where it is
 * centred, its largest sample does not.
 */
import { solve } from "../calibration/registration/solve.ts";

export interface PeakSample {
  /** Defocus with its sign, any unit. */
  readonly x: number;
  /** The focus measure, larger = sharper. */
  readonly value: number;
}

/** Samples below this share of the largest say more of the background than of the peak. */
const OF_THE_PEAK = 0.2;

/** Where the parabola fitted to the reciprocals by least squares has its minimum; undefined where it has none. */
export function fittedPeak(samples: readonly PeakSample[]): number | undefined {
  const largest = Math.max(...samples.map(({ value }) => value));
  const near = samples.filter(({ value }) => value > 0 && value >= OF_THE_PEAK * largest);
  const xs = near.map(({ x }) => x);
  const [low, high] = [Math.min(...xs), Math.max(...xs)];
  if (near.length < 3 || !(high > low)) return undefined;
  const matrix = new Float64Array(9);
  const right = new Float64Array(3);
  for (const { x, value } of near) {
    const share = value / largest;
    const at = (2 * (x - low)) / (high - low) - 1;
    const powers = [1, at, at ** 2];
    // Errors of the measure are alike at all samples; those of its reciprocal grow with the square of it.
    const weight = share ** 4;
    powers.forEach((a, row) => {
      right[row] = (right[row] as number) + (weight * a) / share;
      powers.forEach(
        (b, column) => (matrix[3 * row + column] = (matrix[3 * row + column] as number) + weight * a * b),
      );
    });
  }
  const [, linear = 0, quadratic = 0] = solve(matrix, right, [0, 1, 2]);
  if (!(quadratic > 0)) return undefined;
  return low + ((1 - linear / (2 * quadratic)) * (high - low)) / 2;
}
