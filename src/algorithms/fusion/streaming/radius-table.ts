/** Radii of a lens at one position, fast enough for every cell of every frame. */
import type { ImageF32 } from "../../../core/image.ts";
import type { Steps } from "../../../core/units.ts";
import type { LensModel } from "../../optics/lens-model.ts";

/** In-focus positions told apart over the range of the lens. */
const LEVELS = 256;

/**
 * Radius of the blur in each cell with the lens at `z`, times `magnification`, px.
 * @param focus in-focus position of each cell. Out of the range its ends count; where it is not known (NaN) the radius is 0.
 */
export function radiusOfCells(focus: ImageF32, lens: LensModel, z: Steps, magnification: number): ImageF32 {
  const { min, max } = lens.range;
  const at = Math.min(max, Math.max(min, z));
  const table = new Float32Array(LEVELS);
  for (let level = 0; level < LEVELS; level++)
    table[level] = magnification * lens.radius(min + (level / (LEVELS - 1)) * (max - min), at);
  const positions = focus.data;
  const perStep = (LEVELS - 1) / (max - min);
  const data = new Float32Array(positions.length);
  for (let index = 0; index < data.length; index++) {
    const position = positions[index] as number;
    if (Number.isNaN(position)) continue;
    const level = Math.round((position - min) * perStep);
    data[index] = table[Math.min(LEVELS - 1, Math.max(0, level))] as number;
  }
  return { ...focus, data };
}
