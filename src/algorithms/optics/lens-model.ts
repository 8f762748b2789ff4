/**
 * What a lens does to a frame (paper 1, section 3, Fig. 6): the radius of the defocus disk and the magnification,
 * both functions of the in-focus position Z0 of a patch and the focus position Z of the lens.
 */
import type { Dioptres, Pixels, Steps } from "../../core/units.ts";

export interface Range {
  readonly min: Steps;
  readonly max: Steps;
}

export interface LensModel {
  readonly name: string;
  /** Positions the lens can take. */
  readonly range: Range;
  /** Size of the frame that `radius` speaks of, px. */
  readonly frame: { readonly width: Pixels; readonly height: Pixels };
  /** Defocus radius at focus position `z` of a patch that is sharp at `z0`; 0 at `z = z0`, monotone on either side. */
  radius(z0: Steps, z: Steps): Pixels;
  /** Magnification of the frame at `z` relative to the frame at `z0`; 1 at `z = z0`. */
  scale(z0: Steps, z: Steps): number;
  /** The in-focus positions within `range` whose radius at `z` is `radius`: at most one on each side, ascending. */
  candidates(radius: Pixels, z: Steps): readonly Steps[];
  /**
   * What is read of a disk beside its radius (softness.ts), px: values that are equally likely of a scene, ascending;
   * undefined where it has not been measured.
   */
  readonly softness?: readonly Pixels[] | undefined;
  /** Half-width of the depth of field around `z` (sigma_Z). */
  depthOfField(z: Steps): Steps;
  /** Reciprocal object distance of the in-focus position `z0`, NaN where the lens file has no distances. */
  dioptres(z0: Steps): Dioptres;
  /**
   * The same lens for frames delivered binned or resized: `factor` = delivered pixels per pixel of `frame`
   * (0.5 for 2x2 binning). Radii scale with it; a crop does not change it.
   */
  resized(factor: number): LensModel;
}

/** Whether larger positions focus nearer, which is so unless the distances of the lens say otherwise. */
export function nearIsHigh(lens: LensModel): boolean {
  return !(lens.dioptres(lens.range.max) < lens.dioptres(lens.range.min));
}

/** The ends of the range by what they focus on. */
export function rangeEnds(lens: LensModel): { readonly far: Steps; readonly near: Steps } {
  const { min, max } = lens.range;
  return nearIsHigh(lens) ? { far: min, near: max } : { far: max, near: min };
}
