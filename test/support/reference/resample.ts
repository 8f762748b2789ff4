/** Affine resampling (native/kernels/resample.h), a pixel at a time. */
import type { ImageF32 } from "../../../src/core/image.ts";
import type { ResampleOptions } from "../../../src/core/native/index.ts";
import { clamped, mirrored, paint } from "./sampling.ts";

/** Keys' cubic convolution kernel with a = -1/2. */
function cubic(t: number): number {
  const d = Math.abs(t);
  if (d < 1) return 1.5 * d ** 3 - 2.5 * d ** 2 + 1;
  return d < 2 ? -0.5 * d ** 3 + 2.5 * d ** 2 - 4 * d + 2 : 0;
}

const linear = (t: number): number => Math.max(0, 1 - Math.abs(t));

export function referenceResample(source: ImageF32, options: ResampleOptions): ImageF32 {
  const { matrix: m, filter, border } = options;
  const kernel = filter === "bilinear" ? linear : cubic;
  const within = border === "mirror" ? mirrored : clamped;
  const roi = { x: 0, y: 0, width: options.width, height: options.height };
  return paint(roi, source.channels, (x, y, channel) => {
    const u = m[0] * x + m[1] * y + m[2];
    const v = m[3] * x + m[4] * y + m[5];
    let sum = 0;
    for (let j = Math.floor(v) - 1; j <= Math.floor(v) + 2; j++) {
      for (let i = Math.floor(u) - 1; i <= Math.floor(u) + 2; i++) {
        const index = within(j, source.height) * source.width + within(i, source.width);
        sum += kernel(u - i) * kernel(v - j) * source.data[index * source.channels + channel]!;
      }
    }
    return sum;
  });
}
