/** GFDF, last step (Qiu et al. 2019, section 3.3): the weighted sum of two frames, every channel with the same weight. */
import { type ImageF32, image } from "../../../core/image.ts";

/** `weight * a + (1 - weight) * b`; `weight` has one channel. */
export function blend(a: ImageF32, b: ImageF32, weight: ImageF32): ImageF32 {
  const { width, height, channels } = a;
  const out = new Float32Array(a.data.length);
  for (let pixel = 0, i = 0; pixel < weight.data.length; pixel++) {
    const w = weight.data[pixel] as number;
    for (let channel = 0; channel < channels; channel++, i++) {
      const from = b.data[i] as number;
      out[i] = from + w * ((a.data[i] as number) - from);
    }
  }
  return image(width, height, channels, out);
}
