/**
 * CameraInfo of a lens that breathes: the focal length in pixels, and with it K and P, scale with the magnification of
 * the frame at the focus position (paper 1, section 3: alpha of Eq. 1). The principal point, about which a frame is
 * magnified, and the distortion stay. Without a calibration it says uncalibrated, which is K[0] = 0
 * (sensor_msgs/CameraInfo).
 */
import type { LensModel } from "../algorithms/optics/lens-model.ts";
import type { Pixels, Steps } from "../core/units.ts";
import type { CameraCalibration } from "../io/camera-calibration.ts";
import { newMessage } from "../ros/message.ts";
import type { CameraInfoMsg, HeaderMsg } from "../ros/messages.ts";

/** Where a focal length stands in K and in P (with the skew, and the baseline of a stereo camera). */
const FOCAL_K = [0, 1, 4];
const FOCAL_P = [0, 1, 3, 5, 7];

export interface FrameSize {
  readonly width: Pixels;
  readonly height: Pixels;
}

/** A camera without distortion whose optical axis meets the middle of the frame. */
export function pinhole(
  { width, height }: FrameSize,
  focalLength: Pixels,
  focusPosition: Steps,
): CameraCalibration {
  const f = focalLength;
  const [cx, cy] = [(width - 1) / 2, (height - 1) / 2];
  return {
    width,
    height,
    distortionModel: "plumb_bob",
    d: [0, 0, 0, 0, 0],
    k: [f, 0, cx, 0, f, cy, 0, 0, 1],
    r: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    p: [f, 0, cx, 0, 0, f, cy, 0, 0, 0, 1, 0],
    focusPosition,
  };
}

/** @param position where the lens stood during the exposure; NaN where that is not known. */
export function cameraInfoMessage(
  header: HeaderMsg,
  { width, height }: FrameSize,
  calibration: CameraCalibration | undefined,
  position: Steps,
  model: LensModel | undefined,
): CameraInfoMsg {
  const base = { header, width, height };
  if (calibration === undefined) return newMessage("sensor_msgs/msg/CameraInfo", base);
  const { distortionModel, d, k, r, p, focusPosition } = calibration;
  const breathes = model !== undefined && focusPosition !== undefined && Number.isFinite(position);
  const scale = breathes ? model.scale(focusPosition, position) : 1;
  const magnified = (matrix: readonly number[], focal: readonly number[]): Float64Array =>
    Float64Array.from(matrix, (value, index) => (focal.includes(index) ? scale * value : value));
  return newMessage("sensor_msgs/msg/CameraInfo", {
    ...base,
    distortion_model: distortionModel,
    d: Float64Array.from(d),
    k: magnified(k, FOCAL_K),
    r: Float64Array.from(r),
    p: magnified(p, FOCAL_P),
  });
}
