/**
 * How messages of a type go to and come from rclnodejs. It sends pictures fastest as serialised messages and receives them
 * fastest as objects, whose pixels are then those that the middleware has written: a serialised message is copied twice more.
 */
import { definitionKey } from "../message.ts";
import type { ImageMsg } from "../messages.ts";
import { fromRclnodejs, toRclnodejs } from "./convert.ts";
import { ImageWriter } from "./image-cdr.ts";
import type { Plain } from "./library.ts";

export interface Codec {
  /** What `publish` of rclnodejs is given; it holds until the next is made. */
  encode(message: object): Plain | Buffer;
  decode(received: Plain): object;
}

export const IMAGE = "sensor_msgs/msg/Image";

/** A codec for one publisher or subscription. */
export function codecOf(type: string): Codec {
  const key = definitionKey(type);
  const decode = (received: Plain): object => fromRclnodejs(key, received);
  if (type !== IMAGE) return { encode: toRclnodejs, decode };
  const writer = new ImageWriter();
  return { encode: (message) => writer.write(message as ImageMsg), decode };
}
