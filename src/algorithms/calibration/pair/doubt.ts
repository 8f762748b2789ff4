/**
 * What speaks against the calibration of a pair (paper 1, section 3, asks for a sharp frame and a defocused one): frames
 * given the wrong way round, a blur wider than is looked for, or frames that do not determine it.
 */
import { AutofocusError } from "../../../core/errors.ts";
import type { ImageF32 } from "../../../core/image.ts";
import { calibratePair } from "./calibrate-pair.ts";
import type { PairCalibration, PairOptions } from "./types.ts";

export type PairDoubt = "exchanged" | "wider" | "undetermined";

/** Below this confidence a pair says little about the width of the blur. */
const DOUBTFUL = 0.05;
/** A sharper frame, blurred by less than nothing, looks like no blur or one of about a pixel. */
const NARROW = 2;
/** The other way round explains the frames if it leaves at most this share of what stays unexplained. */
const EXPLAINS = 0.5;
/** Widths nearer than this to the widest one looked for are at the limit. */
const AT_LIMIT = 0.99;

/**
 * @param found what `calibratePair` made of the same frames and options.
 * @returns what is wrong, or undefined where nothing is.
 */
export async function doubtOf(
  found: PairCalibration,
  focused: ImageF32,
  defocused: ImageF32,
  options: PairOptions = {},
): Promise<PairDoubt | undefined> {
  const { width, confidence, surface } = found;
  const isDoubtful = confidence < DOUBTFUL;
  if (width >= AT_LIMIT * (surface.widths.at(-1) as number)) return "wider";
  if (!isDoubtful && width >= NARROW) return undefined;
  if (await explainsBetter(found, defocused, focused, options)) return "exchanged";
  return isDoubtful ? "undetermined" : undefined;
}

/** Whether a frame is the other one blurred, rather than as it was found. */
async function explainsBetter(
  found: PairCalibration,
  focused: ImageF32,
  defocused: ImageF32,
  options: PairOptions,
): Promise<boolean> {
  try {
    const other = await calibratePair(focused, defocused, options);
    const isBlurred = other.width > found.width && other.confidence >= DOUBTFUL;
    return isBlurred && 1 - other.score < EXPLAINS * (1 - found.score);
  } catch (error) {
    if (error instanceof AutofocusError && error.code === "calibration_failed") return false;
    throw error;
  }
}
