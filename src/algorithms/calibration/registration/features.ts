/**
 * A frame made ready for alignment: its levels of evened, band-passed features (native/kernels/registration/features.h).
 */
import { expected } from "../../../core/errors.ts";
import type { Image, ImageF32 } from "../../../core/image.ts";
import { featureLevels } from "../../../core/native/index.ts";

/** One level of a frame. */
export interface Level {
  /** Frame pixels per pixel of the level, a power of two. */
  readonly reduction: number;
  /** The band, about -3..3. */
  readonly features: ImageF32;
  /** The band, and the same blurred more and more, as if out of focus. */
  readonly blurred: readonly ImageF32[];
}

export interface LevelSizes {
  /** Longest side of the finest level, px. */
  readonly finest: number;
  /** Longest side of the coarsest level, px. */
  readonly coarsest: number;
}

/** The levels of a frame, the coarsest first. @throws AutofocusError `invalid_image` for values that are not finite. */
export async function levelsOf(frame: Image, { finest, coarsest }: LevelSizes): Promise<Level[]> {
  const levels = await featureLevels(frame, finest, coarsest);
  return levels.map(({ reduction, energy, blurred }) => {
    if (!Number.isFinite(energy))
      throw expected("invalid_image", "finite values", "a frame to align", energy);
    return { reduction, features: blurred[0] as ImageF32, blurred };
  });
}
