/** `--camera ... --lens-driver ...`: opens both and joins them into one device. */
import type { LensModel } from "../../algorithms/optics/lens-model.ts";
import { systemClock } from "../../core/clock.ts";
import { AutofocusError, expected } from "../../core/errors.ts";
import { createCamera, createLens, lensModelOf } from "../../drivers/factory.ts";
import { SimulatedLens } from "../../drivers/simulator/simulated-lens.ts";
import { loadLens } from "../../io/lens-file.ts";
import { cameraDriverParameters } from "../../nodes/camera-driver-parameters.ts";
import { motorDriverParameters } from "../../nodes/motor-driver-parameters.ts";
import { deviceSettings } from "./device-spec.ts";
import { DriverDevice } from "./driver-device.ts";

/** The two options, as they were given. */
export interface DeviceOptions {
  readonly camera: string;
  readonly lensDriver: string;
}

export interface OpenDevice {
  readonly device: DriverDevice;
  /**
   * The model of its lens for its frames: of a lens file, or else what the camera's own parameters name.
   * @throws AutofocusError `invalid_lens_file`, `invalid_input` where nothing names one.
   */
  readonly model: (lensFile: string | undefined) => Promise<LensModel>;
  /** Halts the lens and lets go of both. Safe to call twice. */
  readonly close: () => Promise<void>;
}

/** @throws AutofocusError `invalid_input` naming the option, and what the drivers throw; nothing then stays open. */
export async function openDevice(options: DeviceOptions): Promise<OpenDevice> {
  const { driver, ...settings } = deviceSettings("--camera", options.camera, cameraDriverParameters);
  if (driver === "topic")
    throw new AutofocusError("invalid_input", "The camera of another node is driven over ROS.", {
      cure: "Call the actions of the nodes: autofocus/calibrate, focus_strategy/capture.",
    });
  const motor = deviceSettings("--lens-driver", options.lensDriver, motorDriverParameters);
  const lens = await createLens(motor, systemClock);
  // What a simulated camera sees depends on where the glass of the lens is, backlash and all.
  const positionAt = (time: number): number => (lens instanceof SimulatedLens ? lens.positionAt(time) : NaN);
  const camera = await createCamera({ ...settings, driver }, systemClock, positionAt);
  const close = async (): Promise<void> => {
    await camera.close();
    await lens.close();
  };
  try {
    await lens.open();
    await camera.open();
  } catch (error) {
    await close();
    throw error;
  }
  const model = async (file: string | undefined): Promise<LensModel> => {
    const own =
      file === undefined ? await lensModelOf({ driver, lens: settings.lens }) : await loadLens(file);
    if (own === undefined)
      throw expected("invalid_input", "a lens file or the name of a lens", "--lens", file, {
        cure: "calibrate --camera makes one.",
      });
    return own.resized(settings.pixel_scale);
  };
  return { device: new DriverDevice(camera, lens), model, close };
}
