/**
 * What counts as success, in one place. A search ends `focused` only on evidence that the in-focus position lies within
 * the depth of field of where the lens stands:
 *
 * - the probability of it, given what was read there, is at least `LIKELY`; or
 * - the position is a peak of contrast inside the range, lower on both sides, and that probability is at least `REFUTED`
 *   or unknown: a surface that is soft in itself is read as defocused, but nowhere sharper than in focus.
 *
 * A peak at an end of the range shows only that the contrast rises towards it, so there the reading alone decides.
 */
import type { Steps } from "../../core/units.ts";
import type { Range } from "../optics/lens-model.ts";
import { failed } from "./outcome.ts";
import { wholeRange } from "./positions.ts";
import type { FocusResult } from "./types.ts";

/** Probability of being in focus from which a frame counts as in focus by itself. */
export const LIKELY = 0.5;

/** Probability below which not even a peak of contrast is believed. */
export const REFUTED = 0.1;

/**
 * Judges the peak that a contrast search found by what was read there.
 * @param found a result `focused`; a failure is returned as it is.
 * @param probability that the focus is within the depth of field of `position`, NaN where it could not be read.
 * @param position where the lens stood for the reading.
 */
export function judgePeak(
  found: FocusResult,
  probability: number,
  position: Steps,
  allowed: Range,
): FocusResult {
  if (found.outcome === "failed" || Number.isNaN(probability)) return { ...found };
  const seen = { ...found, position, inFocusProbability: probability };
  const range = wholeRange(allowed);
  const atEnd = Math.min(position - range.min, range.max - position) < 1;
  const chance = `in focus with probability ${probability.toFixed(2)}`;
  if (probability >= LIKELY || (!atEnd && probability >= REFUTED))
    return { ...seen, reason: `${found.reason} The frame there is ${chance}.` };
  const doubt = atEnd ? "It is an end of the range, and the frame there is" : "But the frame there is";
  const reason = `${found.reason} ${doubt} ${chance}.`;
  return { ...failed("focus_failed", position, reason, probability), fallback: found.fallback };
}
