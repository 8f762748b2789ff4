/**
 * Where to start: every magnification and shift within the limits, in steps of about a pixel of the coarsest level,
 * compared by normalised cross-correlation where the frames overlap.
 */
import { correlateShifts, resample } from "../../../core/native/index.ts";
import type { Pixels } from "../../../core/units.ts";
import type { Level } from "./features.ts";
import { cornerDistance, reach, type Similarity, type Size, toAffine } from "./similarity.ts";

export interface Limits {
  /** Largest difference of the magnification from 1. */
  readonly scale: number;
  /** Largest shift along either axis, px of the frame. */
  readonly shift: Pixels;
}

interface Scored {
  readonly map: Similarity;
  readonly correlation: number;
}

/** Candidates nearer to each other than this, px of the level, are one. */
const APART = 2.5;

/** The best few maps that are well apart, the best first. */
export async function coarseSearch(
  reference: Level,
  moving: Level,
  frame: Size,
  limits: Limits,
  count: number,
): Promise<Similarity[]> {
  const { reduction } = reference;
  const { width, height } = reference.features;
  const steps = Math.ceil((limits.scale * reach(frame)) / reduction);
  const most = Math.min(Math.ceil(limits.shift / reduction), Math.floor(Math.min(width, height) / 3));
  const scored: Scored[] = [];
  for (let step = -steps; step <= steps; step++) {
    const along = 1 + (steps === 0 ? 0 : (limits.scale * step) / steps);
    const scaled = await resample(moving.features, {
      width,
      height,
      matrix: toAffine({ along, across: 0, dx: 0, dy: 0 }, frame, reduction),
      filter: "bilinear",
      border: "replicate",
    });
    const correlations = (await correlateShifts(reference.features, scaled, most)).data;
    let at = 0;
    for (let dy = -most; dy <= most; dy++)
      for (let dx = -most; dx <= most; dx++) {
        // A shift of the scaled picture is one of the frame by as much again times the magnification.
        const map = { along, across: 0, dx: dx * along * reduction, dy: dy * along * reduction };
        scored.push({ map, correlation: correlations[at++] as number });
      }
  }
  return wellApart(scored, frame, APART * reduction, count);
}

function wellApart(scored: Scored[], frame: Size, apart: Pixels, count: number): Similarity[] {
  const chosen: Similarity[] = [];
  for (const { map } of scored.sort((a, b) => b.correlation - a.correlation)) {
    if (chosen.length === count) break;
    if (chosen.every((other) => cornerDistance(map, other, frame) >= apart)) chosen.push(map);
  }
  return chosen;
}
