/**
 * Frames and pictures as sensor_msgs/Image, both ways. What comes in is not trusted: size, step, encoding and data must
 * fit together. Pixels are handed over by reference wherever the layout is the same on both sides.
 */
import type { Frame } from "../core/frame.ts";
import { image, type Image, type ImageU8, type PixelArray } from "../core/image.ts";
import { convertPixels } from "../core/native/index.ts";
import { toEightBit } from "../io/picture.ts";
import type { HeaderMsg, ImageMsg } from "./messages.ts";
import { header } from "./time.ts";

/** Encodings (sensor_msgs/image_encodings.hpp) by the kind of pixels and the number of channels. */
const ENCODINGS = {
  Uint8Array: { 1: "mono8", 3: "rgb8" },
  Uint16Array: { 1: "mono16", 3: "rgb16" },
  Float32Array: { 1: "32FC1", 3: "32FC3" },
} as const;

/** The encoding whose bytes are those of the picture asked for. */
const SAME_LAYOUT = { gray: "mono8", rgb: "rgb8" } as const;

/** The message that carries `picture`; its data are shared with it. */
export function toImageMessage(picture: Image, messageHeader: HeaderMsg): ImageMsg {
  const { width, height, channels, data } = picture;
  return {
    header: messageHeader,
    width,
    height,
    encoding: ENCODINGS[kindOf(data)][channels],
    is_bigendian: 0,
    step: width * channels * data.BYTES_PER_ELEMENT,
    data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  };
}

/** The message of a frame, stamped with the beginning of its exposure. */
export function frameToMessage(frame: Frame): ImageMsg {
  return toImageMessage(frame.image, header(frame.stamp, frame.frameId));
}

/**
 * The picture of a message: as 8-bit gray, or as the red, green and blue that it holds or can be made of; of 16 bits the
 * upper 8. The pixels of a mono8 or rgb8 message without padding are shared with it.
 * @throws AutofocusError `invalid_image` when encoding, step, size and data do not fit together.
 */
export async function fromImageMessage(message: ImageMsg, to: "gray" | "rgb"): Promise<ImageU8> {
  const { data, width, height, encoding, step, is_bigendian } = message;
  const channels = to === "gray" ? 1 : 3;
  if (encoding === SAME_LAYOUT[to] && step === width * channels) return image(width, height, channels, data);
  const source = { data, width, height, encoding, step, isBigEndian: is_bigendian !== 0 };
  return toEightBit(await convertPixels(source, to));
}

function kindOf(data: PixelArray): keyof typeof ENCODINGS {
  if (data instanceof Uint8Array) return "Uint8Array";
  return data instanceof Uint16Array ? "Uint16Array" : "Float32Array";
}
