/**
 * The unsigned deviation matrix |P| (paper 1, section 5.1): where each patch may be in focus, given one frame.
 *
 * The paper's step estimator gives |Z0 - Z|, so a patch may lie at Z + |p| or at Z - |p|. Here the reading is a radius
 * and the lens model gives the in-focus positions that explain it: at most one on either side, not in general
 * symmetric, and none that the lens cannot reach.
 */
import type { Pixels, Steps } from "../../core/units.ts";
import type { LensModel } from "../optics/lens-model.ts";
import { radiusOf } from "../search/types.ts";
import type { DefocusReading } from "../search/types.ts";

/** What one frame says about one patch. */
export type PatchDeviation =
  /** Too little texture to be read. */
  | { readonly kind: "unknown" }
  /** Read, but blurred more than any position within the range of the lens explains. */
  | { readonly kind: "unreachable" }
  | {
      readonly kind: "read";
      /** One or two in-focus positions that explain the radius, ascending. */
      readonly candidates: readonly Steps[];
      /** Standard deviation of the candidates; they share it. */
      readonly std: Steps;
    };

/**
 * A radius beyond the largest that the range explains is taken for noise, and for the end of the range, up to this
 * many standard deviations.
 */
const NOISE_BEYOND_RANGE = 2;

/** The unsigned deviation of every patch of a frame captured at `z`, in the order of `readings`. */
export function deviations(
  readings: readonly DefocusReading[],
  lens: LensModel,
  z: Steps,
): readonly PatchDeviation[] {
  return readings.map((reading) => deviationOf(reading, lens, z));
}

function deviationOf(reading: DefocusReading, lens: LensModel, z: Steps): PatchDeviation {
  const { logRadius, logRadiusStd, textured } = reading;
  if (!textured || !Number.isFinite(logRadius) || !(logRadiusStd >= 0)) return { kind: "unknown" };
  const radius = radiusOf(logRadius);
  const candidates = lens.candidates(radius, z);
  if (candidates.length > 0)
    return { kind: "read", candidates, std: stepsStd(radius, logRadiusStd, lens, z) };
  const explained = Math.max(lens.radius(lens.range.min, z), lens.radius(lens.range.max, z));
  if (radiusOf(logRadius - NOISE_BEYOND_RANGE * logRadiusStd) > explained) return { kind: "unreachable" };
  return {
    kind: "read",
    candidates: lens.candidates(explained, z),
    std: stepsStd(explained, logRadiusStd, lens, z),
  };
}

/** The error of a radius as an error of the in-focus position, by the mean slope of r between the two. */
function stepsStd(radius: Pixels, logRadiusStd: number, lens: LensModel, z: Steps): Steps {
  const { min, max } = lens.range;
  const farEnd = z - min > max - z ? min : max;
  const slope = lens.radius(farEnd, z) / Math.max(1, Math.abs(farEnd - z));
  return (logRadiusStd * (radius + 0.5)) / Math.max(slope, 1e-6);
}
