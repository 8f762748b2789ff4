/** The frames that `fuse` takes, and pictures to write from float ones. */
import { stat } from "node:fs/promises";
import path from "node:path";
import { AutofocusError } from "../../core/errors.ts";
import { image, type ImageF32 } from "../../core/image.ts";
import { unitRange } from "../../algorithms/fusion/unit-range.ts";
import { inChannels, pictureSize, readPicture, type Picture, type PictureShape } from "../../io/picture.ts";
import { stackPictures } from "../../drivers/replay/focal-stack.ts";
import { readAhead } from "./read-ahead.ts";

/** Frames of one size that are read when they are asked for. */
export interface OpenStack {
  readonly count: number;
  /** Rejects where the frames do not fit together. 3 channels as soon as one frame has colour, 16 bits as soon as one has. */
  readonly shape: Promise<PictureShape>;
  /** A frame with the channels of the stack. @throws as `shape`; AutofocusError `io`, `invalid_image`. */
  readonly read: (index: number) => Promise<Picture>;
}

/**
 * Files as they are, and for a folder the pictures in it, in the order of the numbers in their names.
 * @param outputs files that are going to be written: of a folder they are no frames, though an earlier run left them there.
 * @throws AutofocusError `io` for a folder that cannot be read; `invalid_input` where an output would replace a frame, or
 *   another output.
 */
export async function framesOf(names: readonly string[], outputs: readonly string[] = []): Promise<string[]> {
  const written = outputs.map((output) => path.resolve(output));
  const twice = outputs.find((_, index) => written.indexOf(written[index] as string) < index);
  if (twice !== undefined)
    throw new AutofocusError("invalid_input", `${twice} would be written twice.`, {
      cure: "Give every output a name of its own.",
    });
  const replaced = names.find((name) => written.includes(path.resolve(name)));
  if (replaced !== undefined)
    throw new AutofocusError("invalid_input", `${replaced} is a frame and would be replaced.`, {
      cure: "Give the output another name.",
    });
  const found = await Promise.all(
    names.map(async (name) => {
      const isFolder = await stat(name).then(
        (stats) => stats.isDirectory(),
        () => false,
      );
      if (!isFolder) return [name];
      const files = (await stackPictures(name)).names.map((each) => path.join(name, each));
      return files.filter((file) => !written.includes(path.resolve(file)));
    }),
  );
  return found.flat();
}

/**
 * Begins to look at all files; while that goes on, the first frames may be read.
 * @throws AutofocusError `invalid_input` for less than two files.
 */
export function openStack(files: readonly string[]): OpenStack {
  if (files.length < 2)
    throw new AutofocusError("invalid_input", `Expected at least 2 frames but received ${files.length}.`);
  const shape = shapeOf(files);
  // Thrown where it is awaited.
  shape.catch(() => undefined);
  return {
    count: files.length,
    shape,
    read: async (index) => {
      const [{ channels }, picture] = await Promise.all([shape, readPicture(files[index] as string)]);
      return inChannels(picture, channels);
    },
  };
}

/** @throws AutofocusError `fusion_failed` for frames of different sizes, `io` and `invalid_image` as reading does. */
async function shapeOf(files: readonly string[]): Promise<PictureShape> {
  // A few files at a time: there may be many, and each is read whole.
  const shapes: PictureShape[] = [];
  for await (const shape of readAhead(files, pictureSize)) shapes.push(shape);
  const { width, height } = shapes[0] as PictureShape;
  const other = shapes.findIndex((shape) => shape.width !== width || shape.height !== height);
  if (other >= 0) {
    const show = (index: number): string =>
      `${files[index] ?? ""} (${shapes[index]?.width ?? 0}x${shapes[index]?.height ?? 0})`;
    throw new AutofocusError(
      "fusion_failed",
      `Expected frames of one size but received ${show(0)} and ${show(other)}.`,
      { cure: "Fuse frames of one camera setting." },
    );
  }
  return {
    width,
    height,
    channels: shapes.some(({ channels }) => channels === 3) ? 3 : 1,
    bits: shapes.some(({ bits }) => bits === 16) ? 16 : 8,
  };
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
