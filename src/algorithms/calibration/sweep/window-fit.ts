/**
 * Where one window of a sweep is in focus, on a given defocus scale q: the value q0 and the softness s for which the
 * radius read at position j, sqrt(max(0, (q_j - q0)^2 + s |s|)) (optics/softness.ts), agrees best with its readings.
 * Deviations are on the axis ln(radius + 1/2) and count by Student's distribution, so that misread frames do not pull.
 */
import type { Pixels } from "../../../core/units.ts";
import { radiusRead } from "../../optics/softness.ts";
import { logRadiusOf } from "../../search/types.ts";
import { loss } from "../trust.ts";

/** A reading that counts. */
export interface Sample {
  /** Index of the position. */
  readonly at: number;
  readonly logRadius: number;
  readonly std: number;
}

export interface WindowFit {
  readonly q: Pixels;
  readonly softness: Pixels;
  /** Sum of the losses and the price of the softness. */
  readonly loss: number;
}

/** Values of the softness that are tried, the usual ones first. */
const SOFTNESS: readonly Pixels[] = [0, -0.6, 0.6, -1, 1, -1.4, 1.5, 2.2, 3.2];

/** What a softness of one pixel costs: little, so that windows that do not show theirs have none. */
const PRICE = 0.5;

/** Steps to either side of a fit that is known. */
const NEIGHBOURS = 8;

/** Windows that are sharp this share of the range beyond its ends are still told apart. */
const BEYOND = 0.25;

/**
 * @param q the scale at each position, ascending.
 * @param resolution values of q0 that are tried over all of it.
 * @param near the fit on a scale that was much the same; only its neighbourhood is searched where it is given.
 */
export function fitWindow(
  samples: readonly Sample[],
  q: ArrayLike<number>,
  resolution: number,
  near?: WindowFit,
): WindowFit {
  const [first, last] = [q[0] as number, q[q.length - 1] as number];
  const step = ((1 + 2 * BEYOND) * (last - first)) / (resolution - 1);
  const around = NEIGHBOURS * step;
  const start = near === undefined ? first - BEYOND * (last - first) : near.q - around;
  const count = near === undefined ? resolution : 2 * NEIGHBOURS + 1;
  let best: WindowFit = { q: start, softness: 0, loss: Infinity };
  for (let index = 0; index < count; index++) best = better(best, samples, q, start + index * step);
  return refine(best, samples, q, step);
}

/** The same near a fit known, within `reach` px. */
function refine(from: WindowFit, samples: readonly Sample[], q: ArrayLike<number>, reach: Pixels): WindowFit {
  let best = from;
  for (let step = reach / 2; step > reach / 20; step /= 2)
    for (const q0 of [best.q - step, best.q + step]) best = better(best, samples, q, q0);
  return best;
}

function better(best: WindowFit, samples: readonly Sample[], q: ArrayLike<number>, q0: number): WindowFit {
  let result = best;
  for (const softness of SOFTNESS) {
    let total = PRICE * Math.abs(softness);
    for (const { at, logRadius, std } of samples) {
      const radius = radiusRead((q[at] as number) - q0, softness);
      total += loss((logRadius - logRadiusOf(radius)) / std);
      if (total >= result.loss) break;
    }
    if (total < result.loss) result = { q: q0, softness, loss: total };
  }
  return result;
}
