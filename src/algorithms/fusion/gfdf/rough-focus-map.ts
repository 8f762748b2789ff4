/**
 * GFDF, step 1 (Qiu, Li, Zhang, Yuan 2019, "Guided filter-based multi-focus image fusion through focus region
 * detection", section 3.1): the rough focus map is the distance of every pixel to the mean of its 7x7 neighbourhood,
 * borders replicated; a focused, textured place stands out from its mean.
 */
import { type ImageF32, image } from "../../../core/image.ts";
import { boxFilter } from "../../../core/native/index.ts";

/** Half the side of the mean filter: 7x7. */
const MEAN_RADIUS = 3;

/** |gray - mean 7x7|, one channel. */
export async function roughFocusMap(gray: ImageF32): Promise<ImageF32> {
  const mean = await boxFilter(gray, MEAN_RADIUS, "replicate");
  const map = gray.data.map((value, i) => Math.abs(value - (mean.data[i] as number)));
  return image(gray.width, gray.height, 1, map);
}
