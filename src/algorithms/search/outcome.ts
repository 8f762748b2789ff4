/** The two ways a search ends. */
import type { Steps } from "../../core/units.ts";
import type { FocusResult } from "./types.ts";

export function focused(position: Steps, inFocusProbability: number, reason: string): FocusResult {
  return { outcome: "focused", position, inFocusProbability, fallback: false, reason };
}

export function failed(
  code: NonNullable<FocusResult["code"]>,
  position: Steps,
  reason: string,
  inFocusProbability = Number.NaN,
): FocusResult {
  return { outcome: "failed", position, inFocusProbability, fallback: false, reason, code };
}
