/** What training patches are cut from: a folder of photographs, and procedural textures. */
import { readdir } from "node:fs/promises";
import path from "node:path";
import { AutofocusError } from "../core/errors.ts";
import { seededRandom } from "../core/random.ts";
import { readGray } from "../io/picture.ts";
import type { Source } from "./draw-patches.ts";
import { drawTexture, TEXTURE_KINDS } from "./textures.ts";

const PICTURE = /\.(jpe?g|png|tiff?|webp|avif)$/i;
const TEXTURE_SIDE = 1024;

/**
 * Every picture in a folder, by name.
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
  return Promise.all(
    pictures.map(async (name) => ({ name, picture: await readGray(path.join(directory, name)) })),
  );
}

/** `count` procedural pictures, the kinds in turn. */
export function textures(count: number, seed: number): Source[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const kind = TEXTURE_KINDS[index % TEXTURE_KINDS.length]!;
    return { name: `${kind}-${index}`, picture: drawTexture(kind, TEXTURE_SIDE, random) };
  });
}
