/**
 * Where to move next, given the posterior: to the position from which the fewest further moves are to be expected.
 *
 * Standing at z, the search is done when Z0 lies within the depth of field of z, with probability m(z). Otherwise one
 * more move is needed, led by the reading at z. It tells the radius as finely as radius-resolution.ts says and not the
 * side, so of all Z0 that have the same radius at z the next move reaches those on the likelier side, and of these as
 * many as its depth of field holds; for the rest another move is needed:
 *
 *   further moves(z) = (1 - m(z)) + sum over radii of (mass - max over sides of mass * min(1, held / width)).
 *
 * Thus a place between two candidates is bad (it keeps them apart by nothing), a place far from all of them too (what
 * is read there is coarse), and a candidate is good. Where the radius is known to no better than a depth of field, the
 * best place is a little short of the likeliest one: the focus then lies beyond, and the second move is sure of its side.
 * Of positions equally good the nearer one is taken.
 */
import type { Steps } from "../../core/units.ts";
import type { LensModel, Range } from "../optics/lens-model.ts";
import type { FocusPosterior } from "./focus-posterior.ts";
import { placesBetween } from "./positions.ts";
import { RADIUS_BINS, radiusBin } from "./radius-resolution.ts";

export interface Plan {
  readonly target: Steps;
  /** Probability that the depth of field at `target` holds the in-focus position. */
  readonly probability: number;
}

/** Price of travelling the whole range, in moves; it decides between equals only. */
const TRAVEL_PRICE = 0.1;

/** Probability below which a grid position is left out. */
const NEGLIGIBLE = 5e-5;

/** Positions that hold less than this share of what the best one holds within its depth of field are not looked at. */
const WORTH_A_LOOK = 0.2;

/**
 * @param from where the lens stands.
 * @param seen positions near which (a quarter of the depth of field) nothing new is to be learned; none by default.
 * @param stops the only positions that the lens can take; every whole step unless given.
 * @returns undefined where no position is left.
 */
export function nextPosition(
  posterior: FocusPosterior,
  lens: LensModel,
  range: Range,
  depthOfField: (z: Steps) => Steps,
  from: Steps,
  seen: readonly Steps[] = [],
  stops?: readonly Steps[],
): Plan | undefined {
  const held: Steps[] = [];
  for (let index = 0; index < posterior.length; index++)
    if (posterior.at(posterior.first + index) > NEGLIGIBLE) held.push(posterior.first + index);
  const price = (z: Steps): number =>
    furtherMoves(posterior, lens, held, z, depthOfField(z)) +
    (TRAVEL_PRICE * Math.abs(z - from)) / Math.max(1, range.max - range.min);

  let best = { target: from, price: Infinity };
  const isSeen = (z: Steps): boolean => seen.some((each) => Math.abs(each - z) <= depthOfField(z) / 4);
  const consider = (z: Steps): void => {
    const each = price(z);
    if (each < best.price) best = { target: z, price: each };
  };
  const stride = Math.max(1, Math.floor(depthOfField(from) / 4));
  const grid: { z: Steps; mass: number }[] = [];
  for (const z of placesBetween(stops, range.min, range.max, stride))
    if (!isSeen(z)) grid.push({ z, mass: massWithin(posterior, z, depthOfField(z)) });
  const largest = Math.max(...grid.map(({ mass }) => mass));
  for (const { z, mass } of grid) if (mass >= WORTH_A_LOOK * largest) consider(z);
  const rough = best.target;
  const [low, high] = [Math.max(range.min, rough - stride), Math.min(range.max, rough + stride)];
  for (const z of placesBetween(stops, low, high, 1)) if (!isSeen(z)) consider(z);

  const { target } = best;
  if (best.price === Infinity) return undefined;
  return { target, probability: massWithin(posterior, target, depthOfField(target)) };
}

/** Probability that Z0 lies within `depthOfField` of `z`. */
export function massWithin(posterior: FocusPosterior, z: Steps, depthOfField: Steps): number {
  return posterior.between(z - depthOfField, z + depthOfField);
}

function furtherMoves(
  posterior: FocusPosterior,
  lens: LensModel,
  held: readonly Steps[],
  z: Steps,
  depthOfField: Steps,
): number {
  // Mass and number of positions per bin of the radius, those below z first, those above it behind.
  const mass = new Float64Array(2 * RADIUS_BINS);
  const width = new Float64Array(2 * RADIUS_BINS);
  for (const z0 of held) {
    if (Math.abs(z0 - z) <= depthOfField) continue;
    const at = radiusBin(lens.radius(z0, z)) + (z0 < z ? 0 : RADIUS_BINS);
    mass[at] = (mass[at] as number) + posterior.at(z0);
    width[at] = (width[at] as number) + 1;
  }
  const reached = (at: number): number =>
    (mass[at] as number) * Math.min(1, (2 * depthOfField + 1) / (width[at] as number) || 0);
  let lost = 0;
  for (let bin = 0; bin < RADIUS_BINS; bin++) {
    const opposite = bin + RADIUS_BINS;
    lost += (mass[bin] as number) + (mass[opposite] as number) - Math.max(reached(bin), reached(opposite));
  }
  // Half of the weight lies on the inner half of the depth of field, so that among positions that hold a narrow
  // posterior whole the one in its middle is taken.
  const inside =
    0.5 * massWithin(posterior, z, depthOfField) + 0.5 * massWithin(posterior, z, depthOfField / 2);
  return 1 - inside + lost;
}
