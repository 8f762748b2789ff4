/** What training patches are cut from: a folder of photographs, procedural textures, and round things painted on both. */
import { readdir } from "node:fs/promises";
import path from "node:path";
import { AutofocusError } from "../core/errors.ts";
import type { ImageU8 } from "../core/image.ts";
import { seededRandom, uniformInt } from "../core/random.ts";
import { readGray } from "../io/picture.ts";
import type { Source } from "./draw-patches.ts";
import { drawRoundThings } from "./round-things.ts";
import { drawTexture, TEXTURE_KINDS } from "./textures.ts";

const PICTURE = /\.(jpe?g|png|tiff?|webp|avif)$/i;
const TEXTURE_SIDE = 1024;
/** Decoded photographs kept at a time; at one byte a pixel a few hundred megabytes for phone pictures. */
const KEPT_BYTES = 2 ** 28;

/**
 * Every picture in a folder, by name; decoded when used, and those used last are kept.
 * @throws AutofocusError `io` when the folder cannot be read, `invalid_input` when it holds no picture.
 */
export async function photographs(directory: string): Promise<Source[]> {
  const names = await readdir(directory).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AutofocusError("io", `Cannot read the folder ${directory}: ${reason}`, {
      cure: "Check the name of the folder.",
      cause,
    });
  });
  const pictures = names.filter((name) => PICTURE.test(name)).sort();
  if (pictures.length === 0) {
    throw new AutofocusError("invalid_input", `The folder ${directory} holds no picture.`, {
      cure: "Give a folder with JPEG, PNG, TIFF, WebP or AVIF files.",
    });
  }
  const load = keepingLast((name) => readGray(path.join(directory, name)), KEPT_BYTES);
  return pictures.map((name) => ({ name, load: () => load(name) }));
}

/** `read` with a memory of what was read last, up to `limit` bytes (and one picture, however large). */
export function keepingLast(
  read: (name: string) => Promise<ImageU8>,
  limit: number,
): (name: string) => Promise<ImageU8> {
  const kept = new Map<string, ImageU8>();
  let bytes = 0;
  return async (name) => {
    const picture = kept.get(name) ?? (await read(name));
    if (kept.delete(name)) bytes -= picture.data.byteLength;
    kept.set(name, picture);
    bytes += picture.data.byteLength;
    for (const [oldest, { data }] of kept) {
      if (bytes <= limit || oldest === name) break;
      kept.delete(oldest);
      bytes -= data.byteLength;
    }
    return picture;
  };
}

/** `count` procedural pictures, the kinds in turn. */
export function textures(count: number, seed: number): Source[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const kind = TEXTURE_KINDS[index % TEXTURE_KINDS.length]!;
    const picture = drawTexture(kind, TEXTURE_SIDE, random);
    return { name: `${kind}-${index}`, load: () => Promise.resolve(picture) };
  });
}

/**
 * `count` pictures of round things, each painted on one of the `grounds` when it is used. Named GROUND+round-NUMBER, so that
 * training can keep them on the side of the split on which their ground is.
 */
export function roundThings(
  count: number,
  grounds: readonly Source[],
  seed: number,
  nightShare?: number,
): Source[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const ground = grounds[uniformInt(random, 0, grounds.length - 1)]!;
    const own = uniformInt(random, 1, 0x7fffffff);
    return {
      name: `${ground.name}+round-${index}`,
      load: async () => drawRoundThings(await ground.load(), seededRandom(own), nightShare),
    };
  });
}
