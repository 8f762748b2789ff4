/** `focus --photos`: searches on the simulated camera over a folder of photographs. */
import { readdir } from "node:fs/promises";
import path from "node:path";
import type { LensModel } from "../../algorithms/optics/lens-model.ts";
import type { SearchName } from "../../algorithms/search/index.ts";
import { AutofocusError, toAutofocusError } from "../../core/errors.ts";
import type { ImageU8 } from "../../core/image.ts";
import { seededRandom, uniformInt } from "../../core/random.ts";
import type { Steps } from "../../core/units.ts";
import { readGray } from "../../io/picture.ts";
import type { Networks } from "../../pipeline/networks.ts";
import { mix } from "../seeds.ts";
import { PhotoCamera, REDUCTION, type WindowSize } from "./photo-camera.ts";
import { runOnPhoto } from "./photo-search.ts";
import type { RunReport } from "./run-report.ts";

export interface PhotoPlan {
  readonly directory: string;
  /** File names in it. */
  readonly photos: readonly string[];
  readonly lens: LensModel;
  readonly searches: readonly SearchName[];
  readonly starts: readonly Steps[];
  /** In-focus positions of every photograph; one drawn by the seed where there are none. */
  readonly z0s: readonly Steps[];
  readonly window: WindowSize;
  readonly seed: number;
}

export interface PhotoRun extends RunReport {
  readonly photo: string;
  readonly z0: Steps;
}

export interface SkippedPhoto {
  readonly photo: string;
  readonly reason: string;
}

export interface PhotoRuns {
  readonly runs: readonly PhotoRun[];
  readonly skipped: readonly SkippedPhoto[];
}

/** Shorter side of the reduced photograph below which it repeats too often in a focus window, px. */
const LEAST_SIDE = 128;

/** Root mean square of the differences of neighbouring pixels, 0..255, below which there is nothing to focus on. */
const LEAST_GRADIENT = 0.7;

const PICTURES = new Set([".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp"]);

/** The picture files of a folder, by name. @throws AutofocusError `io`, `invalid_input` when there is none. */
export async function photographsIn(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch((cause: unknown) => {
    throw new AutofocusError("io", `Cannot read the folder ${directory}.`, {
      cure: "Name a folder that holds photographs.",
      cause,
    });
  });
  const photographs = names.filter((name) => PICTURES.has(path.extname(name).toLowerCase())).sort();
  if (photographs.length === 0)
    throw new AutofocusError("invalid_input", `There is no photograph in ${directory}.`, {
      cure: `Name a folder with files that end in ${[...PICTURES].join(", ")}.`,
    });
  return photographs;
}

/**
 * Every search from every start on every photograph. A photograph that cannot be used is skipped with the reason;
 * anything else that fails ends all.
 * @param onPhoto called after each photograph.
 */
export async function runPhotos(
  plan: PhotoPlan,
  networks: Networks,
  onPhoto: (photo: string) => void,
): Promise<PhotoRuns> {
  const runs: PhotoRun[] = [];
  const skipped: SkippedPhoto[] = [];
  for (const [index, photo] of plan.photos.entries()) {
    const drawn = uniformInt(seededRandom(mix(plan.seed, index)), plan.lens.range.min, plan.lens.range.max);
    const gray = await usablePhoto(path.join(plan.directory, photo));
    if ("reason" in gray) skipped.push({ photo, reason: gray.reason });
    else
      for (const z0 of plan.z0s.length > 0 ? plan.z0s : [drawn]) {
        const camera = await PhotoCamera.create(gray, plan.window, plan.lens, z0);
        if (!hasTexture(await camera.sharp())) {
          skipped.push({ photo, reason: "textureless: there is nothing to focus on in the focus window" });
          break;
        }
        for (const search of plan.searches)
          for (const start of plan.starts) {
            const seed = mix(plan.seed, index, z0, start);
            runs.push({ photo, z0, ...(await runOnPhoto(camera, networks, search, start, seed)) });
          }
      }
    onPhoto(photo);
  }
  return { runs, skipped };
}

/** The photograph, or why it cannot be focused on. */
export async function usablePhoto(file: string): Promise<ImageU8 | { readonly reason: string }> {
  let gray: ImageU8;
  try {
    gray = await readGray(file);
  } catch (error) {
    return { reason: `unreadable: ${toAutofocusError(error).message}` };
  }
  const side = Math.floor(REDUCTION * Math.min(gray.width, gray.height));
  if (side >= LEAST_SIDE) return gray;
  return {
    reason: `too small: its shorter side, reduced by ${REDUCTION}, is ${side} px, less than ${LEAST_SIDE}`,
  };
}

/** Whether there is anything to focus on in a sharp picture. */
export function hasTexture(sharp: ImageU8): boolean {
  return gradient(sharp) >= LEAST_GRADIENT;
}

/** Root mean square difference of horizontally neighbouring pixels. */
function gradient({ width, data }: ImageU8): number {
  let sum = 0;
  for (let at = 1; at < data.length; at++)
    if (at % width !== 0) sum += ((data[at] as number) - (data[at - 1] as number)) ** 2;
  return Math.sqrt(sum / data.length);
}
