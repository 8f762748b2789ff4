/**
 * Calibration of the defocus model from one pair of frames (paper 1, section 3, Fig. 3; Eq. 1 to 4): the width of the
 * filter and the magnification with which the blurred and scaled patch of the focused frame correlates best with the
 * defocused one. The paper tries all of them at full size. Here
 *
 *   1. the coarsest level of a pyramid is searched exhaustively (coarse.ts); its best few peaks, and the best of every
 *      width, are refined there,
 *   2. at each finer level, magnification and shift are refined by gradients for every width tried (align.ts), and the
 *      width by a parabola through the scores of neighbouring widths,
 *   3. until the level at which the blur is wide enough to be measured to a fraction of a per cent: what is lost by a
 *      reduction, the blur has already removed. A narrow blur is measured at full size.
 */
import { AutofocusError, expected } from "../../../core/errors.ts";
import type { ImageF32 } from "../../../core/image.ts";
import { centralRoi, intersect, type Roi } from "../../../core/roi.ts";
import { searchCoarse, type CoarseLimits, type CoarseScore, type CoarseSearch } from "./coarse.ts";
import { pairLevels, REACH, type PairLevel } from "./level.ts";
import { refineWidth, type Refined } from "./refine-width.ts";
import { BLUR_FILTERS, type BlurFilter, type PairCalibration, type PairOptions, type Peak } from "./types.ts";

/** Longest side of the patch at the coarsest level, px. */
const COARSEST = 96;
/** Peaks of the coarsest level that are refined, beside the best of every width: its peak may be hidden by coarse steps. */
const FOLLOWED = 3;
/** Width of the blur, px of the level, that needs no finer level. */
const WIDE_ENOUGH = 6;
/** Sides of a patch below this hold too little to compare, px. */
const LEAST_PATCH = 64;
/** Below this correlation the frames do not show the same. */
const LEAST_SCORE = 0.5;

const DEFAULTS = { maxScale: 0.12, maxShift: 0.04 } as const;

/**
 * @param focused one channel, linear light, sharp all over the patch.
 * @param defocused one channel, linear light, the same scene at another focus position, of the same size.
 * @throws AutofocusError `invalid_image`, `invalid_input`; `no_texture` where the patch is flat; `calibration_failed`
 *   where the frames have nothing in common.
 */
export async function calibratePair(
  focused: ImageF32,
  defocused: ImageF32,
  options: PairOptions = {},
): Promise<PairCalibration> {
  const { filter = "disk" } = options;
  if (!BLUR_FILTERS.includes(filter))
    throw expected("invalid_input", BLUR_FILTERS.join(" or "), "the filter", filter);
  checkFrames(focused, defocused);
  const patch = checkedPatch(focused, options.patch);
  const limits = limitsOf(focused, patch, filter, options);
  const half = Math.max(patch.width, patch.height) / 2;
  const margin = Math.ceil(half * limits.maxScale + limits.maxShift) + 2;
  const levels = pairLevels(focused, defocused, patch, margin, COARSEST);
  const coarsest = levels.pop() as PairLevel;
  requireTexture(coarsest.focused, "focused");
  requireTexture(coarsest.defocused, "defocused");

  const coarse = await searchCoarse(coarsest, filter, limits);
  const peaks = peaksOf(coarse);
  const ridge = coarse.scores.map((row) => row.reduce((a, b) => (b.score > a.score ? b : a)));
  const refine = (level: PairLevel, from: CoarseScore, final: boolean): Promise<Refined> =>
    refineWidth(level, filter, from, limits, final);
  const starts = [...new Set([...peaks.slice(0, FOLLOWED), ...ridge])];
  const started = await Promise.all(starts.map((start) => refine(coarsest, start, levels.length === 0)));
  let best = started.reduce((a, b) => (b.score > a.score ? b : a));
  const second = peaks.find((peak) => !alike(peak, best));
  for (const level of levels.reverse()) {
    const enough = level.reduction === 1 || best.width / level.reduction >= WIDE_ENOUGH;
    best = await refine(level, best, enough);
    if (enough) break;
  }
  if (!(best.score >= LEAST_SCORE))
    throw new AutofocusError(
      "calibration_failed",
      `The frames do not show the same: their best correlation is ${best.score.toFixed(2)}.`,
      { cure: "Give two frames of one still scene, and a patch of it that is sharp in the first." },
    );

  const { scale, x, y } = best.placement;
  const centre = { x: focused.width / 2, y: focused.height / 2 };
  return {
    filter,
    patch,
    width: best.width,
    radius: scale * best.width * (filter === "gaussian" ? 2 : 1),
    widthRange: best.widthRange,
    scale,
    shift: {
      x: x - (1 - scale) * (centre.x - patch.x - patch.width / 2),
      y: y - (1 - scale) * (centre.y - patch.y - patch.height / 2),
    },
    score: best.score,
    confidence: best.confidence,
    surface: coarse.surface,
    secondBest: second && peakOf(second),
  };
}

function peakOf({ width, placement, score }: CoarseScore): Peak {
  return { width, scale: placement.scale, score };
}

/** The scores not exceeded by a neighbour, the best first. */
function peaksOf({ scores }: CoarseSearch): CoarseScore[] {
  const at = (row: number, column: number): number => scores[row]?.[column]?.score ?? -1;
  const peaks = scores.flatMap((entries, row) =>
    entries.filter(({ score }, column) => {
      for (let down = -1; down <= 1; down++)
        for (let right = -1; right <= 1; right++) if (at(row + down, column + right) > score) return false;
      return true;
    }),
  );
  return peaks.sort((a, b) => b.score - a.score);
}

/** Whether a peak of the coarsest level is where a refined one came from. */
function alike(peak: CoarseScore, refined: Refined): boolean {
  return peak.placement === refined.origin.placement;
}

function checkFrames(focused: ImageF32, defocused: ImageF32): void {
  for (const [name, { channels }] of [
    ["the focused frame", focused],
    ["the defocused frame", defocused],
  ] as const)
    if (channels !== 1) throw expected("invalid_image", "1 channel", name, channels);
  if (focused.width !== defocused.width || focused.height !== defocused.height)
    throw new AutofocusError(
      "invalid_image",
      `Expected a defocused frame of ${focused.width}x${focused.height} px but received ${defocused.width}x${defocused.height}.`,
      { cure: "Give two frames of the same camera, not cropped." },
    );
}

function checkedPatch(frame: ImageF32, patch: Roi | undefined): Roi {
  const { width, height } = frame;
  const chosen = patch ?? centralRoi(width, height, 0.5, LEAST_PATCH);
  const inside = intersect(chosen, { x: 0, y: 0, width, height });
  const whole = Object.values(chosen).every(Number.isInteger);
  if (!whole || inside?.width !== chosen.width || inside.height !== chosen.height)
    throw expected(
      "invalid_input",
      `whole pixels within the frame of ${width}x${height}`,
      "the patch",
      `${chosen.x},${chosen.y},${chosen.width},${chosen.height}`,
    );
  if (Math.min(chosen.width, chosen.height) < LEAST_PATCH)
    throw expected(
      "invalid_input",
      `sides of at least ${LEAST_PATCH} px`,
      "the patch",
      `${chosen.width}x${chosen.height}`,
    );
  return chosen;
}

function limitsOf(frame: ImageF32, patch: Roi, filter: BlurFilter, options: PairOptions): CoarseLimits {
  const side = Math.min(patch.width, patch.height) / REACH[filter];
  const { maxWidth = side / 4, maxScale = DEFAULTS.maxScale, maxShift = DEFAULTS.maxShift } = options;
  if (!(maxWidth >= 1 && maxWidth <= side / 3))
    throw expected(
      "invalid_input",
      `1 to ${Math.floor(side / 3)} px, a third of the patch`,
      "the largest width",
      maxWidth,
    );
  for (const [name, value] of [
    ["the largest magnification", maxScale],
    ["the largest shift", maxShift],
  ] as const)
    if (!(value >= 0 && value <= 0.25))
      throw expected("invalid_input", "a number from 0 to 0.25", name, value);
  return { maxWidth, maxScale, maxShift: maxShift * Math.max(frame.width, frame.height) };
}

/** @throws AutofocusError `no_texture` for a picture of one value, `invalid_image` for values that are not finite. */
function requireTexture({ data }: ImageF32, name: string): void {
  const sum = data.reduce((total, value) => total + value, 0);
  if (!Number.isFinite(sum)) throw expected("invalid_image", "finite values", `the ${name} frame`, sum);
  const first = data[0] as number;
  if (data.some((value) => Math.abs(value - first) > 1e-4)) return;
  throw new AutofocusError("no_texture", `The patch of the ${name} frame is flat.`, {
    cure: "Choose a patch with texture.",
  });
}
