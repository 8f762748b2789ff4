/**
 * Slopes of a scale (defocus-scale.ts) by least squares: they must not fall below a least slope, and neighbouring ones
 * should be alike, since a motor is even over short stretches.
 */
import type { Steps } from "../../core/units.ts";

/** Sums over weighted observations `value = sum of coefficient * slope`. */
export class SlopeEquations {
  readonly #size: number;
  readonly #matrix: Float64Array;
  readonly #right: Float64Array;

  constructor(size: number) {
    this.#size = size;
    this.#matrix = new Float64Array(size * size);
    this.#right = new Float64Array(size);
  }

  add(coefficients: ArrayLike<number>, value: number, weight: number): void {
    for (let row = 0; row < this.#size; row++) {
      const scaled = weight * (coefficients[row] as number);
      if (scaled === 0) continue;
      this.#right[row] = (this.#right[row] as number) + scaled * value;
      for (let column = 0; column < this.#size; column++) {
        const at = row * this.#size + column;
        this.#matrix[at] = (this.#matrix[at] as number) + scaled * (coefficients[column] as number);
      }
    }
  }

  /** Neighbouring slopes differ by less than `spread` (standard deviation) from each other. */
  smooth(spread: number): void {
    const coefficients = new Float64Array(this.#size);
    for (let index = 0; index + 1 < this.#size; index++) {
      coefficients.fill(0);
      coefficients[index] = 1;
      coefficients[index + 1] = -1;
      this.add(coefficients, 0, 1 / spread ** 2);
    }
  }

  /**
   * The slopes of least error that are at least `least`, by Gauss-Seidel with projection.
   * @param start of which each value that nothing determines is kept.
   */
  solve(start: ArrayLike<number>, least: number): Float64Array<ArrayBuffer> {
    const slopes = Float64Array.from(start);
    for (let sweep = 0; sweep < SWEEPS; sweep++) {
      let change = 0;
      for (let row = 0; row < this.#size; row++) {
        const diagonal = this.#matrix[row * this.#size + row] as number;
        if (diagonal <= 0) continue;
        let rest = this.#right[row] as number;
        for (let column = 0; column < this.#size; column++)
          rest -= (this.#matrix[row * this.#size + column] as number) * (slopes[column] as number);
        const slope = Math.max(least, (slopes[row] as number) + rest / diagonal);
        change = Math.max(change, Math.abs(slope - (slopes[row] as number)));
        slopes[row] = slope;
      }
      if (change <= CLOSE * Math.max(...slopes)) break;
    }
    return slopes;
  }
}

const SWEEPS = 2000;
const CLOSE = 1e-7;

/** How much of each stretch between `knots` lies from `from` to `to`, steps; negative where `to` is before `from`. */
export function stretches(knots: readonly Steps[], from: Steps, to: Steps): Float64Array {
  const last = knots.length - 2;
  return Float64Array.from({ length: knots.length - 1 }, (_, index) => {
    const low = index === 0 ? -Infinity : (knots[index] as Steps);
    const high = index === last ? Infinity : (knots[index + 1] as Steps);
    const clamp = (z: Steps): Steps => Math.min(high, Math.max(low, z));
    return clamp(to) - clamp(from);
  });
}
