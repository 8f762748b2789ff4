/** Disk and Gaussian blur (native/kernels/disk_blur.h, gaussian_blur.h), as plain sums over their filters. */
import type { ImageF32 } from "../../../src/core/image.ts";
import type { Roi } from "../../../src/core/roi.ts";
import { at, paint, whole } from "./sampling.ts";

interface Weight {
  readonly dx: number;
  readonly dy: number;
  readonly weight: number;
}

/** The part of each pixel that a disk covers, by slicing pixels into strips; weights add up to one. */
export function diskWeights(radius: number): Weight[] {
  if (radius <= 0.5) return [{ dx: 0, dy: 0, weight: 1 }];
  const reach = Math.ceil(radius);
  const weights: Weight[] = [];
  for (let dx = -reach; dx <= reach; dx++) {
    for (let dy = -reach; dy <= reach; dy++) {
      weights.push({ dx, dy, weight: coverage(dx, dy, radius) / (Math.PI * radius * radius) });
    }
  }
  return weights.filter(({ weight }) => weight > 0);
}

function coverage(dx: number, dy: number, radius: number): number {
  if (Math.hypot(Math.abs(dx) + 0.5, Math.abs(dy) + 0.5) <= radius) return 1;
  const strips = 4000;
  let area = 0;
  for (let strip = 0; strip < strips; strip++) {
    const x = dx - 0.5 + (strip + 0.5) / strips;
    const half = Math.sqrt(Math.max(0, radius * radius - x * x));
    area += Math.max(0, Math.min(dy + 0.5, half) - Math.max(dy - 0.5, -half)) / strips;
  }
  return area;
}

function gaussianWeights(sigma: number): Weight[] {
  const reach = Math.ceil(4 * sigma);
  const weights: Weight[] = [];
  for (let dx = -reach; dx <= reach; dx++) {
    for (let dy = -reach; dy <= reach; dy++) {
      const weight = sigma === 0 ? 1 : Math.exp(-(dx * dx + dy * dy) / (2 * sigma * sigma));
      weights.push({ dx, dy, weight });
    }
  }
  const sum = weights.reduce((total, { weight }) => total + weight, 0);
  return weights.map((each) => ({ ...each, weight: each.weight / sum }));
}

const weighted = (
  source: ImageF32,
  weights: readonly Weight[],
  x: number,
  y: number,
  channel: number,
): number =>
  weights.reduce((sum, { dx, dy, weight }) => sum + weight * at(source, x + dx, y + dy, channel), 0);

const convolve = (source: ImageF32, weights: readonly Weight[], roi: Roi): ImageF32 =>
  paint(roi, source.channels, (x, y, channel) => weighted(source, weights, x, y, channel));

export function referenceDiskBlur(source: ImageF32, radius: number, roi = whole(source)): ImageF32 {
  return convolve(source, diskWeights(radius), roi);
}

export function referenceGaussianBlur(source: ImageF32, sigma: number, roi = whole(source)): ImageF32 {
  return convolve(source, gaussianWeights(sigma), roi);
}
