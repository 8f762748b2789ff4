/** Raw frames, as sensor_msgs/Image carries them, to pictures. */
import type { Image, ImageU8 } from "../image.ts";
import { call } from "./addon.ts";

/** A frame as a camera or a message delivers it. Nothing in it is trusted. */
export interface RawFrame {
  /** `step * height` bytes. */
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  /**
   * mono8, 8UC1, mono16, rgb8, bgr8, rgba8, bgra8, rgb16, bgr16, yuv422 or uyvy, yuv422_yuy2 or yuyv, bayer_rggb8,
   * bayer_grbg8, bayer_gbrg8, bayer_bggr8.
   */
  readonly encoding: string;
  /** Bytes from one row to the next; what exceeds the pixels is padding. */
  readonly step: number;
  /** The byte order of 16-bit values. */
  readonly isBigEndian: boolean;
}

/**
 * - `gray`: 8 bits, one channel: BT.601 luma as in `toGray`; Y as it stands for YUV.
 * - `rgb`: 8 bits, three channels: BT.601 with Y in 16..235 for YUV, bilinear interpolation for Bayer patterns; gray is repeated.
 * - `native`: the depth and the number of channels of the encoding, so 16 bits for mono16, rgb16 and bgr16.
 *
 * 16-bit values become 8-bit ones by scaling the whole range, rounded; alpha is dropped.
 * @throws AutofocusError `invalid_image` when size, encoding, step and data do not fit together or the encoding is
 * another one.
 */
export function convertPixels(source: RawFrame, to: "gray" | "rgb"): Promise<ImageU8>;
export function convertPixels(
  source: RawFrame,
  to: "gray" | "rgb" | "native",
): Promise<ImageU8 | Image<Uint16Array>>;
export function convertPixels(
  source: RawFrame,
  to: "gray" | "rgb" | "native",
): Promise<ImageU8 | Image<Uint16Array>> {
  return call((addon) => addon.convertPixels(source, to));
}
