/** How a run of autofocus becomes the result of a goal. */
import { ERROR_CODES, type AutofocusError, type ErrorCode } from "../core/errors.ts";
import type { SearchCost } from "../algorithms/search/types.ts";
import type { Steps } from "../core/units.ts";
import type { FocusRun } from "../pipeline/focus-run.ts";
import type { FocusResultMsg } from "../ros/messages.ts";
import type { Init, Outcome } from "../ros/port.ts";

export type FocusOutcome = Outcome<Init<FocusResultMsg>>;

/** Why a run did not find the focus; `none` when it did. */
export function codeOf({ result }: FocusRun): ErrorCode {
  return result.outcome === "focused" ? "none" : (result.code ?? "focus_failed");
}

/** Of a run that came to its end. */
export function outcomeOf(run: FocusRun): FocusOutcome {
  const { result, position, cost } = run;
  const code = codeOf(run);
  const isFocused = code === "none";
  return {
    status: isFocused ? "succeeded" : "aborted",
    result: {
      ...totalsOf(cost),
      position,
      success: isFocused,
      in_focus_probability: result.inFocusProbability,
      fallback: result.fallback,
      reason: result.reason,
      error_code: ERROR_CODES[code],
      error_msg: isFocused ? "" : result.reason,
    },
  };
}

/** Of a run that an error ended. @param cost so far, where it had begun. */
export function failureOf(
  error: AutofocusError,
  position: Steps,
  cost: SearchCost | undefined,
): FocusOutcome {
  return {
    status: error.code === "canceled" ? "canceled" : "aborted",
    result: {
      ...(cost === undefined ? {} : totalsOf(cost)),
      position,
      in_focus_probability: NaN,
      reason: error.message,
      error_code: error.number,
      error_msg: error.summary,
    },
  };
}

function totalsOf({ captures, moves, travel, elapsed, visited }: SearchCost): Init<FocusResultMsg> {
  return { captures, moves, travel, elapsed: elapsed / 1000, visited: Float64Array.from(visited) };
}
