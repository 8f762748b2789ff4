/** How messages of a type go to and come from rclnodejs: as its objects, or, for pictures, as serialised messages. */
import { definitionKey } from "../message.ts";
import type { ImageMsg } from "../messages.ts";
import { fromRclnodejs, toRclnodejs } from "./convert.ts";
import { ImageWriter, readImage } from "./image-cdr.ts";
import type { Plain } from "./library.ts";

export interface Codec {
  /** Whether messages arrive serialised (`isRaw`). */
  readonly isRaw: boolean;
  /** What `publish` of rclnodejs is given; it holds until the next is made. */
  encode(message: object): Plain | Buffer;
  decode(received: Plain | Buffer): object;
}

export const IMAGE = "sensor_msgs/msg/Image";

/** A codec for one publisher or subscription. */
export function codecOf(type: string): Codec {
  if (type === IMAGE) {
    const writer = new ImageWriter();
    return {
      isRaw: true,
      encode: (message) => writer.write(message as ImageMsg),
      decode: (received) => readImage(received as Buffer),
    };
  }
  const key = definitionKey(type);
  return {
    isRaw: false,
    encode: toRclnodejs,
    decode: (received) => fromRclnodejs(key, received as Plain),
  };
}
