/**
 * CameraInfo of a lens that breathes: the focal length in pixels, and with it K and P, scale with the magnification of
 * the frame at the focus position (paper 1, section 3: alpha of Eq. 1). Without a focal length it says uncalibrated, which
 * is K[0] = 0 (sensor_msgs/CameraInfo).
 */
import type { LensModel } from "../algorithms/optics/lens-model.ts";
import type { Pixels, Steps } from "../core/units.ts";
import { newMessage } from "../ros/message.ts";
import type { CameraInfoMsg, HeaderMsg } from "../ros/messages.ts";

export interface Intrinsics {
  /** At `calibratedPosition`; 0 when not known. */
  readonly focalLength: Pixels;
  readonly calibratedPosition: Steps;
}

export function cameraInfoMessage(
  header: HeaderMsg,
  { width, height }: { readonly width: Pixels; readonly height: Pixels },
  { focalLength, calibratedPosition }: Intrinsics,
  position: Steps,
  model: LensModel | undefined,
): CameraInfoMsg {
  const base = { header, width, height };
  if (focalLength === 0) return newMessage("sensor_msgs/msg/CameraInfo", base);
  const breathes = model !== undefined && Number.isFinite(position);
  const f = focalLength * (breathes ? model.scale(calibratedPosition, position) : 1);
  const [cx, cy] = [(width - 1) / 2, (height - 1) / 2];
  return newMessage("sensor_msgs/msg/CameraInfo", {
    ...base,
    distortion_model: "plumb_bob",
    d: new Float64Array(5),
    k: Float64Array.of(f, 0, cx, 0, f, cy, 0, 0, 1),
    r: Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1),
    p: Float64Array.of(f, 0, cx, 0, 0, f, cy, 0, 0, 0, 1, 0),
  });
}
