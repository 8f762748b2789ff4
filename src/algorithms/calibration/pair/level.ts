/**
 * A pair of frames reduced to one level of a pyramid: the patch of the focused frame and what may show it in the
 * defocused one. Both are reduced alike, so the width of the blur shrinks with the level, and with it the work.
 */
import { crop, type ImageF32 } from "../../../core/image.ts";
import { diskBlur, gaussianBlur, resample } from "../../../core/native/index.ts";
import { intersect, type Roi } from "../../../core/roi.ts";
import type { Pixels } from "../../../core/units.ts";
import { halve } from "./halve.ts";
import type { BlurFilter, Placement } from "./types.ts";

export interface PairLevel {
  /** Frame pixels per pixel of the level, a power of two. */
  readonly reduction: number;
  /** The patch of the focused frame. */
  readonly focused: ImageF32;
  /** What may show it, of the defocused frame. */
  readonly defocused: ImageF32;
  /** Where the patch's middle lies in `focused` and in `defocused`, px of the level; pixel i covers [i, i + 1). */
  readonly focusedMiddle: Point;
  readonly defocusedMiddle: Point;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * The levels of a pair, the finest first, as long as the patch's longer side exceeds `coarsest`.
 * @param margin how far beyond the patch the defocused frame may show it, px.
 */
export function pairLevels(
  focused: ImageF32,
  defocused: ImageF32,
  patch: Roi,
  margin: Pixels,
  coarsest: Pixels,
): PairLevel[] {
  const around = {
    x: patch.x - margin,
    y: patch.y - margin,
    width: patch.width + 2 * margin,
    height: patch.height + 2 * margin,
  };
  const seen = intersect(around, { x: 0, y: 0, width: defocused.width, height: defocused.height }) as Roi;
  const middle = { x: patch.x + patch.width / 2, y: patch.y + patch.height / 2 };
  const levels: PairLevel[] = [];
  let pictures = { focused: crop(focused, patch), defocused: crop(defocused, seen) };
  for (let reduction = 1; ; reduction *= 2) {
    const from = (corner: Point): Point => ({
      x: (middle.x - corner.x) / reduction,
      y: (middle.y - corner.y) / reduction,
    });
    levels.push({ reduction, ...pictures, focusedMiddle: from(patch), defocusedMiddle: from(seen) });
    if (Math.max(patch.width, patch.height) / reduction <= coarsest) return levels;
    pictures = { focused: halve(pictures.focused), defocused: halve(pictures.defocused) };
  }
}

/** How far a filter reaches, in widths; a Gaussian has little beyond three. */
export const REACH: Readonly<Record<BlurFilter, number>> = { disk: 1, gaussian: 3 };

/** The part of the patch that a filter of `width` (px of the frame) fills from within the patch, px of the level. */
export function innerPatch({ focused, reduction }: PairLevel, filter: BlurFilter, width: Pixels): Roi {
  const margin = Math.ceil((REACH[filter] * width) / reduction) + 1;
  return {
    x: margin,
    y: margin,
    width: focused.width - 2 * margin,
    height: focused.height - 2 * margin,
  };
}

/** K of Fig. 3: the inner patch, blurred by a filter of `width` px of the frame. */
export function blurredPatch(
  level: PairLevel,
  inner: Roi,
  filter: BlurFilter,
  width: Pixels,
): Promise<ImageF32> {
  const blur = filter === "disk" ? diskBlur : gaussianBlur;
  return blur(level.focused, width / level.reduction, { roi: inner });
}

/** A part of the defocused frame in the geometry of the patch, and which of its columns and rows the frame reaches. */
export interface Seen {
  readonly picture: ImageF32;
  readonly columns: readonly [number, number];
  readonly rows: readonly [number, number];
}

/** What the defocused frame shows where `area` (px of the level, of the patch) is, under the placement. */
export async function seenThrough(level: PairLevel, area: Roi, placement: Placement): Promise<Seen> {
  const { defocused, reduction, focusedMiddle, defocusedMiddle } = level;
  const { scale } = placement;
  const start = (corner: number, from: number, to: number, shift: Pixels): number =>
    scale * (corner + 0.5 - from) + to + shift / reduction - 0.5;
  const x = start(area.x, focusedMiddle.x, defocusedMiddle.x, placement.x);
  const y = start(area.y, focusedMiddle.y, defocusedMiddle.y, placement.y);
  const picture = await resample(defocused, {
    width: area.width,
    height: area.height,
    matrix: [scale, 0, x, 0, scale, y],
    filter: "bicubic",
    border: "replicate",
  });
  const reached = (first: number, length: number, side: number): [number, number] => [
    Math.max(0, Math.ceil(-first / scale)),
    Math.min(length, Math.floor((side - 1 - first) / scale) + 1),
  ];
  return {
    picture,
    columns: reached(x, area.width, defocused.width),
    rows: reached(y, area.height, defocused.height),
  };
}
