/**
 * Where a patch of a still scene is in focus, from all frames so far (paper 1, section 6.2.2: "We can also update P by
 * considering all the previous Ps and Zs to improve the robustness"). Readings that agree to within the depth of field
 * are averaged by their precision; one that does not takes the place of what was believed, because it comes from a frame
 * that knew the side better (sign.ts). Patches that show two distances settle between them instead of wandering.
 */
import type { Steps } from "../../core/units.ts";

export interface Estimate {
  readonly inFocusAt: Steps;
  readonly std: Steps;
}

/** No reading is trusted better than to this share of the depth of field: readings of one patch share their errors. */
const LEAST_STD = 0.25;

/** @param sigma half-width of the depth of field. */
export function combine(previous: Estimate | undefined, reading: Estimate, sigma: Steps): Estimate {
  const { inFocusAt, std } = reading;
  if (previous === undefined || Math.abs(inFocusAt - previous.inFocusAt) > 2 * sigma)
    return { inFocusAt, std };
  const least = LEAST_STD * sigma;
  const [before, now] = [1 / Math.max(previous.std, least) ** 2, 1 / Math.max(std, least) ** 2];
  return {
    inFocusAt: (before * previous.inFocusAt + now * inFocusAt) / (before + now),
    std: 1 / Math.sqrt(before + now),
  };
}
