/**
 * sensor_msgs/msg/Image on the wire: plain CDR (OMG DDS-XTYPES 1.3, 7.4.1; XCDR version 1). Pictures are by far the
 * largest messages; written here, their pixels are copied once before the middleware takes them, and into memory that is
 * used again and again, where rclnodejs' objects are copied twice into fresh memory.
 *
 *     4 bytes   0, representation (1 = little endian), options
 *     then, each aligned to its size counted from here: stamp.sec, stamp.nanosec, frame_id, height, width, encoding,
 *     is_bigendian, step, data; strings and sequences begin with their length, strings end with a zero byte
 */
import type { ImageMsg } from "../messages.ts";

const HEADER = 4;
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
