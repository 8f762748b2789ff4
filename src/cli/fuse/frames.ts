/** The frames that `fuse` takes, checked before any work is done, and their pixels as fusion computes with them. */
import { AutofocusError } from "../../core/errors.ts";
import { image, type ImageF32 } from "../../core/image.ts";
import { pictureSize, readPicture, type Picture } from "../../io/picture.ts";

export interface FrameSet {
  readonly files: readonly string[];
  readonly width: number;
  readonly height: number;
  /** 3 as soon as one frame has colour. */
  readonly channels: 1 | 3;
}

/** @throws AutofocusError `fusion_failed` for frames of different sizes, `io` and `invalid_image` as reading does. */
export async function frameSet(files: readonly string[]): Promise<FrameSet> {
  const sizes = await Promise.all(files.map(pictureSize));
  const [first] = sizes;
  if (first === undefined || files.length < 2)
    throw new AutofocusError("invalid_input", `Expected at least 2 frames but received ${files.length}.`);
  const other = sizes.findIndex(({ width, height }) => width !== first.width || height !== first.height);
  if (other >= 0) {
    const show = (index: number): string =>
      `${files[index] ?? ""} (${sizes[index]?.width ?? 0}x${sizes[index]?.height ?? 0})`;
    throw new AutofocusError(
      "fusion_failed",
      `Expected frames of one size but received ${show(0)} and ${show(other)}.`,
      { cure: "Fuse frames of one camera setting." },
    );
  }
  const channels = sizes.some((size) => size.channels === 3) ? 3 : 1;
  return { files, width: first.width, height: first.height, channels };
}

export interface FloatFrame {
  /** 0..1 after gamma. */
  readonly picture: ImageF32;
  /** Bits a value in the file. */
  readonly bits: 8 | 16;
}

export async function readFrame(file: string, channels: 1 | 3): Promise<FloatFrame> {
  const { width, height, data } = await readPicture(file, { channels });
  const bits = data instanceof Uint16Array ? 16 : 8;
  const white = 2 ** bits - 1;
  return {
    picture: image(
      width,
      height,
      channels,
      Float32Array.from(data, (value) => value / white),
    ),
    bits,
  };
}

/** Values of `black`..`white` as stored ones; those outside are clipped. */
export function toPicture(source: ImageF32, bits: 8 | 16, black = 0, white = 1): Picture {
  const { width, height, channels, data } = source;
  const factor = (2 ** bits - 1) / (white - black || 1);
  const store = (value: number): number =>
    Math.round(Math.min(2 ** bits - 1, Math.max(0, (value - black) * factor)));
  return bits === 16
    ? image(width, height, channels, Uint16Array.from(data, store))
    : image(width, height, channels, Uint8Array.from(data, store));
}
