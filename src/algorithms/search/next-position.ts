/**
 * Where to move next, given the posterior: to the position from which the fewest further moves are to be expected.
 *
 * Standing at z, the search is done when Z0 lies within the depth of field of z, with probability m(z). Otherwise one
 * more move is needed, led by the reading at z. It tells the radius to about 15 % and not the side, so of all Z0 that
 * have the same radius at z the next move reaches those on the likelier side, and of these as many as its depth of
 * field holds; for the rest another move is needed:
 *
 *   further moves(z) = (1 - m(z)) + sum over radii of (mass - max over sides of mass * min(1, held / width)).
 *
 * Thus a place between two candidates is bad (it keeps them apart by nothing), a place far from all of them too (what
 * is read there is coarse), and a candidate is good. Of positions equally good the nearer one is taken.
 */
import type { Steps } from "../../core/units.ts";
import type { LensModel, Range } from "../optics/lens-model.ts";
import type { FocusPosterior } from "./focus-posterior.ts";
import { logRadiusOf } from "./types.ts";

export interface Plan {
  readonly target: Steps;
  /** Probability that the depth of field at `target` holds the in-focus position. */
  readonly probability: number;
}

/** Width of the bins of ln(radius + 1/2): radii closer than this are read as the same. */
const RESOLUTION = 0.15;

/** Price of travelling the whole range, in moves; it decides between equals only. */
const TRAVEL_PRICE = 0.1;

/** Probability below which a grid position is left out. */
const NEGLIGIBLE = 5e-5;

export function nextPosition(
  posterior: FocusPosterior,
  lens: LensModel,
  range: Range,
  depthOfField: (z: Steps) => Steps,
  from: Steps,
): Plan {
  const held: Steps[] = [];
  for (let index = 0; index < posterior.length; index++)
    if (posterior.at(posterior.first + index) > NEGLIGIBLE) held.push(posterior.first + index);
  const price = (z: Steps): number =>
    furtherMoves(posterior, lens, held, z, depthOfField(z)) +
    (TRAVEL_PRICE * Math.abs(z - from)) / Math.max(1, range.max - range.min);

  let best = { target: from, price: Infinity };
  const consider = (z: Steps): void => {
    const each = price(z);
    if (each < best.price) best = { target: z, price: each };
  };
  const stride = Math.max(1, Math.floor(depthOfField(from) / 4));
  for (let z = range.min; z <= range.max; z += stride)
    if (posterior.between(z - stride, z + stride) > NEGLIGIBLE) consider(z);
  const rough = best.target;
  for (let z = Math.max(range.min, rough - stride); z <= Math.min(range.max, rough + stride); z++)
    consider(z);

  const { target } = best;
  return { target, probability: massWithin(posterior, target, depthOfField(target)) };
}

/** Probability that Z0 lies within `depthOfField` of `z`. */
export function massWithin(posterior: FocusPosterior, z: Steps, depthOfField: Steps): number {
  return posterior.between(z - depthOfField, z + depthOfField);
}

interface Side {
  mass: number;
  /** Grid positions that hold it. */
  width: number;
}

function furtherMoves(
  posterior: FocusPosterior,
  lens: LensModel,
  held: readonly Steps[],
  z: Steps,
  depthOfField: Steps,
): number {
  const bins = new Map<number, readonly [below: Side, above: Side]>();
  for (const z0 of held) {
    if (Math.abs(z0 - z) <= depthOfField) continue;
    const key = Math.round(logRadiusOf(lens.radius(z0, z)) / RESOLUTION);
    let bin = bins.get(key);
    if (bin === undefined) {
      bin = [
        { mass: 0, width: 0 },
        { mass: 0, width: 0 },
      ];
      bins.set(key, bin);
    }
    const side = bin[z0 < z ? 0 : 1];
    side.mass += posterior.at(z0);
    side.width++;
  }
  let lost = 0;
  for (const sides of bins.values()) {
    const reached = sides.map(({ mass, width }) => mass * Math.min(1, (2 * depthOfField + 1) / width));
    lost += sides[0].mass + sides[1].mass - Math.max(...reached);
  }
  // Half of the weight lies on the inner half of the depth of field, so that among positions that hold a narrow
  // posterior whole the one in its middle is taken.
  const inside =
    0.5 * massWithin(posterior, z, depthOfField) + 0.5 * massWithin(posterior, z, depthOfField / 2);
  return 1 - inside + lost;
}
