/**
 * How well the defocus radius is read: every photograph at a radius of every bin, as every kind of camera delivers it; one
 * estimate a frame, as `estimate` gives it, and one window of each size that the network reads.
 */
import { radiusOf } from "../../algorithms/search/types.ts";
import type { ImageF32, ImageU8 } from "../../core/image.ts";
import { centralRoi } from "../../core/roi.ts";
import { seededRandom, type Random } from "../../core/random.ts";
import type { Pixels } from "../../core/units.ts";
import type { DefocusReader } from "../../pipeline/networks.ts";
import { concurrently } from "../concurrently.ts";
import type { Evaluation, FrameEstimate } from "../part.ts";
import { usablePhotographs, type LoadedPhotograph } from "../photos/photographs.ts";
import { mix } from "../seeds.ts";
import { LARGEST_REACH, type Aperture } from "./aperture.ts";
import { renderFrame, sampleFrame } from "./frames.ts";
import { VARIANT_NAMES, VARIANTS, type VariantName } from "./variants.ts";

/** Radii, px; within each evenly in their logarithm, in the first evenly. */
export const BINS = [
  [0, 1],
  [1, 3],
  [3, 10],
  [10, 30],
  [30, 100],
  [100, 200],
] as const;

const PHOTOGRAPHS = 36;

/** The bin that a quick evaluation makes do with. */
const QUICK_BIN = 2;

export interface FrameResult {
  readonly photo: string;
  readonly set: string;
  readonly variant: VariantName;
  readonly bin: number;
  /** True radius, px. */
  readonly radius: Pixels;
  readonly frame: FrameEstimate;
  /** The window in the middle of the frame, of every size. */
  readonly windows: readonly WindowResult[];
}

export interface WindowResult {
  readonly size: Pixels;
  readonly logRadius: number;
  readonly logRadiusStd: number;
  readonly textured: boolean;
}

export async function studyAccuracy(evaluation: Evaluation): Promise<FrameResult[]> {
  const { lens, networks, estimate, seed, quick } = evaluation;
  const count = quick ? 1 : PHOTOGRAPHS;
  const photographs = await usablePhotographs(evaluation.photographs, count, "512", lens);
  const reader = await networks.defocus();
  const bins = BINS.map((_, bin) => bin).filter((bin) => !quick || bin === QUICK_BIN);
  const jobs = photographs.flatMap((photograph, index) => bins.map((bin) => ({ photograph, index, bin })));
  const advance = evaluation.progress("radius", jobs.length);
  const results = await concurrently(jobs, async ({ photograph, index, bin }) => {
    const random = seededRandom(mix(seed, index, bin));
    const radius = drawRadius(bin, random);
    const own: FrameResult[] = [];
    for await (const { variant, gray } of photographed(photograph, radius, random))
      own.push({
        ...{ photo: photograph.name, set: photograph.set, variant, bin, radius },
        frame: await estimate(gray),
        windows: await readMiddle(reader, gray),
      });
    advance();
    return own;
  });
  return results.flat();
}

/** One blur a shape of aperture; the variants of the disk share theirs. */
async function* photographed(
  { gray }: LoadedPhotograph,
  radius: Pixels,
  random: Random,
): AsyncGenerator<{ variant: VariantName; gray: ImageU8 }> {
  const scene = sampleFrame(gray, LARGEST_REACH * Math.max(radius, 0.5), random);
  const lights = new Map<Aperture, ImageF32>();
  for (const variant of VARIANT_NAMES) {
    const { aperture: draw, photograph } = VARIANTS[variant];
    const aperture = draw(random);
    const light = lights.get(aperture) ?? renderFrame(scene, aperture, radius);
    lights.set(aperture, light);
    yield { variant, gray: await photograph(light, radius, random) };
  }
}

async function readMiddle(reader: DefocusReader, gray: ImageU8): Promise<WindowResult[]> {
  const windows = reader.sizes
    .filter((size) => size <= Math.min(gray.width, gray.height))
    .map((size) => centralRoi(gray.width, gray.height, 0, size));
  const readings = await reader.read(gray, windows);
  return readings.map(({ logRadius, logRadiusStd, textured }, index) => ({
    size: windows[index]?.width ?? NaN,
    logRadius,
    logRadiusStd,
    textured,
  }));
}

function drawRadius(bin: number, random: Random): Pixels {
  const [low, high] = BINS[bin] as (typeof BINS)[number];
  const at = random.next();
  return low === 0 ? high * at : low * (high / low) ** at;
}

/** Of an estimate: relative from 3 px, in pixels below. NaN where there is none. */
export function radiusError(estimate: Pixels | null, radius: Pixels): number {
  if (estimate === null) return NaN;
  return radius < BINS[2][0] ? estimate - radius : estimate / radius - 1;
}

export function windowError(window: WindowResult, radius: Pixels): number {
  return radiusError(window.textured ? radiusOf(window.logRadius) : null, radius);
}
