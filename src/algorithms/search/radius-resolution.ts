/**
 * How finely defocus radii can be told apart, for planning a move before its frame is there: bins of ln(radius + 1/2)
 * that are `WIDTH` errors wide, where an error is what a 512 px patch of a photograph is usually read with. It is 2 % up
 * to 20 px and grows to 20 % from 110 px on, because the larger the disk the fewer cycles of its pattern fit in the patch;
 * below 2 px, where the photograph's own softness is of the same size, it is 5 %.
 */
import type { Pixels } from "../../core/units.ts";
import { logRadiusOf } from "./types.ts";

/** Width of a bin in errors: between the largest reading for a smaller radius and the least for a larger one. */
const WIDTH = 6;

const ERROR = { tiny: 0.05, least: 0.02, most: 0.2 } as const;
const TINY: Pixels = 2;
const FINE: Pixels = 20;
const COARSE: Pixels = 110;
const GROWTH = Math.log(ERROR.most / ERROR.least) / Math.log(COARSE / FINE);

/** Radius from which on all share the last bin, px. */
const LARGEST: Pixels = 10_000;

/** Upper edges of the bins but the last, as ln(radius + 1/2). */
const EDGES = edges();

/** Number of bins. */
export const RADIUS_BINS = EDGES.length + 1;

/** The bin of a radius, 0..RADIUS_BINS - 1, rising with it. */
export function radiusBin(radius: Pixels): number {
  const at = logRadiusOf(radius);
  let [low, high] = [0, EDGES.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at < (EDGES[middle] as number)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function usualError(radius: Pixels): number {
  if (radius < TINY) return ERROR.tiny;
  return Math.min(ERROR.most, ERROR.least * Math.max(1, radius / FINE) ** GROWTH);
}

function edges(): number[] {
  const result: number[] = [];
  for (let at = logRadiusOf(0); at < logRadiusOf(LARGEST); result.push(at))
    at += WIDTH * usualError(Math.exp(at));
  return result;
}
