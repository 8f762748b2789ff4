/** A goal of `autofocus/focus` with the parameters of the node, as the job that the pipeline carries out. */
import type { z } from "zod";
import type { LensModel, Range } from "../algorithms/optics/lens-model.ts";
import { AutofocusError } from "../core/errors.ts";
import { focusJob, type FocusJob } from "../pipeline/focus-job.ts";
import type { FocusGoalMsg, LensStateMsg } from "../ros/messages.ts";
import type { autofocusParameters } from "./autofocus-parameters.ts";

/**
 * @param state of the lens, which knows what the motor can reach.
 * @throws AutofocusError `invalid_input` naming the field of the goal that is wrong, or when the lens file is not of
 *   this lens.
 */
export function jobOf(
  goal: FocusGoalMsg,
  values: z.output<typeof autofocusParameters>,
  { min_position: min, max_position: max }: LensStateMsg,
  lens: LensModel | undefined,
): FocusJob {
  const reach: Range = {
    min: Math.max(min, lens?.range.min ?? -Infinity),
    max: Math.min(max, lens?.range.max ?? Infinity),
  };
  if (!(reach.min < reach.max))
    throw new AutofocusError(
      "invalid_input",
      `The lens file ${values.lens} and the motor have no position in common.`,
      {
        cure: "Use the lens file of this lens, or none.",
        context: { motor: { min, max }, file: lens?.range },
      },
    );
  const defaults = {
    search: values.search,
    focusMeasure: values.focus_measure,
    windows: values.windows,
    windowPolicy: values.window_policy,
    maxCaptures: values.max_captures,
    timeout: 1000 * values.timeout,
    depthOfField: values.depth_of_field,
  };
  return focusJob(goal, defaults, reach, lens);
}
