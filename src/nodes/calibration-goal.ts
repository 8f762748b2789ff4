/** A goal of `autofocus/calibrate`: what it asks for, and how what came of it becomes the result. */
import type { Range } from "../algorithms/optics/lens-model.ts";
import { ERROR_CODES, expected, type AutofocusError } from "../core/errors.ts";
import type { Milliseconds } from "../core/units.ts";
import { formatLens, lensFileOf } from "../io/lens-writer.ts";
import { STOPS, type CalibrationRun } from "../pipeline/calibration-run.ts";
import type { CalibrateLensGoalMsg, CalibrateLensResultMsg } from "../ros/messages.ts";
import type { Init, Outcome } from "../ros/port.ts";

export const CALIBRATE = "intelligent_autofocus/action/CalibrateLens";

export type CalibrationOutcome = Outcome<Init<CalibrateLensResultMsg>>;

/** Blur up to which a place counts as sharp in the lens file, px. */
const VISIBLE_RADIUS = 1;
const TIMEOUT: Milliseconds = 600_000;

export interface CalibrationJob {
  readonly stops: number;
  readonly range: Range | undefined;
  readonly timeout: Milliseconds;
}

/** @throws AutofocusError `invalid_input` naming the field. */
export function calibrationJob({
  stops,
  min_position: min,
  max_position: max,
  timeout,
}: CalibrateLensGoalMsg): CalibrationJob {
  if (!(timeout >= 0 && Number.isFinite(timeout)))
    throw expected("invalid_input", "a number of seconds from 0", "timeout", timeout);
  return {
    stops: stops === 0 ? STOPS.usual : stops,
    range: min === 0 && max === 0 ? undefined : { min, max },
    timeout: timeout === 0 ? TIMEOUT : 1000 * timeout,
  };
}

export function calibrated(run: CalibrationRun, name: string, elapsed: Milliseconds): CalibrationOutcome {
  const { scales, range, frame, fit, frames, backlash, settlingTime } = run;
  const windows = fit.windows.filter((each) => each?.used === true).length;
  const file = lensFileOf({
    name: name === "" ? "calibrated" : name,
    description: "Calibrated from a sweep",
    scales,
    range,
    frame,
    visibleRadius: VISIBLE_RADIUS,
    softness: fit.softness,
    calibration: { method: "sweep", frames, windows, residual: fit.residual, backlash, settlingTime },
  });
  return {
    status: "succeeded",
    result: {
      success: true,
      lens_file: formatLens(file),
      frames,
      windows,
      residual: fit.residual,
      backlash,
      settling_time: settlingTime / 1000,
      elapsed: elapsed / 1000,
    },
  };
}

export function notCalibrated(error: AutofocusError, elapsed: Milliseconds): CalibrationOutcome {
  return {
    status: error.code === "canceled" ? "canceled" : "aborted",
    result: {
      elapsed: elapsed / 1000,
      error_code: ERROR_CODES[error.code],
      error_msg: error.summary,
    },
  };
}
