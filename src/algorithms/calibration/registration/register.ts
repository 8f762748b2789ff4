/**
 * Alignment of two frames of one scene taken at different focus positions: undoes focus breathing (alpha of paper 1,
 * section 3, Eq. 1, up to about 10 %) and small movements of the camera.
 *
 * The frames are reduced to levels of evened, band-passed features (features.ts). At the coarsest, the frames as they are
 * and what else is likely are refined (refine.ts); unless that makes them agree, all magnifications and shifts within the
 * limits are tried (coarse-search.ts) and the best few refined. The one with the best correlation goes on to the finer
 * levels. The finest level is smaller than a large frame: its 1/50 px suffices. The result is only used where the frames
 * agree better with it than without, beyond chance (gain.ts); otherwise they are left as they are, so that a good stack
 * never gets worse. What every step does with pixels is native (native/kernels/registration).
 */
import { AutofocusError, expected } from "../../../core/errors.ts";
import type { Image } from "../../../core/image.ts";
import type { Pixels } from "../../../core/units.ts";
import { coarseSearch, type Limits } from "./coarse-search.ts";
import { type Level, levelsOf } from "./features.ts";
import { type Gain, gainOf } from "./gain.ts";
import { compare } from "./compare.ts";
import { type Estimate, refine, startingAt } from "./refine.ts";
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
  readonly levels: readonly Level[];
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
  /** Agreement of the frames as they are: correlation of their features around each place, the difference in defocus made up for, 0..1. */
  readonly correlationBefore: number;
  /** The same with the map; equal to the one before when nothing was improved. */
  readonly correlationAfter: number;
}

/** Longest sides of the finest and the coarsest level, px. */
const LEVELS = { finest: 512, coarsest: 128 };
/** Frames with a side below this are left as they are, px. */
const LEAST_SIDE = 32;
/** Starting points that are refined, and how many of them go on to the next level. */
const CANDIDATES = 4;
const FINALISTS = 2;
const ITERATIONS = { coarsest: 10, finer: 5 };
/** Correlation at the coarsest level of a likely map, refined, from which on no other is looked for. */
const SURE = 0.9;
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
  return { size: { width, height }, levels: isSmall ? [] : await levelsOf(frame, LEVELS) };
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
  const limits = limitsOf(frame, options);
  if (ours.length === 0) return unchanged(frame, 0);
  const levels = ours.map((level, i): Pair => ({ reference: level, moving: theirs[i] as Level }));
  const found = await align(levels, frame, limits, options);
  const { before, after, explained, certain } = await judge(levels, found, frame);
  const plausible =
    Math.abs(magnification(found) - 1) <= LEEWAY * limits.scale &&
    Math.abs(found.across) <= MOST_TURN &&
    Math.max(Math.abs(found.dx), Math.abs(found.dy)) <= LEEWAY * limits.shift;
  const matters = cornerDistance(found, IDENTITY, frame) >= NEGLIGIBLE;
  if (!(plausible && matters && certain && explained >= WORTH)) return unchanged(frame, before);
  return {
    matrix: toAffine(found, frame),
    scale: magnification(found),
    dx: found.dx,
    dy: found.dy,
    improved: true,
    correlationBefore: before,
    correlationAfter: after,
  };
}

/** The same level of both frames. */
interface Pair {
  readonly reference: Level;
  readonly moving: Level;
}

async function align(
  levels: readonly Pair[],
  frame: Size,
  limits: Limits,
  { rotation = false, expectedScale = 1, near }: RegistrationOptions,
): Promise<Similarity> {
  const [coarsest, ...finer] = levels as readonly [Pair, ...Pair[]];
  const at = (pair: Pair, prior: Estimate, iterations: number): Promise<Estimate> =>
    refine(pair.reference, pair.moving, frame, prior, { rotation, iterations });
  const from = (starts: readonly Similarity[]): Promise<Estimate[]> =>
    Promise.all(starts.map((start) => at(coarsest, startingAt(start), ITERATIONS.coarsest)));
  const likely = [IDENTITY, ...(near === undefined ? [] : [near])];
  if (expectedScale !== 1) likely.push({ ...IDENTITY, along: expectedScale });
  const refined = await from(likely);
  if (refined.every(({ correlation }) => correlation < SURE))
    refined.push(
      ...(await from(await coarseSearch(coarsest.reference, coarsest.moving, frame, limits, CANDIDATES))),
    );
  let candidates = best(refined, frame, coarsest.reference.reduction, FINALISTS);
  for (const pair of finer) {
    candidates = await Promise.all(candidates.map((prior) => at(pair, prior, ITERATIONS.finer)));
    candidates = best(candidates, frame, 0, 1);
  }
  return (candidates[0] as Estimate).map;
}

/** Those with the best correlation that lie at least `apart` from each other at the corners of the frame. */
function best(candidates: readonly Estimate[], frame: Size, apart: Pixels, count: number): Estimate[] {
  const chosen: Estimate[] = [];
  for (const candidate of candidates.toSorted((a, b) => b.correlation - a.correlation)) {
    const near = chosen.some(({ map }) => cornerDistance(map, candidate.map, frame) < apart);
    if (!near && chosen.length < count) chosen.push(candidate);
  }
  return chosen;
}

/** What the map gains, at the level at which it explains the most. */
async function judge(levels: readonly Pair[], map: Similarity, frame: Size): Promise<Gain> {
  const gains = await Promise.all(
    levels.map(async ({ reference, moving }) =>
      gainOf(await compare(reference, moving, IDENTITY, frame), await compare(reference, moving, map, frame)),
    ),
  );
  return gains.reduce((a, b) => (b.explained > a.explained ? b : a));
}

function unchanged(frame: Size, correlation: number): Registration {
  return {
    matrix: toAffine(IDENTITY, frame),
    scale: 1,
    dx: 0,
    dy: 0,
    improved: false,
    correlationBefore: correlation,
    correlationAfter: correlation,
  };
}

function limitsOf(
  frame: Size,
  { maxScale = 0.11, maxShift = 0.05, expectedScale = 1 }: RegistrationOptions,
): Limits {
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
