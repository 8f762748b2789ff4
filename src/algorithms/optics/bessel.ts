/** Bessel function of the first kind of order one (Abramowitz and Stegun 9.4.4 and 9.4.6, error below 1.1e-7). */

const SMALL = [0.5, -0.56249985, 0.21093573, -0.03954289, 0.00443319, -0.00031761, 0.00001109];
const MODULUS = [0.79788456, 0.00000156, 0.01659667, 0.00017105, -0.00249511, 0.00113653, -0.00020033];
const PHASE = [-2.35619449, 0.12499612, 0.0000565, -0.00637879, 0.00074348, 0.00079824, -0.00029166];

/** J1(x) for x >= 0. */
export function besselJ1(x: number): number {
  if (x <= 3) return x * polynomial(SMALL, (x / 3) ** 2);
  const inverse = 3 / x;
  return (polynomial(MODULUS, inverse) * Math.cos(x + polynomial(PHASE, inverse))) / Math.sqrt(x);
}

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduceRight((sum, coefficient) => sum * x + coefficient, 0);
}
