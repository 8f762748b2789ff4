/**
 * Where to start: every magnification and shift within the limits, in steps of about a pixel of the coarsest level,
 * compared by normalised cross-correlation where the frames overlap.
 */
import type { ImageF32 } from "../../../core/image.ts";
import { resample } from "../../../core/native/index.ts";
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
/** Pixels of the level at the borders where the features know only half of what is around them. */
const BORDER = 2;

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
    for (let dy = -most; dy <= most; dy++)
      for (let dx = -most; dx <= most; dx++) {
        // A shift of the scaled picture is one of the frame by as much again times the magnification.
        const map = { along, across: 0, dx: dx * along * reduction, dy: dy * along * reduction };
        scored.push({ map, correlation: shiftedCorrelation(reference.features, scaled, dx, dy) });
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

/** Correlation of `a(x, y)` and `b(x + dx, y + dy)`, features of mean 0, over all pixels that both have. */
function shiftedCorrelation(a: ImageF32, b: ImageF32, dx: number, dy: number): number {
  const { width, height } = a;
  const [left, right] = [Math.max(0, -dx) + BORDER, width - Math.max(0, dx) - BORDER];
  const [top, bottom] = [Math.max(0, -dy) + BORDER, height - Math.max(0, dy) - BORDER];
  let [aa, ab, bb] = [0, 0, 0];
  for (let y = top; y < bottom; y++) {
    for (let x = left, i = y * width + left, j = (y + dy) * width + left + dx; x < right; x++, i++, j++) {
      const p = a.data[i] as number;
      const q = b.data[j] as number;
      aa += p * p;
      ab += p * q;
      bb += q * q;
    }
  }
  return aa * bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
}
