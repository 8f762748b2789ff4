/**
 * Alignment of two frames of one scene taken at different focus positions: undoes focus breathing (alpha of paper 1,
 * section 3, Eq. 1, up to about 10 %) and small movements of the camera.
 *
 * The frames are reduced to levels of evened, band-passed features (features.ts), and a map is found from coarse to fine
 * (native/kernels/registration/align.h). The finest level is smaller than a large frame: its 1/50 px suffices. The result
 * is only used where the frames agree better with it than without, beyond chance (native/kernels/registration/gain.h);
 * otherwise they are left as they are, so that a good stack never gets worse.
 */
import { AutofocusError, expected } from "../../../core/errors.ts";
import type { Image } from "../../../core/image.ts";
import { alignLevels, levelGain, type FeatureLevel, type LevelGain } from "../../../core/native/index.ts";
import type { Pixels } from "../../../core/units.ts";
import { levelsOf } from "./features.ts";
import {
  type Affine,
  cornerDistance,
  IDENTITY,
  magnification,
  type Similarity,
  type Size,
  toAffine,
} from "./similarity.ts";

export interface RegistrationOptions {
  /** Largest difference of the magnification from 1 that is looked for, 0..0.25; 0.11 by default. */
  readonly maxScale?: number;
  /** Largest shift along either axis that is looked for, as a share of the longer side, 0..0.25; 0.05 by default. */
  readonly maxShift?: number;
  /** Also undo a turn of up to about 2 degrees; not by default, since lenses do not turn the picture. */
  readonly rotation?: boolean;
  /** The magnification expected of the moving frame, from a calibrated lens; tried beside all others. */
  readonly expectedScale?: number;
  /** A map that is likely near, such as that of the pair of frames before; tried beside all others. */
  readonly near?: Similarity;
}

/** A frame made ready to be registered, with any number of others; small beside the frame. */
export interface Registrable {
  readonly size: Size;
  /** The coarsest first; none where the frame is too small to be moved. */
  readonly levels: readonly FeatureLevel[];
}

export interface Registration {
  /** From a pixel of the reference to one of the moving frame, as `resample` takes it. */
  readonly matrix: Affine;
  /** Magnification of the moving frame relative to the reference, about the middle of the frame. */
  readonly scale: number;
  /** Where the middle of the reference lies in the moving frame, relative to its middle, px. */
  readonly dx: Pixels;
  readonly dy: Pixels;
  /** False: nothing found that makes the frames agree better; the map is the identity. */
  readonly improved: boolean;
  /**
   * A magnification with which the frames agree better beyond chance, but by too little for the map to be used: among
   * frames in focus at different depths it tends to be too large by a fifth. Undefined where there is none.
   */
  readonly likelyScale: number | undefined;
  /** Agreement of the frames as they are: correlation of their features around each place, the difference in defocus made up for, 0..1. */
  readonly correlationBefore: number;
  /** The same with the map; equal to the one before when nothing was improved. */
  readonly correlationAfter: number;
}

/** Frames with a side below this are left as they are, px. */
const LEAST_SIDE = 32;
/** A map that moves the corners by less is not worth another interpolation, px. */
const NEGLIGIBLE = 0.1;
/** Share of the disagreement that a map must explain; those that make up for defocus explain up to a third. */
const WORTH = 0.4;
/** Largest turn, as its sine. */
const MOST_TURN = 0.035;
/** Estimates may leave the limits of the search by this factor. */
const LEEWAY = 1.2;

/**
 * @param reference any range, after gamma or linear; colour counts by its luma.
 * @param moving of the same size.
 * @throws AutofocusError `invalid_image`, `invalid_input`.
 */
export async function registerFrames(
  reference: Image,
  moving: Image,
  options: RegistrationOptions = {},
): Promise<Registration> {
  const [ours, theirs] = await Promise.all([registrable(reference), registrable(moving)]);
  return register(ours, theirs, options);
}

/** @throws AutofocusError `invalid_image` for values that are not finite. */
export async function registrable(frame: Image): Promise<Registrable> {
  const { width, height } = frame;
  const isSmall = Math.min(width, height) < LEAST_SIDE;
  return { size: { width, height }, levels: isSmall ? [] : await levelsOf(frame) };
}

/** What `registerFrames` finds, of frames made ready. @throws AutofocusError `invalid_image`, `invalid_input`. */
export async function register(
  { size: frame, levels: ours }: Registrable,
  { size, levels: theirs }: Registrable,
  options: RegistrationOptions = {},
): Promise<Registration> {
  if (frame.width !== size.width || frame.height !== size.height)
    throw new AutofocusError(
      "invalid_image",
      `Expected a moving frame of ${frame.width}x${frame.height} px but received ${size.width}x${size.height}.`,
    );
  const { rotation = false, expectedScale = 1, near } = options;
  const limits = limitsOf(frame, options);
  if (ours.length === 0) return unchanged(frame, 0);
  const likely = [IDENTITY, ...(near === undefined ? [] : [near])];
  if (expectedScale !== 1) likely.push({ ...IDENTITY, along: expectedScale });
  const found = await alignLevels(ours, theirs, frame, { likely, ...limits, rotation });
  const isWanted =
    Math.abs(magnification(found) - 1) <= LEEWAY * limits.scale &&
    Math.abs(found.across) <= MOST_TURN &&
    Math.max(Math.abs(found.dx), Math.abs(found.dy)) <= LEEWAY * limits.shift &&
    cornerDistance(found, IDENTITY, frame) >= NEGLIGIBLE;
  const { gain, isWorth } = await judge(ours, theirs, frame, isWanted ? found : IDENTITY);
  if (!isWorth)
    return unchanged(frame, gain.before, isWanted && gain.certain ? magnification(found) : undefined);
  return {
    matrix: toAffine(found, frame),
    scale: magnification(found),
    dx: found.dx,
    dy: found.dy,
    improved: true,
    likelyScale: undefined,
    correlationBefore: gain.before,
    correlationAfter: gain.after,
  };
}

/** What the map gains at the coarsest level at which that is enough, or else at the level at which it gains the most. */
async function judge(
  ours: readonly FeatureLevel[],
  theirs: readonly FeatureLevel[],
  frame: Size,
  map: Similarity,
): Promise<{ gain: LevelGain; isWorth: boolean }> {
  let most: LevelGain | undefined;
  for (const [i, level] of ours.entries()) {
    const gain = await levelGain(level, theirs[i] as FeatureLevel, frame, map);
    if (gain.certain && gain.explained >= WORTH) return { gain, isWorth: true };
    if (most === undefined || gain.explained > most.explained) most = gain;
    if (map === IDENTITY) break;
  }
  return { gain: most as LevelGain, isWorth: false };
}

function unchanged(frame: Size, correlation: number, likelyScale?: number): Registration {
  return {
    matrix: toAffine(IDENTITY, frame),
    scale: 1,
    dx: 0,
    dy: 0,
    improved: false,
    likelyScale,
    correlationBefore: correlation,
    correlationAfter: correlation,
  };
}

function limitsOf(
  frame: Size,
  { maxScale = 0.11, maxShift = 0.05, expectedScale = 1 }: RegistrationOptions,
): { scale: number; shift: Pixels } {
  for (const [name, value] of [
    ["maxScale", maxScale],
    ["maxShift", maxShift],
  ] as const)
    if (!(value >= 0 && value <= 0.25))
      throw expected("invalid_input", "a number from 0 to 0.25", name, value);
  if (!(expectedScale >= 0.5 && expectedScale <= 2))
    throw expected("invalid_input", "a magnification from 0.5 to 2", "expectedScale", expectedScale);
  return {
    scale: Math.max(maxScale, Math.abs(expectedScale - 1)),
    shift: maxShift * Math.max(frame.width, frame.height),
  };
}
