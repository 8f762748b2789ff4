/**
 * GFDF for two frames (Qiu, Li, Zhang, Yuan 2019, "Guided filter-based multi-focus image fusion through focus region
 * detection"), the method paper 1 uses for static scenes (section 6.2.2):
 *
 *   rough focus map -> guided filter -> pixel-wise maximum -> small regions removed -> initial fused picture
 *   -> guided filter of the decision with that picture as guide -> weighted sum
 *
 * All filters see gray values 0..1; colour is weighted by the one map. Known failures: a flat region goes to the
 * second frame, or to whatever surrounds it; a small focused object below the area ratio is lost; blur that spreads
 * from a strong edge by more than the filter windows counts as texture.
 */
import type { ImageF32, ImageU8 } from "../../../core/image.ts";
import { guidedFilter } from "../../../core/native/index.ts";
import { checkSameShape } from "../check-frames.ts";
import { luma } from "../luma.ts";
import { blend } from "./blend.ts";
import { decide, focusMap } from "./decision.ts";

export interface GfdfOptions {
  /** Smallest region of the decision map, as a share of the frame; 0.01 in the authors' code, 0.001 in paper 1. */
  readonly areaRatio?: number;
  /** Radius of the guided filter, px. */
  readonly radius?: number;
  /** Regularisation of the guided filter, for values 0..1. */
  readonly epsilon?: number;
}

export interface GfdfResult {
  readonly fused: ImageF32;
  /** 1 where the first frame is in focus, 0 where the second is; after removal of small regions. */
  readonly mask: ImageU8;
  /** What the first frame was weighted with: the mask, refined along edges. */
  readonly weight: ImageF32;
}

/** The values of the authors' code. */
export const GFDF_DEFAULTS: Required<GfdfOptions> = { areaRatio: 0.01, radius: 5, epsilon: 0.3 };

/**
 * Fuses two aligned frames, nominally 0..1 after gamma.
 * @throws AutofocusError `fusion_failed` when they differ in size or channels.
 */
export async function fuseGfdf(a: ImageF32, b: ImageF32, options: GfdfOptions = {}): Promise<GfdfResult> {
  checkSameShape(a, b);
  const filter = { ...GFDF_DEFAULTS, ...options };
  const [grayA, grayB] = [luma(a), luma(b)];
  const [mapA, mapB] = await Promise.all([focusMap(grayA, filter), focusMap(grayB, filter)]);
  const mask = decide(mapA, mapB, filter.areaRatio);
  const hard: ImageF32 = { ...mask, data: Float32Array.from(mask.data) };
  const weight = await guidedFilter(blend(grayA, grayB, hard), hard, filter.radius, filter.epsilon);
  return { fused: blend(a, b, weight), mask, weight };
}
