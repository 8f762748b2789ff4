/**
 * The search of paper 1, section 3, Fig. 3 at the coarsest level of a pair, where it is small enough to be exhaustive:
 * every width, every magnification, every shift, compared by normalised cross-correlation.
 */
import type { ImageF32 } from "../../../core/image.ts";
import { zerosF32 } from "../../../core/image.ts";
import type { Pixels } from "../../../core/units.ts";
import { blurredPatch, innerPatch, seenThrough, type PairLevel, type Seen } from "./level.ts";
import type { BlurFilter, Placement, ScoreSurface } from "./types.ts";

export interface CoarseLimits {
  readonly maxWidth: Pixels;
  readonly maxScale: number;
  /** Px of the frame. */
  readonly maxShift: Pixels;
}

export interface CoarseScore {
  readonly width: Pixels;
  readonly placement: Placement;
  readonly score: number;
}

/** Ratio of neighbouring widths, beyond the first, which is one pixel of the level. */
const GROWTH = 1.5;
/** What a step of the magnification moves the corners by, px of the level. */
const STEP = 1;

export interface CoarseSearch {
  /** One row a width, one column a magnification: each at its best shift. */
  readonly scores: readonly (readonly CoarseScore[])[];
  readonly surface: ScoreSurface;
}

export async function searchCoarse(
  level: PairLevel,
  filter: BlurFilter,
  limits: CoarseLimits,
): Promise<CoarseSearch> {
  const { reduction } = level;
  const inner = innerPatch(level, filter, limits.maxWidth);
  const widths = [0];
  for (let width = reduction; width < limits.maxWidth; width *= GROWTH) widths.push(width);
  widths.push(limits.maxWidth);
  const steps = Math.ceil((limits.maxScale * Math.hypot(inner.width, inner.height)) / 2 / STEP);
  const scales = Array.from({ length: 2 * steps + 1 }, (_, index) =>
    steps === 0 ? 1 : 1 + (limits.maxScale * (index - steps)) / steps,
  );
  const most = Math.ceil(limits.maxShift / reduction);
  const area = {
    x: inner.x - most,
    y: inner.y - most,
    width: inner.width + 2 * most,
    height: inner.height + 2 * most,
  };
  const templates = await Promise.all(
    widths.map(async (width) => normalised(await blurredPatch(level, inner, filter, width))),
  );
  const frames = await Promise.all(scales.map((scale) => seenThrough(level, area, { scale, x: 0, y: 0 })));
  const scores = templates.map((template, row) =>
    frames.map((frame, column): CoarseScore => {
      const scale = scales[column] as number;
      const { dx, dy, score } = bestShift(template, frame, most);
      const placement = { scale, x: scale * dx * reduction, y: scale * dy * reduction };
      return { width: widths[row] as Pixels, placement, score };
    }),
  );
  return { scores, surface: { widths, scales, scores: scores.map((row) => row.map((each) => each.score)) } };
}

/** Mean 0 and norm 1; all 0 where the picture is flat. */
function normalised(picture: ImageF32): ImageF32 {
  const { width, height, data } = picture;
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  const norm = Math.sqrt(data.reduce((sum, value) => sum + (value - mean) ** 2, 0));
  const result = zerosF32(width, height);
  if (norm > 0) data.forEach((value, index) => (result.data[index] = (value - mean) / norm));
  return result;
}

/** The shift with the largest correlation; shifts that leave the frame are left out. */
function bestShift(
  template: ImageF32,
  { picture, columns, rows }: Seen,
  most: number,
): { readonly dx: number; readonly dy: number; readonly score: number } {
  let best = { dx: 0, dy: 0, score: -1 };
  const { width, height } = template;
  for (let top = rows[0]; top + height <= rows[1]; top++)
    for (let left = columns[0]; left + width <= columns[1]; left++) {
      const score = correlationAt(template, picture, left, top);
      if (score > best.score) best = { dx: left - most, dy: top - most, score };
    }
  return best;
}

/** @param template of mean 0 and norm 1. */
function correlationAt(template: ImageF32, { data, width }: ImageF32, left: number, top: number): number {
  let [sum, squares, both] = [0, 0, 0];
  for (let y = 0, i = 0; y < template.height; y++)
    for (let x = 0, j = (top + y) * width + left; x < template.width; x++, i++, j++) {
      const value = data[j] as number;
      sum += value;
      squares += value * value;
      both += value * (template.data[i] as number);
    }
  const spread = squares - (sum * sum) / template.data.length;
  return spread > 0 ? both / Math.sqrt(spread) : 0;
}
