/** Two frames held against each other at one level, under a map between them. */
import { compareFrames, type Comparison, correlateFrames } from "../../../core/native/index.ts";
import type { Level } from "./features.ts";
import { reach, type Similarity, type Size, toAffine } from "./similarity.ts";

/** Correlation over all that both frames show, defocus and all, -1..1. */
export function correlation(
  { features, reduction }: Level,
  moving: Level,
  map: Similarity,
  frame: Size,
): Promise<number> {
  return correlateFrames(features, moving.features, toAffine(map, frame, reduction));
}

/** Where they agree, with the difference in defocus made up for; stretch and turn are told by the corners of the frame. */
export function compare(
  { blurred, reduction }: Level,
  moving: Level,
  map: Similarity,
  frame: Size,
): Promise<Comparison> {
  return compareFrames(blurred, moving.blurred, toAffine(map, frame, reduction), reach(frame) / reduction);
}
