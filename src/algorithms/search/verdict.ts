/**
 * What counts as success, in one place. A search ends `focused` only on evidence that the in-focus position lies within
 * the depth of field of where the lens stands:
 *
 * - the probability of it, given what was read there, is at least `LIKELY`; or
 * - the position is a peak of contrast inside the range, lower on both sides, and that probability is at least `REFUTED`
 *   or unknown: a surface that is soft in itself is read as defocused, but nowhere sharper than in focus; or
 * - it is such a peak, a clear one, and the readings contradicted each other before: then one more refutes nothing.
 *
 * A peak at an end of the range shows only that the contrast rises towards it, so there the reading alone decides. Where
 * the search itself found nothing to read, the peak is all there is: it has to be clear and inside the range.
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

/** Probability that is claimed where contrast alone speaks for the focus. */
export const BY_CONTRAST = 0.5;

/** How often as large as the least sample of contrast the largest is, where nothing else speaks for it. */
const CLEAR = 2;

/**
 * Judges a peak at which nothing could be read: noise, and light that changes, have a largest sample too.
 * @param position where the lens stands.
 * @param contrasts by position.
 */
export function judgeUnread(
  found: FocusResult,
  position: Steps,
  allowed: Range,
  contrasts: ReadonlyMap<Steps, number>,
): FocusResult {
  const [least, largest] = [Math.min(...contrasts.values()), Math.max(...contrasts.values())];
  if (found.outcome === "failed" || (largest >= CLEAR * least && !isAtEnd(position, allowed)))
    return { ...found, position };
  const reason = `${found.reason} Nothing could be read there, and the contrast has no clear peak.`;
  return { ...failed("no_texture", position, reason), fallback: found.fallback };
}

function isAtEnd(position: Steps, allowed: Range): boolean {
  const range = wholeRange(allowed);
  return Math.min(position - range.min, range.max - position) < 1;
}

/**
 * Judges the peak that a contrast search found by what was read there.
 * @param found a result `focused`; a failure is returned as it is.
 * @param probability that the focus is within the depth of field of `position`, NaN where it could not be read.
 * @param position where the lens stood for the reading.
 * @param isClear whether the peak is clear and the reading not to be trusted.
 */
export function judgePeak(
  found: FocusResult,
  probability: number,
  position: Steps,
  allowed: Range,
  isClear = false,
): FocusResult {
  if (found.outcome === "failed" || Number.isNaN(probability)) return { ...found };
  const seen = { ...found, position, inFocusProbability: probability };
  const atEnd = isAtEnd(position, allowed);
  const chance = `in focus with probability ${probability.toFixed(2)}`;
  if (probability >= LIKELY || (!atEnd && probability >= REFUTED))
    return { ...seen, reason: `${found.reason} The frame there is ${chance}.` };
  if (!atEnd && isClear)
    return {
      ...seen,
      inFocusProbability: BY_CONTRAST,
      reason: `${found.reason} Its peak is clear, the readings are not.`,
    };
  const doubt = atEnd ? "It is an end of the range, and the frame there is" : "But the frame there is";
  const reason = `${found.reason} ${doubt} ${chance}.`;
  return { ...failed("focus_failed", position, reason, probability), fallback: found.fallback };
}
