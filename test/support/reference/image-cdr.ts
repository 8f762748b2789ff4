/**
 * Reference: sensor_msgs/msg/Image read from little-endian plain CDR, field by field with a running offset, where the writer
 * computes all offsets first.
 */
import type { ImageMsg } from "../../../src/ros/messages.ts";

export function readImage(message: Buffer): ImageMsg {
  const body = message.subarray(4);
  let offset = 0;
  const take = (length: number, alignment: number): Buffer => {
    while (offset % alignment !== 0) offset++;
    offset += length;
    return body.subarray(offset - length, offset);
  };
  const uint32 = (): number => take(4, 4).readUInt32LE();
  const text = (): string => take(uint32(), 1).subarray(0, -1).toString();
  const stamp = { sec: take(4, 4).readInt32LE(), nanosec: uint32() };
  const header = { stamp, frame_id: text() };
  const [height, width] = [uint32(), uint32()];
  const encoding = text();
  const is_bigendian = take(1, 1).readUInt8();
  const step = uint32();
  const data = Uint8Array.from(take(uint32(), 1));
  if (offset !== body.length) throw new Error(`${body.length - offset} bytes are left over.`);
  return { header, height, width, encoding, is_bigendian, step, data };
}
