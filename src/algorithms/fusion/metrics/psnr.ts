/** Peak signal-to-noise ratio. */
import type { Image } from "../../../core/image.ts";
import { checkSameShape } from "../check-frames.ts";

/**
 * 10 log10(peak^2 / mean squared difference) over all values, dB; Infinity for equal pictures. `peak` is the largest
 * possible value: 1 for float pictures, 255 or 65535 for stored ones.
 * @throws AutofocusError `fusion_failed` when the pictures differ in size or channels.
 */
export function psnr(a: Image, b: Image, peak: number): number {
  checkSameShape(a, b);
  let sum = 0;
  for (let i = 0; i < a.data.length; i++) sum += ((a.data[i] as number) - (b.data[i] as number)) ** 2;
  return 10 * Math.log10((peak * peak * a.data.length) / sum);
}
