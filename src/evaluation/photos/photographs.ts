/**
 * The photographs of an evaluation. A figure is worth something only on photographs that no network was trained on, so
 * those that the manifests name are left out; and photographs of one source resemble each other, so each is known by its
 * set: the file name up to the first underscore.
 */
import path from "node:path";
import type { LensModel } from "../../algorithms/optics/lens-model.ts";
import { AutofocusError } from "../../core/errors.ts";
import type { ImageU8 } from "../../core/image.ts";
import { seededRandom, uniformInt } from "../../core/random.ts";
import { PhotoCamera, type WindowSize } from "./photo-camera.ts";
import { hasTexture, photographsIn, usablePhoto } from "./photo-runs.ts";

export interface Photograph {
  readonly name: string;
  /** Where it comes from. */
  readonly set: string;
  readonly file: string;
}

export interface LoadedPhotograph extends Photograph {
  /** Camera values after gamma. */
  readonly gray: ImageU8;
}

export interface PhotographList {
  readonly photographs: readonly Photograph[];
  /** Names of those that are left out because a network was trained on them. */
  readonly trainedOn: readonly string[];
}

/**
 * The picture files of some folders in an order that depends on the seed alone.
 * @param trained names of photographs that networks were trained on.
 * @throws AutofocusError `io`, `invalid_input` when there is none, or none that was not trained on.
 */
export async function listPhotographs(
  directories: readonly string[],
  trained: ReadonlySet<string>,
  seed: number,
): Promise<PhotographList> {
  const all: Photograph[] = [];
  for (const directory of directories)
    for (const name of await photographsIn(directory))
      all.push({ name, set: name.replace(/[_.].*$/s, ""), file: path.join(directory, name) });
  const photographs = all.filter(({ name }) => !trained.has(name));
  if (photographs.length === 0)
    throw new AutofocusError(
      "invalid_input",
      `A network was trained on every photograph in ${directories.join(", ")}.`,
      { cure: "Name a folder with photographs that are not among the sources in models/*.json." },
    );
  return {
    photographs: shuffled(photographs, seed),
    trainedOn: all.filter(({ name }) => trained.has(name)).map(({ name }) => name),
  };
}

/**
 * The first `count` photographs on which something can be focused in the focus window, fewer where there are not so
 * many.
 * @throws AutofocusError `no_texture` where there is none.
 */
export async function usablePhotographs(
  photographs: readonly Photograph[],
  count: number,
  window: WindowSize,
  lens: LensModel,
): Promise<LoadedPhotograph[]> {
  const found: LoadedPhotograph[] = [];
  for (const photograph of photographs) {
    if (found.length === count) break;
    const gray = await usablePhoto(photograph.file);
    if ("reason" in gray) continue;
    const camera = await PhotoCamera.create(gray, window, lens, lens.range.min);
    if (hasTexture(await camera.sharp())) found.push({ ...photograph, gray });
  }
  if (found.length > 0) return found;
  throw new AutofocusError("no_texture", "None of the photographs can be used.", {
    cure: "Name a folder with photographs that are sharp, textured and at least 160 px wide and high.",
  });
}

/** Fisher and Yates. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  const random = seededRandom(seed);
  const out = [...items];
  for (let last = out.length - 1; last > 0; last--) {
    const other = uniformInt(random, 0, last);
    [out[last], out[other]] = [out[other] as T, out[last] as T];
  }
  return out;
}
