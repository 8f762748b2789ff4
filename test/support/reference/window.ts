/** Box and guided filter (native/kernels/box_filter.h, guided_filter.h), a window at a time. */
import type { ImageF32 } from "../../../src/core/image.ts";
import { clamped, paint, whole } from "./sampling.ts";

export function referenceBoxFilter(
  source: ImageF32,
  radius: number,
  border: "replicate" | "shrink",
): ImageF32 {
  const { width, height, channels, data } = source;
  return paint(whole(source), channels, (x, y, channel) => {
    let sum = 0;
    let count = 0;
    for (let j = y - radius; j <= y + radius; j++) {
      for (let i = x - radius; i <= x + radius; i++) {
        const inside = i >= 0 && i < width && j >= 0 && j < height;
        if (border === "shrink" && !inside) continue;
        sum += data[(clamped(j, height) * width + clamped(i, width)) * channels + channel]!;
        count++;
      }
    }
    return sum / count;
  });
}

/** The definition in the paper: a line fitted in every window, the lines of all windows over a pixel averaged. */
export function referenceGuidedFilter(
  guide: ImageF32,
  input: ImageF32,
  radius: number,
  eps: number,
): ImageF32 {
  const { width, height } = input;
  const around = (at: number): number[] => {
    const [x, y] = [at % width, Math.floor(at / width)];
    const indices: number[] = [];
    for (let j = Math.max(0, y - radius); j <= Math.min(height - 1, y + radius); j++) {
      for (let i = Math.max(0, x - radius); i <= Math.min(width - 1, x + radius); i++)
        indices.push(j * width + i);
    }
    return indices;
  };
  const lines = Array.from({ length: width * height }, (_, at) => {
    const indices = around(at);
    const mean = (value: (index: number) => number): number =>
      indices.reduce((sum, index) => sum + value(index), 0) / indices.length;
    const guideMean = mean((index) => guide.data[index]!);
    const inputMean = mean((index) => input.data[index]!);
    const variance = mean((index) => (guide.data[index]! - guideMean) ** 2);
    const covariance = mean((index) => (guide.data[index]! - guideMean) * (input.data[index]! - inputMean));
    const slope = variance + eps > 0 ? covariance / (variance + eps) : 0;
    return { slope, offset: inputMean - slope * guideMean };
  });
  return paint(whole(input), 1, (x, y) => {
    const at = y * width + x;
    const indices = around(at);
    const slope = indices.reduce((sum, index) => sum + lines[index]!.slope, 0) / indices.length;
    const offset = indices.reduce((sum, index) => sum + lines[index]!.offset, 0) / indices.length;
    return slope * guide.data[at]! + offset;
  });
}
