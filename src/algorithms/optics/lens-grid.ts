/**
 * A function of the in-focus position Z0 and the focus position Z, known at a list of positions for both, as a
 * calibration delivers it (paper 1, section 3, Fig. 6), and linear in between.
 *
 * Every cell of the grid is split along the diagonal Z = Z0 into two triangles. That keeps what holds for the values
 * at the knots: zero on the diagonal stays zero on all of it, monotone stays monotone, and exchanging Z0 and Z
 * exchanges the sign of a function whose matrix is antisymmetric. Bilinear interpolation would keep neither.
 */
import type { Steps } from "../../core/units.ts";

export class LensGrid {
  readonly positions: readonly Steps[];
  readonly #knots: Float64Array;
  readonly #values: Float64Array;

  /** @param values one row a Z0, one column a Z, both at `positions` (at least two, ascending). */
  constructor(positions: readonly Steps[], values: readonly (readonly number[])[]) {
    this.positions = positions;
    this.#knots = Float64Array.from(positions);
    this.#values = Float64Array.from(values.flat());
  }

  /** The function tabulated at `positions`. */
  static sample(positions: readonly Steps[], value: (z0: Steps, z: Steps) => number): LensGrid {
    return new LensGrid(
      positions,
      positions.map((z0) => positions.map((z) => value(z0, z))),
    );
  }

  /** The value at (z0, z); a position outside the grid counts as its nearest end. */
  at(z0: Steps, z: Steps): number {
    const knots = this.#knots;
    const side = knots.length;
    const row = cellOf(knots, z0);
    const column = cellOf(knots, z);
    const u = fraction(knots, row, z0);
    const v = fraction(knots, column, z);
    const first = row * side + column;
    const corner = this.#values[first] as number;
    const opposite = this.#values[first + side + 1] as number;
    if (u >= v) {
      const middle = this.#values[first + side] as number;
      return corner + u * (middle - corner) + v * (opposite - middle);
    }
    const middle = this.#values[first + 1] as number;
    return corner + v * (middle - corner) + u * (opposite - middle);
  }

  /** The positions z0 between which `at(z0, z)` is linear, ascending: the knots and the crossings of the diagonals. */
  breaks(z: Steps): Steps[] {
    const knots = this.#knots;
    const column = cellOf(knots, z);
    const v = fraction(knots, column, z);
    const breaks: Steps[] = [];
    for (let row = 0; row + 1 < knots.length; row++) {
      const low = knots[row] as number;
      breaks.push(low);
      if (v > 0 && v < 1) breaks.push(low + v * ((knots[row + 1] as number) - low));
    }
    breaks.push(knots[knots.length - 1] as number);
    return breaks;
  }
}

/** Index of the cell that holds `position`, from 0 to length - 2. */
export function cellOf(knots: ArrayLike<number>, position: number): number {
  let low = 0;
  let high = knots.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((knots[middle] as number) <= position) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** How far `position` lies into cell `cell`, 0..1. */
export function fraction(knots: ArrayLike<number>, cell: number, position: number): number {
  const low = knots[cell] as number;
  const share = (position - low) / ((knots[cell + 1] as number) - low);
  return share < 0 ? 0 : share > 1 ? 1 : share;
}
