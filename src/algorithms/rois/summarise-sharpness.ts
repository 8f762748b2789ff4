/**
 * One figure for a window from a dense map of optical sharpness (paper 2, section 3: the map tells regions apart). Cells
 * count by how sure the network is of them, so that a flat wall does not dilute what has texture.
 */
export interface SharpnessCells {
  /** S of each cell before it is limited to 0..1: the errors of a limited one have a mean that is not 0. */
  readonly raw: ArrayLike<number>;
  /** Deviation to be expected of each. */
  readonly deviation: ArrayLike<number>;
}

/** Deviation from which a cell holds too little detail to tell. */
const UNREADABLE = 0.25;

/** Surest that a cell can be: neighbours err alike. */
const LEAST_DEVIATION = 0.02;

/** Share of the cells that must be readable. */
const LEAST_SHARE = 0.005;

/** The mean S over the maps of the windows, 0..1; NaN where there is too little to read. */
export function summariseSharpness(maps: readonly SharpnessCells[]): number {
  return Math.min(1, Math.max(0, rawSharpness(maps)));
}

/** The same before it is limited to 0..1. */
export function rawSharpness(maps: readonly SharpnessCells[]): number {
  let [sum, weights, readable, cells] = [0, 0, 0, 0];
  for (const { raw, deviation } of maps) {
    cells += raw.length;
    for (let index = 0; index < raw.length; index++) {
      const uncertain = deviation[index] as number;
      if (!(uncertain < UNREADABLE)) continue;
      const weight = 1 / Math.max(LEAST_DEVIATION, uncertain) ** 2;
      sum += weight * (raw[index] as number);
      weights += weight;
      readable++;
    }
  }
  if (readable === 0 || readable < LEAST_SHARE * cells) return NaN;
  return sum / weights;
}
