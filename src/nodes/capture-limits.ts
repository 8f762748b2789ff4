/** How far a capture of focus_strategy may go: what its goal says, and the parameters where the goal says nothing. */
import type { z } from "zod";
import { expected } from "../core/errors.ts";
import type { CaptureAllInFocusGoalMsg } from "../ros/messages.ts";
import type { focusStrategyParameters } from "./focus-strategy-parameters.ts";

/** The longest timeout of a goal, seconds: a day. */
const LONGEST_TIMEOUT = 86_400;

/** Times in ms, travel in steps. @throws AutofocusError `invalid_input` naming the field of the goal that is wrong. */
export function captureLimits(
  goal: CaptureAllInFocusGoalMsg,
  values: z.output<typeof focusStrategyParameters>,
) {
  const { max_frames, max_travel, timeout, frame_timeout, lens_timeout } = values;
  return {
    maxFrames: goal.max_frames || max_frames,
    maxTravel: limit(goal.max_travel, "max_travel", 1e9) || max_travel || Infinity,
    timeout: 1000 * (limit(goal.timeout, "timeout", LONGEST_TIMEOUT) || timeout),
    frameTimeout: 1000 * frame_timeout,
    moveTimeout: 1000 * lens_timeout,
  };
}

/** @throws AutofocusError `invalid_input` for anything but a number from 0, which means the parameter, to `most`. */
function limit(value: number, name: string, most: number): number {
  if (value >= 0 && value <= most) return value;
  throw expected("invalid_input", `a number from 0 to ${most}`, name, value);
}
