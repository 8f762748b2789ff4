/**
 * Films on disk, for training the blending network: per film `film-NNNNN.npy` (float32, frames x (planes + 3) x rows x
 * columns: the features, then a, b and c of blend-error.ts), and `manifest.json` with how they were made.
 *
 * Each film has its own seed and is written under another name first, so an interrupted run goes on where it stopped.
 */
import { access, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import {
  FEATURE_PLANES,
  FEATURES_VERSION,
  type Weigher,
} from "../../algorithms/fusion/streaming/features.ts";
import type { LensModel } from "../../algorithms/optics/lens-model.ts";
import { AutofocusError } from "../../core/errors.ts";
import { seededRandom, uniform } from "../../core/random.ts";
import type { Pixels } from "../../core/units.ts";
import type { Source } from "../draw-patches.ts";
import { writeNpy } from "../npy.ts";
import { film, type Example } from "./film.ts";

export interface FilmsInput {
  readonly directory: string;
  readonly films: number;
  readonly seed: number;
  readonly sources: readonly Source[];
  readonly lens: LensModel;
  /** Who weighs while filming; undefined: nearly the best weights. */
  readonly weigh: Weigher | undefined;
  /** Called after each film, also for one that was there already. */
  readonly onFilm: () => void;
}

/** Frames fused in a film. */
const FRAMES = 7;

/** Sizes of frames and their shares: 1, 2 and 3 px of the frame to the pixel that motion is found on. */
const FORMATS: readonly { readonly width: Pixels; readonly height: Pixels; readonly share: number }[] = [
  { width: 448, height: 256, share: 0.65 },
  { width: 832, height: 464, share: 0.25 },
  { width: 1280, height: 720, share: 0.1 },
];

/** Blur of the lens relative to its file: smaller and larger pixels, shorter and longer lenses. */
const BLUR = [0.15, 1] as const;

/** @throws AutofocusError `io` when the folder cannot be written, and what filming throws. */
export async function writeFilms(input: FilmsInput): Promise<void> {
  const { directory, films, seed, sources, lens } = input;
  await written(directory, async () => {
    await mkdir(directory, { recursive: true });
    const plan = {
      featuresVersion: FEATURES_VERSION,
      planes: FEATURE_PLANES,
      films,
      seed,
      lens: lens.name,
      sources: sources.map(({ name }) => name),
    };
    await writeFile(path.join(directory, "manifest.json"), `${JSON.stringify(plan, undefined, 2)}\n`);
  });
  for (let index = 0; index < films; index++) {
    const file = path.join(directory, `film-${String(index).padStart(5, "0")}.npy`);
    if (!(await exists(file))) {
      const examples = await filmNumber(index, input);
      await written(directory, () => writeNpy(file, asArray(examples)));
    }
    input.onFilm();
  }
}

function filmNumber(index: number, { seed, sources, lens, weigh }: FilmsInput): Promise<Example[]> {
  const random = seededRandom(seed * 1_000_003 + index);
  let chance = random.next();
  const format = FORMATS.find(({ share }) => (chance -= share) < 0) ?? FORMATS[0]!;
  const { width, height } = format;
  const seen = lens.resized(uniform(random, ...BLUR));
  return film({ sources, lens: seen, width, height, frames: FRAMES, weigh }, random);
}

function asArray(examples: readonly Example[]): { shape: readonly number[]; data: Float32Array } {
  const { rows, columns } = examples[0]!;
  const planes = FEATURE_PLANES.length + 3;
  const data = new Float32Array(examples.length * planes * rows * columns);
  let at = 0;
  for (const { planes: features, error } of examples)
    for (const part of [features, error.a, error.b, error.c]) {
      data.set(part, at);
      at += part.length;
    }
  return { shape: [examples.length, planes, rows, columns], data };
}

async function written(directory: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AutofocusError("io", `Cannot write the films in ${directory}: ${reason}`, {
      cure: "Check that the folder may be written to and that the disk has room (10 MB a film).",
      cause,
    });
  }
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
