/** Which camera `stack` and `focus --regions` work on: a simulated one or a recorded stack. */
import path from "node:path";
import type { LensModel } from "../../algorithms/optics/lens-model.ts";
import { AutofocusError, expected } from "../../core/errors.ts";
import type { Steps } from "../../core/units.ts";
import { openStack } from "../../drivers/replay/focal-stack.ts";
import { loadLens } from "../../io/lens-file.ts";
import type { DefocusReader } from "../../pipeline/networks.ts";
import type { PlanCamera } from "../../pipeline/plan-capture.ts";
import { Progress } from "../context.ts";
import type { AlignBy } from "./fuse-capture.ts";
import { lensOfStack, recordedCamera } from "./recorded-source.ts";
import { photoCamera, sceneCamera, type SceneName } from "./simulated-source.ts";

/** Options of the command line that name a source. */
export interface SourceOptions {
  readonly scene?: SceneName;
  readonly photo?: string;
  readonly depth?: string;
  readonly stack?: string;
  readonly lens?: string;
  readonly start?: Steps;
  readonly seed: number;
}

/** Of the simulated camera where none is named. */
const SIMULATED_LENS = "ca378-vcm";

/** Where the simulated lens starts unless told, as a share of its range. */
const START = 0.45;

export interface Source {
  readonly camera: PlanCamera;
  /** How its frames are best aligned. */
  readonly align: AlignBy;
  /** For the report. */
  readonly source: string;
}

/** @throws AutofocusError `invalid_input`, `io`, `invalid_image`, `invalid_lens_file`, and what measuring the lens of a stack throws. */
export async function openSource(options: SourceOptions, reader: DefocusReader): Promise<Source> {
  const { scene, photo, depth, stack: folder, start, seed } = options;
  if (depth !== undefined && photo === undefined)
    throw expected("invalid_input", "--photo", "--depth", undefined);
  if (folder !== undefined) {
    const stack = await openStack(folder);
    const progress = new Progress("measuring the lens", stack.positions.length);
    const lens =
      options.lens === undefined
        ? await lensOfStack(stack, reader, () => progress.advance())
        : await loadLens(options.lens);
    const camera = recordedCamera(stack, lens, start);
    return { camera, align: "pictures", source: path.basename(folder) };
  }
  const lens = await loadLens(options.lens ?? SIMULATED_LENS);
  const simulation = { lens, start: startWithin(lens, start), seed };
  const align = "lens";
  if (photo !== undefined) {
    if (depth === undefined) throw expected("invalid_input", "a picture", "--depth", undefined);
    return { camera: await photoCamera(photo, depth, simulation), align, source: path.basename(photo) };
  }
  if (scene === undefined)
    throw new AutofocusError("invalid_input", "Expected one of --scene, --photo and --stack.", {
      cure: "For example --scene shelf, or --stack with a folder of numbered frames.",
    });
  return { camera: sceneCamera(scene, simulation), align, source: `${scene} ${seed}` };
}

function startWithin({ name, range: { min, max } }: LensModel, start?: Steps): Steps {
  if (start === undefined) return Math.round(min + START * (max - min));
  if (start >= min && start <= max) return start;
  throw expected("invalid_input", `a position from ${min} to ${max} (${name})`, "--start", start);
}
