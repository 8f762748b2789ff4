/**
 * Closed forms of a lens, for when no calibration grid has been measured. A form gives the defocus radius and the
 * magnification as functions of Z0 and Z; the grid of a LensModel is sampled from it.
 */
import type { Dioptres, Pixels, Steps } from "../../core/units.ts";

export interface LensForm {
  /** Defocus radius in the frame at `z` of what is sharp at `z0`, px; 0 at `z = z0`. */
  radius(z0: Steps, z: Steps): Pixels;
  /** Magnification of the frame at `z` relative to the frame at `z0`. */
  scale(z0: Steps, z: Steps): number;
  /** Reciprocal distance of what is sharp at `z0`, where the form knows it. */
  readonly dioptres: ((z0: Steps) => Dioptres) | undefined;
}

export interface LinearForm {
  /** Defocus radius gained by each step away from focus, px. */
  readonly radiusPerStep: number;
  /** Magnification gained over a distance of the lens. */
  readonly breathing: {
    /** Magnification at the end of `steps` relative to its beginning; above 1 where frames grow with the position. */
    readonly factor: number;
    readonly steps: Steps;
    /** `exponential`: equal steps magnify equally. `linear`: the image distance grows linearly, as in a thin lens. */
    readonly law: "exponential" | "linear";
  };
  /** Where the lens moves; the linear law counts from `min`. */
  readonly range: { readonly min: Steps; readonly max: Steps };
}

/**
 * r = slope * |Z - Z0|: what paper 1 measured (Fig. 6 a) is close to it, and so is any lens whose image distance
 * changes little over its range.
 */
export function linearForm({ radiusPerStep, breathing, range }: LinearForm): LensForm {
  const { factor, steps, law } = breathing;
  const rate = Math.log(factor) / steps;
  const image = (z: Steps): number => 1 + ((factor - 1) * (z - range.min)) / steps;
  return {
    radius: (z0, z) => radiusPerStep * Math.abs(z - z0),
    scale: law === "exponential" ? (z0, z) => Math.exp(rate * (z - z0)) : (z0, z) => image(z) / image(z0),
    dioptres: undefined,
  };
}

/** An object distance and the position that shows it sharp. */
export interface FocusPoint {
  readonly position: Steps;
  /** Metres, beyond the focal length. */
  readonly distance: number;
}

export interface ThinLensForm {
  /** Millimetres. */
  readonly focalLength: number;
  readonly fNumber: number;
  /** Micrometres a pixel of the frame. */
  readonly pixelPitch: number;
  /** Two known points; in between and beyond, the image distance is linear in the position. */
  readonly focus: readonly [FocusPoint, FocusPoint];
}

/**
 * The thin lens of aperture D = f / N. An object at distance u is sharp at the image distance v0 with
 * 1/f = 1/u + 1/v0; its cone of light, D wide at the lens and a point at v0, is D |v - v0| / v0 wide at a sensor at v:
 *
 *   r = D |v - v0| / (2 v0 pitch),   alpha = v / v0.
 *
 * It is not symmetric: the same travel towards larger v0 gives a smaller radius.
 */
export function thinLensForm({ focalLength, fNumber, pixelPitch, focus }: ThinLensForm): LensForm {
  const imageDistance = (point: FocusPoint): number => {
    const u = 1000 * point.distance;
    return (focalLength * u) / (u - focalLength);
  };
  const [first, second] = focus;
  const start = imageDistance(first);
  const rate = (imageDistance(second) - start) / (second.position - first.position);
  const v = (z: Steps): number => start + rate * (z - first.position);
  const aperture = focalLength / fNumber;
  const pitch = pixelPitch / 1000;
  return {
    radius: (z0, z) => (aperture * Math.abs(v(z) - v(z0))) / (2 * v(z0) * pitch),
    scale: (z0, z) => v(z) / v(z0),
    dioptres: (z0) => 1000 * (1 / focalLength - 1 / v(z0)),
  };
}
