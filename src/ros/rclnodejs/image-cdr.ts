/**
 * sensor_msgs/msg/Image on the wire: plain CDR (OMG DDS-XTYPES 1.3, 7.4.1; XCDR version 1). Pictures are by far the
 * largest messages; written and read here, they cost one copy of their pixels, a third of what rclnodejs' objects do.
 *
 *     4 bytes   0, representation (0 big, 1 little endian), options
 *     then, each aligned to its size counted from here: stamp.sec, stamp.nanosec, frame_id, height, width, encoding,
 *     is_bigendian, step, data; strings and sequences begin with their length, strings end with a zero byte
 */
import { AutofocusError } from "../../core/errors.ts";
import type { ImageMsg } from "../messages.ts";

const HEADER = 4;
const BIG_ENDIAN = 0;
const LITTLE_ENDIAN = 1;

const align4 = (offset: number): number => (offset + 3) & ~3;

/** Writes images into one buffer that it uses again and again, growing it where needed. */
export class ImageWriter {
  #buffer = Buffer.alloc(0);

  /** The message; it holds until the next is written. */
  write(image: ImageMsg): Buffer {
    const frameId = Buffer.from(`${image.header.frame_id}\0`);
    const encoding = Buffer.from(`${image.encoding}\0`);
    // Offsets count from behind the header, which is itself a multiple of 4 long.
    const heightAt = align4(12 + frameId.length);
    const encodingAt = heightAt + 12;
    const bigEndianAt = encodingAt + encoding.length;
    const stepAt = align4(bigEndianAt + 1);
    const dataAt = stepAt + 8;
    const buffer = this.#ofLength(HEADER + dataAt + image.data.length);
    const uint32 = (value: number, offset: number): void => void buffer.writeUInt32LE(value, HEADER + offset);
    buffer.fill(0, 0, HEADER + dataAt);
    buffer[1] = LITTLE_ENDIAN;
    buffer.writeInt32LE(image.header.stamp.sec, HEADER);
    uint32(image.header.stamp.nanosec, 4);
    uint32(frameId.length, 8);
    buffer.set(frameId, HEADER + 12);
    uint32(image.height, heightAt);
    uint32(image.width, heightAt + 4);
    uint32(encoding.length, heightAt + 8);
    buffer.set(encoding, HEADER + encodingAt);
    buffer[HEADER + bigEndianAt] = image.is_bigendian;
    uint32(image.step, stepAt);
    uint32(image.data.length, stepAt + 4);
    buffer.set(image.data, HEADER + dataAt);
    return buffer;
  }

  #ofLength(length: number): Buffer {
    if (this.#buffer.length < length) this.#buffer = Buffer.allocUnsafeSlow(length);
    return this.#buffer.subarray(0, length);
  }
}

/**
 * The image in a message. Its pixels are a view into `message`, not a copy.
 * @throws AutofocusError `invalid_image` for a message that is cut off or of another representation.
 */
export function readImage(message: Buffer): ImageMsg {
  const [, representation] = message;
  if (message[0] !== 0 || (representation !== LITTLE_ENDIAN && representation !== BIG_ENDIAN))
    throw new AutofocusError("invalid_image", "An image message is not in plain CDR.");
  const reader = new Reader(message, representation === LITTLE_ENDIAN);
  const stamp = { sec: reader.uint32() | 0, nanosec: reader.uint32() };
  const header = { stamp, frame_id: reader.string() };
  const height = reader.uint32();
  const width = reader.uint32();
  const encoding = reader.string();
  const is_bigendian = reader.uint8();
  const step = reader.uint32();
  const data = reader.bytes(reader.uint32());
  return { header, height, width, encoding, is_bigendian, step, data };
}

class Reader {
  readonly #message: Buffer;
  readonly #view: DataView;
  readonly #littleEndian: boolean;
  #offset = HEADER;

  constructor(message: Buffer, littleEndian: boolean) {
    this.#message = message;
    this.#view = new DataView(message.buffer, message.byteOffset, message.byteLength);
    this.#littleEndian = littleEndian;
  }

  uint8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  uint32(): number {
    this.#offset = align4(this.#offset);
    return this.#view.getUint32(this.#take(4), this.#littleEndian);
  }

  string(): string {
    const length = this.uint32();
    const start = this.#take(length);
    return this.#message.toString("utf8", start, Math.max(start, start + length - 1));
  }

  bytes(length: number): Uint8Array {
    const start = this.#take(length);
    return new Uint8Array(this.#message.buffer, this.#message.byteOffset + start, length);
  }

  #take(length: number): number {
    const start = this.#offset;
    if (start + length > this.#message.length)
      throw new AutofocusError(
        "invalid_image",
        `An image message of ${this.#message.length} bytes ends before its contents do.`,
      );
    this.#offset += length;
    return start;
  }
}
