/** Pictures as the metrics of Liu et al. 2012 take them: values stretched to 0..255 and rounded. */
import type { ImageU8 } from "../../../core/image.ts";

/** A picture of one value all over becomes 0. */
export function stretched({ data }: ImageU8): Uint8Array {
  let [low, high] = [255, 0];
  for (const value of data) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return data.map((value) => (high === low ? 0 : Math.round(((value - low) / (high - low)) * 255)));
}
