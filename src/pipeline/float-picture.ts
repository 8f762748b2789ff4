/** Pictures of messages as the fusions take them, and back. */
import { image, type ImageF32, type ImageU8 } from "../core/image.ts";
import { fromImageMessage } from "../ros/image-message.ts";
import type { ImageMsg } from "../ros/messages.ts";

/**
 * The picture of a message, 0..1 after gamma; gray for mono encodings, else colour.
 * @throws AutofocusError `invalid_image`.
 */
export async function floatPicture(message: ImageMsg): Promise<ImageF32> {
  const { width, height, channels, data } = await fromImageMessage(
    message,
    message.encoding.startsWith("mono") ? "gray" : "rgb",
  );
  return image(
    width,
    height,
    channels,
    Float32Array.from(data, (value) => value / 255),
  );
}

/** Values of 0..1 as 8 bits. */
export function eightBit({ width, height, channels, data }: ImageF32): ImageU8 {
  const clamped = new Uint8ClampedArray(data.length);
  for (let i = 0; i < data.length; i++) clamped[i] = 255 * (data[i] as number);
  return image(width, height, channels, new Uint8Array(clamped.buffer));
}
