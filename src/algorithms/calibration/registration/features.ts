/**
 * A frame made ready for alignment: its levels of evened, band-passed features (native/kernels/registration/features.h).
 */
import { expected } from "../../../core/errors.ts";
import type { Image } from "../../../core/image.ts";
import { featureLevels, type FeatureLevel } from "../../../core/native/index.ts";

/** Longest sides of the finest and the coarsest level, px. */
const FINEST = 512;
const COARSEST = 128;

/** The levels of a frame, the coarsest first. @throws AutofocusError `invalid_image` for values that are not finite. */
export async function levelsOf(frame: Image): Promise<FeatureLevel[]> {
  const levels = await featureLevels(frame, FINEST, COARSEST);
  for (const { energy } of levels)
    if (!Number.isFinite(energy))
      throw expected("invalid_image", "finite values", "a frame to align", energy);
  return levels;
}
