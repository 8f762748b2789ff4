/** Small linear systems. */

/** Share of the largest diagonal value below which a direction counts as unknown. */
const SINGULAR = 1e-9;

/**
 * Solves `matrix x = right` for the unknowns listed in `free`, by elimination without pivoting; the others, and
 * directions the matrix does not determine, stay 0.
 * @param matrix symmetric and positive semidefinite, row-major, as many rows as `right` has values.
 */
export function solve(matrix: Float64Array, right: ArrayLike<number>, free: readonly number[]): number[] {
  const size = right.length;
  const rows = free.map((row) => [
    ...free.map((column) => matrix[row * size + column] as number),
    right[row] as number,
  ]);
  const least = SINGULAR * Math.max(...rows.map((row, i) => row[i] as number));
  const known = rows.map((row, pivot) => {
    const diagonal = row[pivot] as number;
    if (!(diagonal > least)) return false;
    rows.forEach((other, index) => {
      if (index === pivot) return;
      const factor = (other[pivot] as number) / diagonal;
      row.forEach((value, column) => (other[column] = (other[column] as number) - factor * value));
    });
    return true;
  });
  const solution = new Array<number>(size).fill(0);
  free.forEach((unknown, i) => {
    const row = rows[i] as number[];
    if (known[i] === true) solution[unknown] = (row[free.length] as number) / (row[i] as number);
  });
  return solution;
}
