/**
 * Decoded frames, for work that goes over them twice: to align them and to fuse them. As many as fit into memory are kept
 * in between, the others are decoded again.
 */
import type { Image } from "../../core/image.ts";

/** Bytes of pictures that are kept. */
const MOST = 512 * 2 ** 20;

export class DecodedFrames<T extends Image> {
  readonly #decode: (index: number) => Promise<T>;
  readonly #most: number;
  readonly #kept = new Map<number, T>();
  #bytes = 0;

  /** @param most bytes of pictures that are kept. */
  constructor(decode: (index: number) => Promise<T>, most = MOST) {
    this.#decode = decode;
    this.#most = most;
  }

  /** Frame `index`, kept for another time where there is room. @throws what `decode` throws. */
  async read(index: number): Promise<T> {
    const known = this.#kept.get(index);
    if (known !== undefined) return known;
    const picture = await this.#decode(index);
    const { byteLength } = picture.data;
    if (this.#bytes + byteLength <= this.#most && !this.#kept.has(index)) {
      this.#kept.set(index, picture);
      this.#bytes += byteLength;
    }
    return picture;
  }

  /** Frame `index` for the last time. @throws what `decode` throws. */
  async take(index: number): Promise<T> {
    const known = this.#kept.get(index);
    if (known === undefined) return this.#decode(index);
    this.#kept.delete(index);
    this.#bytes -= known.data.byteLength;
    return known;
  }
}
