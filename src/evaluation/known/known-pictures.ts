/** Pictures of scenes of one depth whose defocus is known by their names, NAME_Z0_Z.EXT: sharp at Z0, taken at Z. */
import { readdir } from "node:fs/promises";
import path from "node:path";
import { AutofocusError } from "../../core/errors.ts";
import type { Steps } from "../../core/units.ts";

export interface KnownPicture {
  readonly file: string;
  readonly z0: Steps;
  readonly z: Steps;
}

const NAME = /_(\d+(?:\.\d+)?)_(\d+(?:\.\d+)?)\.(?:png|jpe?g|tiff?|webp)$/i;

/** By name. @throws AutofocusError `io`, `invalid_input` when no name tells the positions. */
export async function knownPictures(directory: string): Promise<KnownPicture[]> {
  const cure = "Name a folder with pictures called NAME_Z0_Z.EXT, such as wall_1400_1700.jpg.";
  const names = await readdir(directory).catch((cause: unknown) => {
    throw new AutofocusError("io", `Cannot read the folder ${directory}.`, { cure, cause });
  });
  const pictures = names.sort().flatMap((name) => {
    const [, z0, z] = NAME.exec(name) ?? [];
    return z0 === undefined ? [] : [{ file: path.join(directory, name), z0: Number(z0), z: Number(z) }];
  });
  if (pictures.length === 0)
    throw new AutofocusError("invalid_input", `No picture in ${directory} has its positions in its name.`, {
      cure,
    });
  return pictures;
}
