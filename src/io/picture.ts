/**
 * Picture files in and out. The only importer of `sharp`.
 *
 * What is read is what was stored: 8- or 16-bit camera values (after gamma), one or three channels. Transparency is
 * dropped, the orientation tag is honoured, and colour pictures become sRGB. Nothing is rescaled.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import type { default as Sharp, Metadata } from "sharp";
import { AutofocusError, expected } from "../core/errors.ts";
import { image, MAX_SIDE, type Image, type ImageU8 } from "../core/image.ts";

// Loaded by `import`, sharp takes twice as long: a third of the time in which a small stack is fused.
const sharp = createRequire(import.meta.url)("sharp") as typeof Sharp;

/** A picture as cameras and files hold it. */
export type Picture = ImageU8 | Image<Uint16Array>;

export interface ReadOptions {
  /** 1 turns colour into luma, 3 repeats gray; by default the channels of the file. */
  readonly channels?: 1 | 3;
}

/** Of every JPEG written unless another quality is asked for; 4:4:4, so that colour edges stay where they are. */
const JPEG = { quality: 95, chromaSubsampling: "4:4:4" } as const;

/** Of zlib: higher ones take two to three times as long for files a fifth smaller. */
const PNG_LEVEL = 1;

/**
 * Reads PNG, JPEG, TIFF, WebP and the other formats libvips knows.
 * @throws AutofocusError `io` when the file cannot be read, `invalid_image` when it is no whole picture of 8 or 16
 * bits; both name the file.
 */
export async function readPicture(file: string, options: ReadOptions = {}): Promise<Picture> {
  return decode(await readBytes(file), file, options);
}

/** What the header of a picture file says. */
export interface PictureShape extends Pick<Picture, "width" | "height" | "channels"> {
  /** Of a value. */
  readonly bits: 8 | 16;
}

/**
 * The shape of a picture file, from its header alone.
 * @throws AutofocusError `io`, `invalid_image`, as readPicture.
 */
export async function pictureSize(file: string): Promise<PictureShape> {
  const bytes = await readBytes(file);
  const header = await decoding(file, () => sharp(bytes).metadata());
  return {
    ...header.autoOrient,
    channels: isGray(header) ? 1 : 3,
    bits: header.depth === "ushort" ? 16 : 8,
  };
}

/** Reads a picture as 8-bit gray; colour becomes luma and 16-bit values are rounded to 8 bits. */
export async function readGray(file: string): Promise<ImageU8> {
  return toEightBit(await readPicture(file, { channels: 1 }));
}

/**
 * Decodes a picture held in memory. `name` stands for it in messages.
 * @throws AutofocusError `invalid_image`.
 */
export async function decode(bytes: Uint8Array, name: string, options: ReadOptions = {}): Promise<Picture> {
  const header = await decoding(name, () => sharp(bytes).metadata());
  const { depth } = header;
  if (depth !== "uchar" && depth !== "ushort")
    throw expected("invalid_image", "8 or 16 bits a value", `picture ${name}`, depth);
  const gray = isGray(header);
  const wide = depth === "ushort";
  const colourspace = gray ? (wide ? "grey16" : "b-w") : wide ? "rgb16" : "srgb";
  const { data, info } = await decoding(name, () =>
    sharp(bytes, { autoOrient: true, failOn: "error" })
      .removeAlpha()
      .toColourspace(colourspace)
      .raw({ depth })
      .toBuffer({ resolveWithObject: true }),
  );
  const values = wide
    ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2)
    : new Uint8Array(data.buffer, data.byteOffset, data.length);
  const picture = image(info.width, info.height, gray ? 1 : 3, values) as Picture;
  return inChannels(picture, options.channels ?? picture.channels);
}

/**
 * Writes a picture; the ending chooses the format: `.png` and `.tif`/`.tiff` keep 8 or 16 bits and every value,
 * `.jpg`/`.jpeg` takes 8 bits. Missing folders are made.
 * @throws AutofocusError `invalid_input` for another ending, `io` when the file cannot be written.
 */
export async function writePicture(file: string, picture: Picture): Promise<void> {
  const bytes = await encode(picture, formatOf(file));
  try {
    await mkdir(path.dirname(path.resolve(file)), { recursive: true });
    await writeFile(file, bytes);
  } catch (cause) {
    throw new AutofocusError("io", `Cannot write ${file}: ${text(cause)}`, {
      cure: "Check that the folder may be written to and that the disk has room.",
      cause,
    });
  }
}

/**
 * The format that `writePicture` chooses; call it before long work whose result is to be written.
 * @throws AutofocusError `invalid_input` for an ending that none belongs to.
 */
export function formatOf(file: string): "png" | "jpeg" | "tiff" {
  const format = FORMATS.get(path.extname(file).toLowerCase());
  if (format !== undefined) return format;
  throw expected("invalid_input", `a file name ending in ${[...FORMATS.keys()].join(", ")}`, "output", file);
}

const FORMATS: ReadonlyMap<string, "png" | "jpeg" | "tiff"> = new Map([
  [".png", "png"],
  [".jpg", "jpeg"],
  [".jpeg", "jpeg"],
  [".tif", "tiff"],
  [".tiff", "tiff"],
]);

/** A picture as the bytes of a file; `quality` (1..100) is that of JPEG. */
export async function encode(
  picture: Picture,
  format: "jpeg" | "png" | "tiff",
  { quality = JPEG.quality }: { readonly quality?: number } = {},
): Promise<Uint8Array> {
  const source = format === "jpeg" ? toEightBit(picture) : picture;
  const { width, height, channels, data } = source;
  const wide = data instanceof Uint16Array;
  const colourspace = channels === 1 ? (wide ? "grey16" : "b-w") : wide ? "rgb16" : "srgb";
  const pipeline = sharp(data, { raw: { width, height, channels } }).toColourspace(colourspace);
  if (format === "jpeg") return pipeline.jpeg({ ...JPEG, quality }).toBuffer();
  if (format === "png") return pipeline.png({ compressionLevel: PNG_LEVEL }).toBuffer();
  return pipeline.tiff({ compression: "deflate" }).toBuffer();
}

/** 16-bit values rounded to 8 bits; an 8-bit picture is returned as it is. */
export function toEightBit(picture: Picture): ImageU8 {
  const { width, height, channels, data } = picture;
  if (data instanceof Uint8Array) return { width, height, channels, data };
  return image(
    width,
    height,
    channels,
    Uint8Array.from(data, (value) => Math.round(value / 257)),
  );
}

function isGray({ space }: Metadata): boolean {
  return space === "b-w" || space === "grey16";
}

/** The picture with one or three channels: colour turned into luma, gray repeated, or as it is. */
export function inChannels(picture: Picture, channels: 1 | 3): Picture {
  if (picture.channels === channels) return picture;
  const { width, height, data } = picture;
  const pixels = width * height;
  const out = new (data.constructor as Uint8ArrayConstructor | Uint16ArrayConstructor)(pixels * channels);
  for (let pixel = 0; pixel < pixels; pixel++) {
    if (channels === 3) out.fill(data[pixel] as number, 3 * pixel, 3 * pixel + 3);
    else
      out[pixel] = luma(
        data[3 * pixel] as number,
        data[3 * pixel + 1] as number,
        data[3 * pixel + 2] as number,
      );
  }
  return image(width, height, channels, out) as Picture;
}

/** Rec. 601 luma of camera values (after gamma), to the bit the same as the kernel `toGray`. */
function luma(red: number, green: number, blue: number): number {
  return (19595 * red + 38470 * green + 7471 * blue + 32768) >>> 16;
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new AutofocusError("io", `Cannot read ${file}: ${text(cause)}`, {
      cure: "Check the name of the file and that it may be read.",
      cause,
    });
  }
}

async function decoding<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new AutofocusError("invalid_image", `${name} is no readable picture: ${text(cause)}`, {
      cure: `Use a whole PNG, JPEG, TIFF or WebP file of at most ${MAX_SIDE} px a side.`,
      cause,
    });
  }
}

function text(cause: unknown): string {
  return cause instanceof Error ? cause.message.trim() : String(cause);
}
