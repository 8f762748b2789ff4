/**
 * Paper 2, section 1 and Fig. 2: how far single frames are off, in distance and in sharpness, at every level of defocus.
 */
import type { LensModel } from "../../algorithms/optics/lens-model.ts";
import { sharpnessOf } from "../../algorithms/optics/sharpness-curve.ts";
import { radiusOf } from "../../algorithms/search/types.ts";
import type { ImageU8 } from "../../core/image.ts";
import type { Pixels, Steps } from "../../core/units.ts";
import type { Networks } from "../../pipeline/networks.ts";
import { concurrently } from "../concurrently.ts";
import type { Evaluation } from "../part.ts";
import { PhotoCamera } from "../photos/photo-camera.ts";
import { usablePhotographs } from "../photos/photographs.ts";
import { summariseFrame } from "../readings.ts";
import { mix } from "../seeds.ts";
import { deviation, mean, rms } from "../statistics.ts";
import type { SharpnessSource } from "./source.ts";

const PHOTOGRAPHS = 30;

/** Levels of defocus to either side of focus, steps. */
const OFFSETS: readonly Steps[] = [10, 20, 30, 50, 75, 100, 150, 200, 250, 300, 350, 400, 450, 500];

/** One frame at one level. */
export interface LevelFrame {
  /** Z - Z0. */
  readonly offset: Steps;
  readonly radius: Pixels;
  /** Estimated |Z0 - Z|, NaN where nothing can be read. */
  readonly distance: Steps;
  /** By the name of the source: what it said less what it should. */
  readonly sharpness: Readonly<Record<string, { readonly error: number; readonly rawError: number }>>;
}

export interface Level {
  readonly offset: Steps;
  readonly radius: Pixels;
  readonly frames: number;
  readonly distanceStd: Steps;
  readonly distanceRmse: Steps;
  /** Mean estimate less the truth. */
  readonly distanceBias: Steps;
  readonly sharpness: Readonly<Record<string, { readonly rmse: number; readonly rawRmse: number }>>;
}

export async function studyLevels(
  evaluation: Evaluation,
  sources: readonly SharpnessSource[],
): Promise<LevelFrame[]> {
  const { lens, networks, seed, quick } = evaluation;
  const photographs = await usablePhotographs(evaluation.photographs, quick ? 1 : PHOTOGRAPHS, "512", lens);
  const z0 = Math.round((lens.range.min + lens.range.max) / 2);
  const offsets = quick ? [100] : OFFSETS;
  const levels = [...offsets.map((offset) => -offset).reverse(), 0, ...offsets];
  const advance = evaluation.progress("levels of defocus", photographs.length);
  const frames = await concurrently(photographs, async ({ gray }, index) => {
    const camera = await PhotoCamera.create(gray, "512", lens, z0);
    const own: LevelFrame[] = [];
    for (const [level, offset] of levels.entries()) {
      const frame = await camera.capture(z0 + offset, mix(seed, index, level));
      const radius = lens.radius(z0, z0 + offset);
      own.push({
        offset,
        radius,
        distance: await distanceOf(frame, networks, lens, z0, z0 + offset),
        sharpness: await sharpnessErrors(frame, sources, sharpnessOf(radius)),
      });
    }
    advance();
    return own;
  });
  return frames.flat();
}

/** On the side where the focus is; beyond the range no distance is possible. */
async function distanceOf(
  frame: ImageU8,
  networks: Networks,
  lens: LensModel,
  z0: Steps,
  z: Steps,
): Promise<Steps> {
  const summary = await summariseFrame(networks, frame);
  if (summary === undefined) return NaN;
  const below = z0 < z;
  const found = lens
    .candidates(radiusOf(summary.logRadius), z)
    .find((each) => each === z || each < z === below);
  return Math.abs((found ?? (below ? lens.range.min : lens.range.max)) - z);
}

async function sharpnessErrors(
  frame: ImageU8,
  sources: readonly SharpnessSource[],
  truth: number,
): Promise<LevelFrame["sharpness"]> {
  const entries: [string, { error: number; rawError: number }][] = [];
  for (const source of sources) {
    const { value, raw } = await source.read(frame);
    entries.push([source.name, { error: value - truth, rawError: raw - truth }]);
  }
  return Object.fromEntries(entries);
}

/** The figures of each level, in the order of the offsets. */
export function summariseLevels(frames: readonly LevelFrame[]): Level[] {
  const offsets = [...new Set(frames.map(({ offset }) => offset))].sort((a, b) => a - b);
  return offsets.map((offset) => {
    const own = frames.filter((frame) => frame.offset === offset);
    const read = own.filter(({ distance }) => !Number.isNaN(distance));
    const distances = read.map(({ distance }) => distance);
    const names = Object.keys(own[0]?.sharpness ?? {});
    return {
      offset,
      radius: own[0]?.radius ?? NaN,
      frames: read.length,
      distanceStd: deviation(distances),
      distanceRmse: rms(distances.map((distance) => distance - Math.abs(offset))),
      distanceBias: mean(distances) - Math.abs(offset),
      sharpness: Object.fromEntries(
        names.map((name) => [
          name,
          {
            rmse: rms(read.map((frame) => frame.sharpness[name]?.error ?? NaN)),
            rawRmse: rms(read.map((frame) => frame.sharpness[name]?.rawError ?? NaN)),
          },
        ]),
      ),
    };
  });
}
