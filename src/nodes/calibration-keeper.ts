/**
 * The calibration of a camera, as camera_info_manager keeps it: loaded from `camera_info_url`, replaced by the service
 * `set_camera_info` (which `camera_calibration` calls), and saved where it came from. Without one, the parameters
 * focal_length and calibrated_position stand for it.
 */
import type { Steps } from "../core/units.ts";
import { AutofocusError } from "../core/errors.ts";
import {
  checkCalibration,
  loadCalibration,
  saveCalibration,
  type CameraCalibration,
} from "../io/camera-calibration.ts";
import type { CameraInfoMsg, SetCameraInfoResponseMsg } from "../ros/messages.ts";
import type { Log } from "../ros/port.ts";
import type { CameraDriverSettings } from "./camera-driver-parameters.ts";
import { pinhole, type FrameSize } from "./camera-info.ts";

export class CalibrationKeeper {
  readonly #log: Log;
  readonly #settings: () => CameraDriverSettings;
  #calibration: CameraCalibration | undefined;
  /** Frame sizes that were found not to fit the calibration. */
  readonly #unfit = new Set<string>();

  constructor(log: Log, settings: () => CameraDriverSettings) {
    this.#log = log;
    this.#settings = settings;
  }

  /** Reads the file, where one is named. @throws AutofocusError `io`, `invalid_input`. */
  async load(): Promise<void> {
    const { camera_info_url: url } = this.#settings();
    if (url === "") return;
    this.#use(await loadCalibration(url));
    this.#log.info(
      this.#calibration === undefined ? `Uncalibrated: there is no ${url} yet.` : `Calibrated by ${url}.`,
    );
  }

  /** The calibration of frames of a size; undefined for none. */
  of(size: FrameSize): CameraCalibration | undefined {
    const { focal_length: focalLength, calibrated_position } = this.#settings();
    const calibration = this.#calibration;
    if (calibration === undefined)
      return focalLength === 0 ? undefined : pinhole(size, focalLength, calibrated_position);
    if (fits(calibration, size))
      return { ...calibration, focusPosition: calibration.focusPosition ?? calibrated_position };
    const frames = sizeOf(size);
    if (!this.#unfit.has(frames))
      this.#log.warn(
        `Uncalibrated: the calibration is of ${sizeOf(calibration)} frames, these are ${frames}.`,
      );
    this.#unfit.add(frames);
    return undefined;
  }

  /**
   * Takes a calibration and saves it; the empty one (K[0] = 0) takes it away.
   * @param frames of the camera, where it is open; a calibration of others is refused.
   * @param position where the lens stands, NaN where that is not known.
   * @throws AutofocusError `invalid_input`; `io` when it is kept but cannot be saved.
   */
  async set(
    { width, height, distortion_model: distortionModel, d, k, r, p }: CameraInfoMsg,
    frames: FrameSize | undefined,
    position: Steps,
  ): Promise<SetCameraInfoResponseMsg> {
    const calibration = checkCalibration(
      {
        width,
        height,
        distortionModel,
        d: [...d],
        k: [...k],
        r: [...r],
        p: [...p],
        focusPosition: Number.isFinite(position) ? position : undefined,
      },
      "The camera_info",
    );
    if (frames !== undefined && !fits(calibration, frames))
      throw new AutofocusError(
        "invalid_input",
        `The calibration is of ${sizeOf(calibration)} frames, the camera delivers ${sizeOf(frames)}.`,
        { cure: "Calibrate with frames of this camera." },
      );
    this.#use(calibration);
    const { camera_info_url: url, camera_name: name } = this.#settings();
    if (url === "")
      return { success: true, status_message: "Kept until the node ends: camera_info_url names no file." };
    await saveCalibration(url, calibration, name);
    return { success: true, status_message: `Saved to ${url}.` };
  }

  #use(calibration: CameraCalibration | undefined): void {
    this.#calibration = calibration?.k[0] === 0 ? undefined : calibration;
    this.#unfit.clear();
  }
}

function fits(calibration: CameraCalibration, { width, height }: FrameSize): boolean {
  return calibration.width === width && calibration.height === height;
}

function sizeOf({ width, height }: FrameSize): string {
  return `${width}x${height}`;
}
