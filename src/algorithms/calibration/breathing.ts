/**
 * Focus breathing of a calibrated lens (paper 1, section 3, Eq. 1: alpha): what undoes it without looking at the frames.
 */
import type { Steps } from "../../core/units.ts";
import type { Centre } from "../optics/defocus-model.ts";
import type { LensModel } from "../optics/lens-model.ts";
import type { Similarity, Size } from "./registration/similarity.ts";

/**
 * Where a frame taken at focus position `moving` shows what one taken at `reference` shows; `toAffine` makes of it the
 * matrix that `resample` takes.
 * @param centre where the optical axis meets the frame; the middle by default.
 */
export function breathing(
  lens: LensModel,
  reference: Steps,
  moving: Steps,
  frame: Size,
  centre: Centre = { x: frame.width / 2, y: frame.height / 2 },
): Similarity {
  const along = lens.scale(reference, moving);
  return {
    along,
    across: 0,
    // The optical axis stays where it is.
    dx: (1 - along) * (centre.x - frame.width / 2),
    dy: (1 - along) * (centre.y - frame.height / 2),
  };
}
