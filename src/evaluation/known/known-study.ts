/**
 * Patches of real pictures of known defocus, read by the radius network and by the step estimator of paper 1. Both are judged in
 * steps of the lens the pictures were taken with: the estimator speaks those of its own lens, so its distance is turned
 * into the radius it stands for there. Neither tells the side, so the side is taken as known.
 */
import path from "node:path";
import type { LensModel } from "../../algorithms/optics/lens-model.ts";
import { patchGrid } from "../../algorithms/rois/patch-grid.ts";
import { radiusOf } from "../../algorithms/search/types.ts";
import type { ImageU8 } from "../../core/image.ts";
import type { Pixels, Steps } from "../../core/units.ts";
import { readGray } from "../../io/picture.ts";
import type { Networks } from "../../pipeline/networks.ts";
import type { Evaluation } from "../part.ts";
import { knownPictures, type KnownPicture } from "./known-pictures.ts";

/** That of the paper's networks, and the trunk stride of its global estimator, px. */
const PATCH = { size: 512, stride: 128 };

export const READERS = ["defocus", "paper-estimator"] as const;
export type Reader = (typeof READERS)[number];

export interface KnownReadings {
  readonly picture: string;
  readonly z0: Steps;
  readonly z: Steps;
  /** What the lens file says, px. */
  readonly trueRadius: Pixels;
  readonly reader: Reader;
  readonly patches: number;
  /** Of each patch that could be read, px. */
  readonly radii: readonly Pixels[];
  /** Of the same patches: | |Z0 - Z| as read - |Z0 - Z| |. */
  readonly errors: readonly Steps[];
}

/** @param lens that the pictures were taken with. */
export async function studyKnown(
  { networks, lens: paperLens, quick, progress }: Evaluation,
  directory: string,
  lens: LensModel,
): Promise<KnownReadings[]> {
  const pictures = await knownPictures(directory);
  const advance = progress("known defocus", pictures.length);
  const results: KnownReadings[] = [];
  for (const picture of pictures) {
    const gray = await readGray(picture.file);
    for (const reader of READERS) {
      const { patches, radii } = await radiiOf(reader, networks, paperLens, gray, quick);
      results.push({
        picture: path.basename(picture.file),
        ...{ z0: picture.z0, z: picture.z, trueRadius: lens.radius(picture.z0, picture.z), reader, patches },
        radii,
        errors: radii.map((radius) => stepError(lens, picture, radius)),
      });
    }
    advance();
  }
  return results;
}

async function radiiOf(
  reader: Reader,
  networks: Networks,
  paperLens: LensModel,
  gray: ImageU8,
  quick: boolean,
): Promise<{ readonly patches: number; readonly radii: Pixels[] }> {
  const all = patchGrid(gray.width, gray.height, PATCH.size, PATCH.stride).patches;
  const patches = quick ? all.slice(0, 1) : all;
  if (reader === "defocus") {
    const readings = await (await networks.defocus()).read(gray, patches);
    const radii = readings.filter(({ textured }) => textured).map(({ logRadius }) => radiusOf(logRadius));
    return { patches: patches.length, radii };
  }
  const steps = await networks.steps();
  const radii: Pixels[] = [];
  for (const patch of patches) radii.push(radiusAcross(paperLens, (await steps.read(gray, patch)).distance));
  return { patches: patches.length, radii };
}

/** Radius `distance` steps out of focus around the middle of the range. */
function radiusAcross(lens: LensModel, distance: Steps): Pixels {
  const middle = (lens.range.min + lens.range.max) / 2;
  return lens.radius(middle - distance / 2, middle + distance / 2);
}

/** How far the in-focus position that `radius` means lies from the true one, the side being known. */
export function stepError(lens: LensModel, { z0, z }: Pick<KnownPicture, "z0" | "z">, radius: Pixels): Steps {
  const above = z0 >= z;
  const meant = lens.candidates(radius, z).find((candidate) => (above ? candidate >= z : candidate <= z));
  return Math.abs((meant ?? (above ? lens.range.max : lens.range.min)) - z0);
}
