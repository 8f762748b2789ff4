/** `calibrate --camera ... --lens-driver ...`: drives a lens through its range and calibrates it. */
import type { Range } from "../../algorithms/optics/lens-model.ts";
import { systemClock } from "../../core/clock.ts";
import { DefocusEstimator } from "../../inference/defocus-estimator.ts";
import { runCalibration, type CalibrationRun } from "../../pipeline/calibration-run.ts";
import { Progress } from "../context.ts";
import type { DriverDevice } from "../device/driver-device.ts";
import { openDevice, type DeviceOptions, type OpenDevice } from "../device/open-device.ts";
import { untilInterrupted } from "../interrupt.ts";
import { reportSweep } from "./report-sweep.ts";
import type { LensOptions } from "./save-lens.ts";

export interface CameraJob extends LensOptions, DeviceOptions {
  readonly stops: number;
  readonly range: Range | undefined;
  readonly json: boolean;
}

/** Interrupted by the terminal, it stops the lens and ends with `canceled`. */
export async function calibrateFromCamera(job: CameraJob): Promise<void> {
  const estimator = await DefocusEstimator.load();
  let opened: OpenDevice | undefined;
  try {
    opened = await openDevice(job);
    const { device } = opened;
    const result = await untilInterrupted(
      "The calibration was interrupted; nothing has been written.",
      (signal) => run(device, estimator, job, signal),
    );
    const { backlash, settlingTime, frames } = result;
    await reportSweep(result, { ...job, source: job.camera, frames, device: { backlash, settlingTime } });
  } finally {
    await opened?.close();
    await estimator.dispose();
  }
}

function run(
  device: DriverDevice,
  estimator: DefocusEstimator,
  { stops, range }: CameraJob,
  signal: AbortSignal,
): Promise<CalibrationRun> {
  let progress: Progress | undefined;
  return runCalibration(device, estimator, {
    stops,
    range,
    signal,
    clock: systemClock,
    onProgress: ({ phase, position, progress: share, total }) => {
      progress ??= new Progress("calibrating", total);
      if (phase !== "fit") progress.advance(`${phase} ${position.toFixed(0)} ${(100 * share).toFixed(0)} %`);
    },
  });
}
