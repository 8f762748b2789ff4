/** The frames that `fuse` takes, checked before any work is done, and pictures to write from float ones. */
import { stat } from "node:fs/promises";
import path from "node:path";
import { AutofocusError } from "../../core/errors.ts";
import { image, type ImageF32 } from "../../core/image.ts";
import { unitRange } from "../../algorithms/fusion/unit-range.ts";
import { pictureSize, readPicture, type Picture } from "../../io/picture.ts";
import { stackPictures } from "../../drivers/replay/focal-stack.ts";
import { readAhead } from "./read-ahead.ts";

export interface FrameSet {
  readonly files: readonly string[];
  readonly width: number;
  readonly height: number;
  /** 3 as soon as one frame has colour. */
  readonly channels: 1 | 3;
}

/**
 * Files as they are, and for a folder the pictures in it, in the order of the numbers in their names.
 * @throws AutofocusError `io` for a folder that cannot be read.
 */
export async function framesOf(names: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    names.map(async (name) => {
      const isFolder = await stat(name).then(
        (stats) => stats.isDirectory(),
        () => false,
      );
      return isFolder ? (await stackPictures(name)).names.map((each) => path.join(name, each)) : [name];
    }),
  );
  return found.flat();
}

/** @throws AutofocusError `fusion_failed` for frames of different sizes, `io` and `invalid_image` as reading does. */
export async function frameSet(files: readonly string[]): Promise<FrameSet> {
  // A few files at a time: there may be many, and each is read whole.
  const sizes: Awaited<ReturnType<typeof pictureSize>>[] = [];
  for await (const size of readAhead(files, pictureSize)) sizes.push(size);
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

/** Bits of a value of a stored picture. */
export function bitsOf({ data }: Picture): 8 | 16 {
  return data instanceof Uint16Array ? 16 : 8;
}

/** A frame with values 0..1 after gamma. */
export async function readFrame(file: string, channels: 1 | 3): Promise<ImageF32> {
  return unitRange(await readPicture(file, { channels }));
}

/** Values of `black`..`white` as stored ones; those outside are clipped. */
export function toPicture(source: ImageF32, bits: 8 | 16, black = 0, white = 1): Picture {
  const { width, height, channels, data } = source;
  const most = 2 ** bits - 1;
  const factor = most / (white - black || 1);
  const stored = bits === 16 ? new Uint16Array(data.length) : new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++)
    stored[i] = Math.round(Math.min(most, Math.max(0, ((data[i] as number) - black) * factor)));
  return image(width, height, channels, stored) as Picture;
}
