/** How far out of focus a picture is: its patches are read and summed up; with a lens, where the focus may lie. */
import type { LensModel } from "../../algorithms/optics/lens-model.ts";
import { patchGrid } from "../../algorithms/rois/patch-grid.ts";
import { summariseReadings, type ReadingSummary } from "../../algorithms/rois/summarise-readings.ts";
import { patchSizeFor, windowPatches } from "../../algorithms/rois/window-patches.ts";
import { logRadiusOf, radiusOf } from "../../algorithms/search/types.ts";
import type { ImageU8 } from "../../core/image.ts";
import type { Roi } from "../../core/roi.ts";
import type { Pixels, Steps } from "../../core/units.ts";
import type { DefocusEstimator } from "../../inference/defocus-estimator.ts";

/** The lens the picture was taken with, and where its motor stood. */
export interface LensAt {
  readonly lens: LensModel;
  readonly position: Steps;
}

/** A reading as it is printed; null = cannot be told, too little texture. */
export interface Figures {
  readonly radius_px: Pixels | null;
  readonly radius_std_px: Pixels | null;
  readonly in_focus: boolean;
  readonly in_focus_probability: number | null;
  readonly sharpness: number | null;
  /** In-focus positions that explain the radius, ascending; only with a lens. */
  readonly candidates?: readonly Steps[];
}

export interface PatchFigures extends Figures {
  /** Top-left corner, px. */
  readonly x: Pixels;
  readonly y: Pixels;
  readonly size: Pixels;
}

export interface ImageFigures extends Figures {
  readonly width: Pixels;
  readonly height: Pixels;
  readonly patches: readonly PatchFigures[];
}

/** Neighbouring patches share half their width where no stride is asked for. */
const OVERLAP = 0.5;

/**
 * @param stride Distance between patches, px; evenly spread over the picture where undefined.
 * @throws AutofocusError `invalid_image` for a picture smaller than the smallest patch.
 */
export async function estimateImage(
  gray: ImageU8,
  estimator: DefocusEstimator,
  options: { readonly stride?: Pixels; readonly at?: LensAt },
): Promise<ImageFigures> {
  const patches = layPatches(gray, options.stride);
  const readings = await estimator.read(gray, patches);
  return {
    width: gray.width,
    height: gray.height,
    ...figures(summariseReadings(readings), options.at),
    patches: patches.map(({ x, y, width: size }, index) => {
      const reading = readings[index];
      return { x, y, size, ...figures(reading?.textured === true ? reading : undefined, options.at) };
    }),
  };
}

function layPatches({ width, height }: ImageU8, stride: Pixels | undefined): readonly Roi[] {
  const frame = { width, height };
  const size = patchSizeFor(frame);
  if (size === undefined || stride === undefined)
    return windowPatches({ x: 0, y: 0, ...frame }, frame, OVERLAP);
  return patchGrid(width, height, size, stride).patches;
}

function figures(reading: ReadingSummary | undefined, at: LensAt | undefined): Figures {
  if (reading === undefined) {
    return {
      radius_px: null,
      radius_std_px: null,
      in_focus: false,
      in_focus_probability: null,
      sharpness: null,
      ...(at === undefined ? {} : { candidates: [] }),
    };
  }
  const radius = radiusOf(reading.logRadius);
  const probability = at === undefined ? reading.inFocusProbability : withinDepthOfField(reading, at);
  return {
    radius_px: rounded(radius),
    radius_std_px: rounded((radius + 0.5) * reading.logRadiusStd),
    in_focus: probability >= 0.5,
    in_focus_probability: rounded(probability),
    sharpness: rounded(reading.sharpness),
    ...(at === undefined ? {} : { candidates: at.lens.candidates(radius, at.position).map(rounded) }),
  };
}

/** Probability that the radius is below the one at the edge of the depth of field, by the reading's own deviation. */
function withinDepthOfField(reading: ReadingSummary, { lens, position }: LensAt): number {
  const sigma = lens.depthOfField(position);
  const { min, max } = lens.range;
  const edges = [position - sigma, position + sigma].map((z0) => Math.min(max, Math.max(min, z0)));
  const limit = Math.max(...edges.map((z0) => lens.radius(z0, position)));
  return normalShare((logRadiusOf(limit) - reading.logRadius) / Math.max(reading.logRadiusStd, 1e-6));
}

/** Cumulative standard normal distribution, to 2e-3 (the logistic approximation of Bowling et al. 2009). */
function normalShare(z: number): number {
  return 1 / (1 + Math.exp(-(0.07056 * z ** 3 + 1.5976 * z)));
}

function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
