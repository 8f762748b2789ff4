/** `calibrate --camera ... --lens-driver ...`: drives a lens through its range and calibrates it. */
import type { Range } from "../../algorithms/optics/lens-model.ts";
import { systemClock } from "../../core/clock.ts";
import { AutofocusError } from "../../core/errors.ts";
import type { CameraDriver } from "../../drivers/camera.ts";
import { createCamera, createLens } from "../../drivers/factory.ts";
import type { LensDriver } from "../../drivers/lens.ts";
import { SimulatedLens } from "../../drivers/simulator/simulated-lens.ts";
import { DefocusEstimator } from "../../inference/defocus-estimator.ts";
import { cameraDriverParameters } from "../../nodes/camera-driver-parameters.ts";
import { motorDriverParameters } from "../../nodes/motor-driver-parameters.ts";
import { runCalibration, type CalibrationRun } from "../../pipeline/calibration-run.ts";
import { Progress } from "../context.ts";
import { deviceSettings } from "./device-spec.ts";
import { DriverDevice } from "./driver-device.ts";
import { reportSweep } from "./report-sweep.ts";
import type { LensOptions } from "./save-lens.ts";

export interface CameraJob extends LensOptions {
  readonly camera: string;
  readonly lensDriver: string;
  readonly stops: number;
  readonly range: Range | undefined;
  readonly json: boolean;
}

/** Interrupted by the terminal, it stops the lens and ends with `canceled`. */
export async function calibrateFromCamera(job: CameraJob): Promise<void> {
  const lens = await createLens(
    deviceSettings("--lens-driver", job.lensDriver, motorDriverParameters),
    systemClock,
  );
  const camera = await cameraOf(job.camera, lens);
  const stop = new AbortController();
  const onInterrupt = (): void =>
    stop.abort(new AutofocusError("canceled", "The calibration was interrupted; nothing has been written."));
  process.once("SIGINT", onInterrupt);
  const estimator = await DefocusEstimator.load();
  try {
    await lens.open();
    await camera.open();
    const result = await run(new DriverDevice(camera, lens), estimator, job, stop.signal);
    const { backlash, settlingTime, frames } = result;
    await reportSweep(result, { ...job, source: job.camera, frames, device: { backlash, settlingTime } });
  } finally {
    process.off("SIGINT", onInterrupt);
    await camera.close();
    await lens.close();
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

async function cameraOf(spec: string, lens: LensDriver): Promise<CameraDriver> {
  const { driver, ...settings } = deviceSettings("--camera", spec, cameraDriverParameters);
  if (driver === "topic")
    throw new AutofocusError("invalid_input", "The camera of another node is calibrated over ROS.", {
      cure: "Call the action autofocus/calibrate.",
    });
  // What a simulated camera sees depends on where the glass of the lens is, backlash and all.
  const positionAt = (time: number): number => (lens instanceof SimulatedLens ? lens.positionAt(time) : NaN);
  return createCamera({ ...settings, driver }, systemClock, positionAt);
}
