/** Whether a frame near focus is called in focus, and whether a frame without texture is called so. */
import { image, type ImageF32 } from "../../core/image.ts";
import { seededRandom, uniform, type Random } from "../../core/random.ts";
import type { Pixels } from "../../core/units.ts";
import { concurrently } from "../concurrently.ts";
import type { Evaluation } from "../part.ts";
import { usablePhotographs } from "../photos/photographs.ts";
import { mix } from "../seeds.ts";
import { DISK } from "./aperture.ts";
import { FRAME_SIDE, renderFrame, sampleFrame } from "./frames.ts";
import { VARIANTS, type VariantName } from "./variants.ts";

/** Radii from 0 up to here, so many px apart. */
const LARGEST: Pixels = 5;
const SPACING: Pixels = 0.25;

const PHOTOGRAPHS = 24;
const BLANK_FRAMES = 40;

/** What near focus looks like to most cameras. */
export const NEAR_FOCUS_VARIANTS = ["clean", "noisy", "jpeg"] as const satisfies readonly VariantName[];

export interface NearFocusResult {
  readonly variant: VariantName;
  readonly radius: Pixels;
  readonly inFocus: boolean;
}

export async function studyNearFocus(evaluation: Evaluation): Promise<NearFocusResult[]> {
  const { lens, estimate, seed, quick } = evaluation;
  const photographs = await usablePhotographs(evaluation.photographs, quick ? 1 : PHOTOGRAPHS, "512", lens);
  const spacing = quick ? LARGEST : SPACING;
  const radii = Array.from({ length: Math.round(LARGEST / spacing) + 1 }, (_, step) => spacing * step);
  const advance = evaluation.progress("near focus", photographs.length);
  const results = await concurrently(photographs, async ({ gray }, index) => {
    const random = seededRandom(mix(seed, index));
    const scene = sampleFrame(gray, LARGEST, random);
    const own: NearFocusResult[] = [];
    for (const radius of radii) {
      const light = renderFrame(scene, DISK, radius);
      for (const variant of NEAR_FOCUS_VARIANTS) {
        const frame = await VARIANTS[variant].photograph(light, radius, random);
        own.push({ variant, radius, inFocus: (await estimate(frame)).in_focus });
      }
    }
    advance();
    return own;
  });
  return results.flat();
}

/** Decisions outside `band` around the limit: how many of those called in focus are, and how many that are were called so. */
export function precisionAndRecall(
  results: readonly NearFocusResult[],
  limit: Pixels,
  band: Pixels,
): { readonly precision: number; readonly recall: number; readonly frames: number } {
  const clear = results.filter(({ radius }) => Math.abs(radius - limit) > band / 2);
  const called = clear.filter(({ inFocus }) => inFocus);
  const sharp = clear.filter(({ radius }) => radius < limit);
  const right = called.filter(({ radius }) => radius < limit).length;
  return { precision: right / called.length, recall: right / sharp.length, frames: clear.length };
}

export interface BlankResult {
  readonly variant: VariantName;
  /** Whether a radius was read where there is none to read. */
  readonly read: boolean;
  readonly inFocus: boolean;
}

/** Frames of a bare wall, evenly or unevenly lit. */
export async function studyBlankFrames({
  estimate,
  seed,
  quick,
  progress,
}: Evaluation): Promise<BlankResult[]> {
  const count = quick ? 1 : BLANK_FRAMES;
  const advance = progress("blank frames", count);
  const results = await concurrently(
    Array.from({ length: count }, (_, index) => index),
    async (index) => {
      const random = seededRandom(mix(seed, index));
      const wall = blankWall(random);
      const own: BlankResult[] = [];
      for (const variant of ["clean", "noisy", "dark", "jpeg"] as const) {
        const { radius_px, in_focus } = await estimate(await VARIANTS[variant].photograph(wall, 0, random));
        own.push({ variant, read: radius_px !== null, inFocus: in_focus });
      }
      advance();
      return own;
    },
  );
  return results.flat();
}

function blankWall(random: Random): ImageF32 {
  const level = uniform(random, 0.02, 0.7);
  const [across, down] = [uniform(random, -0.3, 0.3), uniform(random, -0.3, 0.3)];
  const data = Float32Array.from({ length: FRAME_SIDE ** 2 }, (_, at) => {
    const [u, v] = [(at % FRAME_SIDE) / FRAME_SIDE, Math.floor(at / FRAME_SIDE) / FRAME_SIDE];
    return level * (1 + across * (u - 0.5) + down * (v - 0.5));
  });
  return image(FRAME_SIDE, FRAME_SIDE, 1, data);
}
