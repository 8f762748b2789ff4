/** How much a deviation counts, so that outliers do not pull: the weight of Student's distribution. */

/** Degrees of freedom of the distribution of deviations. */
const FREEDOM = 4;

/** @param deviation in standard deviations. @returns the weight in least squares, 1 at 0, falling to 0. */
export function trust(deviation: number): number {
  return FREEDOM / (FREEDOM + deviation ** 2);
}

/** The loss whose minimum those weights lead to. */
export function loss(deviation: number): number {
  return ((FREEDOM + 1) / 2) * Math.log1p(deviation ** 2 / FREEDOM);
}
