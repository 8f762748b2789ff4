/** Which camera `stack` and `focus --regions` work on: a simulated one, a recorded stack, or one that is there. */
import path from "node:path";
import type { LensModel } from "../../algorithms/optics/lens-model.ts";
import { AutofocusError, expected } from "../../core/errors.ts";
import type { Steps } from "../../core/units.ts";
import { openStack } from "../../drivers/replay/focal-stack.ts";
import { loadLens } from "../../io/lens-file.ts";
import type { DefocusReader } from "../../pipeline/networks.ts";
import type { PlanCamera } from "../../pipeline/plan-capture.ts";
import { Progress } from "../context.ts";
import { openDevice } from "../device/open-device.ts";
import { deviceCamera } from "./device-source.ts";
import type { AlignBy } from "./fuse-capture.ts";
import { lensOfStack, recordedCamera } from "./recorded-source.ts";
import { photoCamera, sceneCamera, type SceneName } from "./simulated-source.ts";

/** Options of the command line that name a source. */
export interface SourceOptions {
  readonly scene?: SceneName;
  readonly photo?: string;
  readonly depth?: string;
  readonly stack?: string;
  readonly camera?: string;
  readonly lensDriver?: string;
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
  /** Lets go of what is open. */
  readonly close: () => Promise<void>;
}

/** @throws AutofocusError `invalid_input`, `io`, `invalid_image`, `invalid_lens_file`, and what measuring the lens of a stack throws. */
export async function openSource(options: SourceOptions, reader: DefocusReader): Promise<Source> {
  const { scene, photo, depth, stack: folder, start, seed } = options;
  if (depth !== undefined && photo === undefined)
    throw expected("invalid_input", "--photo", "--depth", undefined);
  if (options.camera !== undefined) return openDeviceSource(options.camera, options);
  if (options.lensDriver !== undefined)
    throw expected("invalid_input", "--camera", "--lens-driver", options.lensDriver);
  if (folder !== undefined) {
    const stack = await openStack(folder);
    const progress = new Progress("measuring the lens", stack.positions.length);
    const lens =
      options.lens === undefined
        ? await lensOfStack(stack, reader, () => progress.advance())
        : await loadLens(options.lens);
    const camera = recordedCamera(stack, lens, start);
    return { camera, align: "pictures", source: path.basename(folder), close: nothingOpen };
  }
  const lens = await loadLens(options.lens ?? SIMULATED_LENS);
  const simulation = { lens, start: startWithin(lens, start), seed };
  const align = "lens";
  if (photo !== undefined) {
    if (depth === undefined) throw expected("invalid_input", "a picture", "--depth", undefined);
    return {
      camera: await photoCamera(photo, depth, simulation),
      align,
      source: path.basename(photo),
      close: nothingOpen,
    };
  }
  if (scene === undefined)
    throw new AutofocusError("invalid_input", "Expected one of --scene, --photo, --stack and --camera.", {
      cure: "For example --scene shelf, or --stack with a folder of numbered frames.",
    });
  return { camera: sceneCamera(scene, simulation), align, source: `${scene} ${seed}`, close: nothingOpen };
}

const nothingOpen = (): Promise<void> => Promise.resolve();

async function openDeviceSource(
  camera: string,
  { lensDriver, lens: lensFile, start }: SourceOptions,
): Promise<Source> {
  if (lensDriver === undefined) throw expected("invalid_input", "--lens-driver", "--camera", camera);
  const { device, model, close } = await openDevice({ camera, lensDriver });
  try {
    const lens = await model(lensFile);
    const planned = await deviceCamera(device, lens, start === undefined ? start : startWithin(lens, start));
    return { camera: planned, align: "pictures", source: camera, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function startWithin({ name, range: { min, max } }: LensModel, start?: Steps): Steps {
  if (start === undefined) return Math.round(min + START * (max - min));
  if (start >= min && start <= max) return start;
  throw expected("invalid_input", `a position from ${min} to ${max} (${name})`, "--start", start);
}
