/** Where the peak of a focus measure lies, from three samples around it. */
import type { Steps } from "../../core/units.ts";
import type { Sample } from "./contrast-search.ts";

/**
 * The vertex of the parabola through three samples (positions a < b < c), undefined where the parabola has no
 * maximum between `a` and `c`.
 */
export function parabolaPeak(a: Sample, b: Sample, c: Sample): Steps | undefined {
  const left = (b.value - a.value) / (b.position - a.position);
  const right = (c.value - b.value) / (c.position - b.position);
  const curvature = (right - left) / (c.position - a.position);
  if (!(curvature < 0)) return undefined;
  const vertex = (a.position + b.position) / 2 - left / (2 * curvature);
  return vertex > a.position && vertex < c.position ? vertex : undefined;
}

/**
 * The optical defocus model of Yazdanfar et al. (Optics Express 16(12), 2008): near focus the reciprocal of a squared
 * gradient measure is a parabola over the position, so that three samples give its vertex.
 */
export function reciprocalPeak(a: Sample, b: Sample, c: Sample): Steps | undefined {
  const reciprocal = ({ position, value }: Sample): Sample => ({ position, value: -1 / value });
  if (Math.min(a.value, b.value, c.value) <= 0) return undefined;
  return parabolaPeak(reciprocal(a), reciprocal(b), reciprocal(c));
}
