/** A lens whose radius grows linearly on either side of the focus, for results that can be worked out by hand. */
import type { LensModel } from "../../src/algorithms/optics/lens-model.ts";
import { logRadiusOf } from "../../src/algorithms/search/types.ts";
import type { DefocusReading } from "../../src/algorithms/search/types.ts";

export interface LinearLensOptions {
  readonly min?: number;
  readonly max?: number;
  /** Pixels a step where the patch is in focus above the lens position (Z0 > Z), and below it. */
  readonly above?: number;
  readonly below?: number;
  readonly sigma?: number;
}

/** By default symmetric: 0.1 px a step over 0..1000, depth of field of half-width 20 steps, no breathing. */
export function linearLens(options: LinearLensOptions = {}): LensModel {
  const { min = 0, max = 1000, above = 0.1, below = 0.1, sigma = 20 } = options;
  return {
    name: "linear",
    range: { min, max },
    frame: { width: 1000, height: 1000 },
    radius: (z0, z) => (z0 > z ? above * (z0 - z) : below * (z - z0)),
    scale: () => 1,
    candidates: (radius, z) => {
      if (radius === 0) return [z];
      return [z - radius / below, z + radius / above].filter(
        (each) => each >= min - 1e-9 && each <= max + 1e-9,
      );
    },
    depthOfField: () => sigma,
    dioptres: () => NaN,
    resized: (factor) => linearLens({ min, max, above: above * factor, below: below * factor, sigma }),
  };
}

/** What a perfect estimator reads at `z` from a patch that is sharp at `z0`. */
export function readingAt(lens: LensModel, z0: number, z: number, logRadiusStd = 0): DefocusReading {
  const radius = lens.radius(z0, z);
  return {
    logRadius: logRadiusOf(radius),
    logRadiusStd,
    inFocusProbability: Math.abs(z0 - z) <= lens.depthOfField(z) ? 1 : 0,
    sharpness: 1 / (1 + radius * radius),
    textured: true,
  };
}

export const UNTEXTURED: DefocusReading = {
  logRadius: 0,
  logRadiusStd: 0,
  inFocusProbability: 0,
  sharpness: 0,
  textured: false,
};
