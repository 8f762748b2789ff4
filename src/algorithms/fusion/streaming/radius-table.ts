/** Radii of a lens at one position, fast enough for every cell of every frame. */
import type { Pixels, Steps } from "../../../core/units.ts";
import type { LensModel } from "../../optics/lens-model.ts";

/** In-focus positions told apart over the range of the lens. */
const LEVELS = 256;

/**
 * Radius of the blur with the lens at `z`, times `magnification`, by in-focus position.
 * Positions out of the range count as its ends; for one that is not known (NaN) the radius is 0.
 */
export function radiusTable(lens: LensModel, z: Steps, magnification: number): (focus: Steps) => Pixels {
  const { min, max } = lens.range;
  const at = Math.min(max, Math.max(min, z));
  const table = Float32Array.from(
    { length: LEVELS },
    (_, level) => magnification * lens.radius(min + (level / (LEVELS - 1)) * (max - min), at),
  );
  return (focus) => {
    const level = Math.round(((focus - min) / (max - min)) * (LEVELS - 1));
    return table[Math.min(LEVELS - 1, Math.max(0, level))] ?? 0;
  };
}
