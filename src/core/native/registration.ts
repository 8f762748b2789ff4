/** What two frames of one scene have in common: the kernels of frame alignment (algorithms/calibration/registration). */
import type { Image, ImageF32 } from "../image.ts";
import type { Pixels } from "../units.ts";
import { call } from "./addon.ts";

/**
 * How one frame lies over another: magnification, turn and shift about the middle of the frame.
 *
 * A point that lies at (X, Y) from the middle of the reference lies at (along X - across Y + dx, across X + along Y + dy)
 * from the middle of the moving frame, px of the frames at full size.
 */
export interface Similarity {
  /** Magnification times the cosine of the turn. */
  readonly along: number;
  /** Magnification times the sine of the turn. */
  readonly across: number;
  readonly dx: Pixels;
  readonly dy: Pixels;
}

export interface FrameSize {
  readonly width: Pixels;
  readonly height: Pixels;
}

/** One level of a frame, as `featureLevels` makes it. */
export interface FeatureLevel {
  /** Frame pixels per pixel of the level, a power of two. */
  readonly reduction: number;
  /** Mean square of the band before its contrast is made even; not finite where the frame's values are not. */
  readonly energy: number;
  /** The band of middle frequencies with its contrast made even, about -3..3, then the same blurred more and more. */
  readonly blurred: readonly ImageF32[];
}

/**
 * A frame reduced to levels of features that frames focused and exposed differently have in common, the coarsest first.
 * @param frame colour counts by its luma.
 * @param finest longest side of the finest level, px.
 * @param coarsest the last level is the first that is no longer than this, px.
 * @throws AutofocusError `invalid_image`, `invalid_input`.
 */
export function featureLevels(frame: Image, finest: Pixels, coarsest: Pixels): Promise<FeatureLevel[]> {
  return call((addon) => addon.featureLevels(frame, finest, coarsest));
}

/** Where `alignLevels` looks. */
export interface AlignSearch {
  /** Maps that are tried first; at least one. */
  readonly likely: readonly Similarity[];
  /** Largest difference of the magnification from 1 that is looked for where no likely map will do, 0..1. */
  readonly scale: number;
  /** Largest shift along either axis that is looked for then, px of the frame. */
  readonly shift: Pixels;
  /** Whether the frames may be turned against each other. */
  readonly rotation: boolean;
}

/**
 * The map under which the features of two frames agree best, from the coarsest level to the finest.
 * @param reference all levels of a frame of the size `frame`, at least one.
 * @param moving the same of another frame.
 * @throws AutofocusError `invalid_image`, `invalid_input`.
 */
export function alignLevels(
  reference: readonly FeatureLevel[],
  moving: readonly FeatureLevel[],
  frame: FrameSize,
  search: AlignSearch,
): Promise<Similarity> {
  return call((addon) => addon.alignLevels(reference, moving, frame, search));
}

/** What `levelGain` finds. Agreement: correlation around each place, the difference in defocus made up for, 0..1. */
export interface LevelGain {
  /** Mean agreement without and with the map, each place by its strength. */
  readonly before: number;
  readonly after: number;
  /** Share of the disagreement that the map explains; negative where it adds to it. */
  readonly explained: number;
  /** Whether the agreement rises beyond chance: in the mean over blocks, by several standard errors of that mean. */
  readonly certain: boolean;
}

/** What a map gains at one level. @throws AutofocusError `invalid_image`, `invalid_input`. */
export function levelGain(
  reference: FeatureLevel,
  moving: FeatureLevel,
  frame: FrameSize,
  map: Similarity,
): Promise<LevelGain> {
  return call((addon) => addon.levelGain(reference, moving, frame, map));
}
