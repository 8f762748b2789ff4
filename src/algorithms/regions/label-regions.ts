/**
 * Regions of like altitude (paper 2's supplement, section 3): the patches of a frame, each with the position at which it
 * is in focus, labelled so that each region lies within one depth of field and can be focused as one.
 *
 * 1. Neighbouring patches are joined, the most alike first, as long as what they join fits into one depth of field
 *    (the minimum spanning forest of the grid, cut where it would not): planes become one region, a slope becomes
 *    strips.
 * 2. Regions smaller than `least` are noise of the readings or patches that show two altitudes: they go to the
 *    neighbour they are most alike, if that lies within two depths of field, and are left without a label otherwise.
 * 3. Regions are numbered by their position, from the lowest; those at like positions share a `level`.
 */
import { expected } from "../../core/errors.ts";
import type { Steps } from "../../core/units.ts";
import { weightedMedian } from "../rois/summarise-readings.ts";
import { Forest } from "./forest.ts";

/** Where each patch of a grid is in focus, row by row from the top. */
export interface FocusMap {
  readonly rows: number;
  readonly cols: number;
  /** Steps; NaN where it is not known. */
  readonly inFocusAt: ArrayLike<number>;
  /** Probability that it is right to within the depth of field, 0..1. */
  readonly confidence: ArrayLike<number>;
}

export interface Region {
  /** From 1 on, by position. */
  readonly label: number;
  /** From 1 on: regions at like altitude have the same. */
  readonly level: number;
  /** Where to focus it: the median over its patches, weighted by their confidence. */
  readonly position: Steps;
  /** Half of the distance between the lowest and the highest of its patches. */
  readonly spread: Steps;
  /** Mean confidence of its patches, 0..1. */
  readonly confidence: number;
  /** Indices of its patches, ascending. */
  readonly patches: readonly number[];
}

export interface RegionMap {
  /** Ascending by position. */
  readonly regions: readonly Region[];
  /** Label of each patch; 0 where it belongs to none. */
  readonly labels: Uint16Array;
}

export interface RegionOptions {
  /** Patches that a region must have. Default: a hundredth of the known ones, at least 2. */
  readonly least?: number;
  /** Confidence below which a patch counts as not known, 0.4 by default. */
  readonly confidence?: number;
}

/** Below a half: of a patch that is a little out of focus both sides may be equally likely, and a look at one tells. */
const CONFIDENT = 0.4;

/**
 * @param depthOfField half-width of the depth of field at a position.
 * @throws AutofocusError `invalid_input` when the sizes do not fit.
 */
export function labelRegions(
  map: FocusMap,
  depthOfField: (z: Steps) => Steps,
  { least: wanted, confidence: confident = CONFIDENT }: RegionOptions = {},
): RegionMap {
  const { rows, cols, inFocusAt } = map;
  const count = rows * cols;
  if (inFocusAt.length !== count || map.confidence.length !== count)
    throw expected("invalid_input", `${count} values`, "the focus map", inFocusAt.length);
  const isKnown = (patch: number): boolean =>
    Number.isFinite(inFocusAt[patch]) && (map.confidence[patch] as number) >= confident;
  const known = Array.from({ length: count }, (_, patch) => patch).filter(isKnown);
  const least = wanted ?? Math.max(2, Math.ceil(known.length / 100));
  const edges = neighbours(rows, cols)
    .filter(([a, b]) => isKnown(a) && isKnown(b))
    .map(([a, b]) => ({ a, b, difference: Math.abs((inFocusAt[a] as number) - (inFocusAt[b] as number)) }))
    .sort((p, q) => p.difference - q.difference);
  const forest = new Forest(inFocusAt);
  const fits = (a: number, b: number, depths: number): boolean => {
    const { low, high } = forest.joined(a, b);
    return high - low <= 2 * depths * depthOfField((low + high) / 2);
  };
  for (const { a, b } of edges) if (fits(a, b, 1)) forest.join(a, b);
  for (const { a, b, difference } of edges) {
    const near = difference <= 4 * depthOfField(inFocusAt[a] as number);
    if (near && forest.sizeOf(a) < least !== forest.sizeOf(b) < least) forest.absorb(a, b);
  }
  const members = new Map<number, number[]>();
  for (const patch of known) {
    const root = forest.rootOf(patch);
    members.set(root, [...(members.get(root) ?? []), patch]);
  }
  const regions = levelled(
    [...members.values()]
      .filter((patches) => patches.length >= least)
      .map((patches) => described(patches, map)),
    depthOfField,
  );
  const labels = new Uint16Array(count);
  for (const { label, patches } of regions) for (const patch of patches) labels[patch] = label;
  return { regions, labels };
}

/**
 * The positions between which the scene lies, from the map: a stack needs no frame outside. Undefined where nothing is known.
 * A hundredth of the patches at either end is taken for misread.
 */
export function usefulRange(
  { inFocusAt, confidence }: FocusMap,
  confident: number = CONFIDENT,
): { readonly min: Steps; readonly max: Steps } | undefined {
  const known = Array.from(inFocusAt)
    .filter((each, patch) => Number.isFinite(each) && (confidence[patch] as number) >= confident)
    .sort((a, b) => a - b);
  const tail = Math.floor(known.length / 100);
  const [min, max] = [known[tail], known[known.length - 1 - tail]];
  return min === undefined || max === undefined ? undefined : { min, max };
}

function described(
  patches: readonly number[],
  { inFocusAt, confidence }: FocusMap,
): Omit<Region, "label" | "level"> {
  const positions = patches.map((patch) => inFocusAt[patch] as number);
  const weights = patches.map((patch) => Math.max(1e-6, confidence[patch] as number));
  return {
    position: weightedMedian(positions, weights),
    spread: (Math.max(...positions) - Math.min(...positions)) / 2,
    confidence: weights.reduce((a, b) => a + b, 0) / weights.length,
    patches,
  };
}

/** Labels and levels, by position: a new level begins where the next region lies beyond the depth of field of the last. */
function levelled(
  found: readonly Omit<Region, "label" | "level">[],
  depthOfField: (z: Steps) => Steps,
): readonly Region[] {
  let level = 0;
  let before = -Infinity;
  return [...found]
    .sort((a, b) => a.position - b.position)
    .map((region, index) => {
      if (region.position - before > depthOfField(region.position)) {
        level++;
        before = region.position;
      }
      return { ...region, label: index + 1, level };
    });
}

/** Pairs of patches that share an edge. */
function neighbours(rows: number, cols: number): (readonly [number, number])[] {
  const pairs: (readonly [number, number])[] = [];
  for (let row = 0; row < rows; row++)
    for (let col = 0; col < cols; col++) {
      const patch = row * cols + col;
      if (col + 1 < cols) pairs.push([patch, patch + 1]);
      if (row + 1 < rows) pairs.push([patch, patch + cols]);
    }
  return pairs;
}
