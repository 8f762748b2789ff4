/**
 * GFDF, step 2 (Qiu et al. 2019, section 3.1-3.2): the rough focus maps are smoothed by a guided filter with their own
 * frame as the guide, compared pixel by pixel, and freed of small regions.
 */
import { type ImageF32, type ImageU8, image } from "../../../core/image.ts";
import { guidedFilter } from "../../../core/native/index.ts";
import { roughFocusMap } from "./rough-focus-map.ts";
import { removeSmallRegions } from "./small-regions.ts";

export interface GfdfFilter {
  /** Radius of the guided filter's windows, px. */
  readonly radius: number;
  /** Its regularisation, for values 0..1. */
  readonly epsilon: number;
}

/** The focus map of one gray frame, 0..1. */
export async function focusMap(gray: ImageF32, filter: GfdfFilter): Promise<ImageF32> {
  return guidedFilter(gray, await roughFocusMap(gray), filter.radius, filter.epsilon);
}

/**
 * 1 where frame A is in focus, 0 where B is; equal maps count as B, as in the authors' code. `areaRatio` times the
 * pixels of the frame, rounded up, is the smallest region that remains.
 */
export function decide(mapA: ImageF32, mapB: ImageF32, areaRatio: number): ImageU8 {
  const { width, height } = mapA;
  const larger = Uint8Array.from(mapA.data, (value, i) => (value > (mapB.data[i] as number) ? 1 : 0));
  return removeSmallRegions(image(width, height, 1, larger), Math.ceil(areaRatio * width * height));
}
