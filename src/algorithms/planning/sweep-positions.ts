/** Positions evenly spread over a range, so that everything in it lies within `reach` depths of field of one of them. */
import type { Steps } from "../../core/units.ts";
import type { LensModel } from "../optics/lens-model.ts";

/** Ascending. With `reach` 1 a frame at each shows everything sharply (paper 1, section 2.3: the uniform sweep). */
export function sweepPositions(lens: LensModel, reach = 1): readonly Steps[] {
  const { min, max } = lens.range;
  const count = Math.max(1, Math.ceil((max - min) / (2 * reach * finestDepthOfField(lens)) - 1e-9));
  return Array.from({ length: count }, (_, index) => min + ((index + 0.5) * (max - min)) / count);
}

/** In the order that begins at the end nearer to `start`. */
export function fromNearerEnd(positions: readonly Steps[], start: Steps): readonly Steps[] {
  const [first, last] = [positions[0] ?? start, positions.at(-1) ?? start];
  return Math.abs(first - start) <= Math.abs(last - start) ? positions : positions.toReversed();
}

/** The smallest half-width of the depth of field, of five places of the range. */
export function finestDepthOfField(lens: LensModel): Steps {
  const { min, max } = lens.range;
  return Math.min(...[0, 0.25, 0.5, 0.75, 1].map((share) => lens.depthOfField(min + share * (max - min))));
}
