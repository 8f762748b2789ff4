/**
 * Simulated focal stacks of procedural rooms, whose sharp picture and focus positions are known. The lens does not breathe, so
 * that programs which do not align are not at a disadvantage.
 */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { psnr } from "../../algorithms/fusion/metrics/psnr.ts";
import { ssim } from "../../algorithms/fusion/metrics/ssim.ts";
import { StackFusion } from "../../algorithms/fusion/stack/stack-fusion.ts";
import type { LensModel } from "../../algorithms/optics/lens-model.ts";
import type { ImageU8 } from "../../core/image.ts";
import { expose, toGray, toGrayF32 } from "../../core/native/index.ts";
import { seededRandom } from "../../core/random.ts";
import type { Milliseconds, Steps } from "../../core/units.ts";
import { DepthScene } from "../../drivers/simulator/depth-scene.ts";
import { deepScene } from "../../drivers/simulator/procedural/deep-scene.ts";
import { readPicture, toEightBit, writePicture } from "../../io/picture.ts";
import type { StartProgress } from "../part.ts";
import { share } from "../statistics.ts";
import { fuseFiles, fusersIn, type Fuser } from "./fusers.ts";

/** How much is rendered: as published, and to see that it runs. */
const WHOLE = { scenes: 4, frames: 12, width: 640, height: 480 };
const QUICK = { scenes: 1, frames: 6, width: 160, height: 120 };
type Extent = typeof WHOLE;

const CAMERA = { gain: 1, gamma: 2.2, shotNoise: 8000, readNoise: 0.002, seed: 1 };
const NOISELESS = { ...CAMERA, shotNoise: 0, readNoise: 0 };

export interface SimulatedResult {
  readonly scene: number;
  readonly fuser: string;
  readonly milliseconds: Milliseconds;
  /** Against the sharp scene, dB. */
  readonly psnr: number;
  readonly ssim: number;
}

export interface SimulatedStacks {
  readonly frames: number;
  readonly results: readonly SimulatedResult[];
  /** Of every scene, the share of pixels whose focus position `fuse --depth` finds to within one frame. */
  readonly depthWithinOne: readonly number[];
}

export async function studySimulated(
  lens: LensModel,
  all: readonly Fuser[],
  seed: number,
  quick: boolean,
  progress: StartProgress,
): Promise<SimulatedStacks> {
  const fusers = fusersIn("simulated", all);
  const extent = quick ? QUICK : WHOLE;
  const { scenes, frames } = extent;
  const advance = progress("fusion of simulated stacks", scenes * fusers.length);
  const results: SimulatedResult[] = [];
  const depthWithinOne: number[] = [];
  for (let scene = 0; scene < scenes; scene++) {
    const folder = await mkdtemp(path.join(os.tmpdir(), "simulated-"));
    try {
      const { truth, files, isWithinOne } = await shoot(lens, seed + scene, extent, folder);
      depthWithinOne.push(await isWithinOne());
      for (const fuser of fusers) {
        const out = path.join(folder, "fused.png");
        const milliseconds = await fuseFiles(fuser, files, out);
        if (milliseconds !== undefined) {
          const fused = toEightBit(await readPicture(out, { channels: 3 }));
          if (fused.width === truth.width && fused.height === truth.height)
            results.push({ scene, fuser: fuser.name, milliseconds, ...(await likeness(fused, truth)) });
        }
        advance();
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  }
  return { frames, results, depthWithinOne };
}

async function likeness(fused: ImageU8, truth: ImageU8): Promise<{ psnr: number; ssim: number }> {
  const [a, b] = await Promise.all([gray(fused), gray(truth)]);
  return { psnr: psnr(fused, truth, 255), ssim: ssim(a, b) };
}

async function gray(picture: ImageU8): ReturnType<typeof toGrayF32> {
  return toGrayF32(await toGray(picture));
}

interface Shot {
  readonly truth: ImageU8;
  readonly files: readonly string[];
  readonly isWithinOne: () => Promise<number>;
}

/** A stack of frames at positions that divide the range of the lens evenly. */
async function shoot(original: LensModel, seed: number, extent: Extent, folder: string): Promise<Shot> {
  const { width, height } = extent;
  const lens = withoutBreathing(original.resized(width / original.frame.width));
  const { picture, focus } = deepScene({ width, height, channels: 3, lens, random: seededRandom(seed) });
  const { min, max } = lens.range;
  const step = (max - min) / (extent.frames - 1);
  const positions = Array.from({ length: extent.frames }, (_, i): Steps => min + i * step);
  const scene = new DepthScene(picture, focus, { lens, reference: min });
  const frames: ImageU8[] = [];
  for (const [i, position] of positions.entries())
    frames.push(await expose(await scene.render(position), { ...CAMERA, seed: 100 * seed + i }));
  const files = frames.map((_, i) => path.join(folder, `frame-${String(i).padStart(2, "0")}.png`));
  await Promise.all(frames.map((frame, i) => writePicture(files[i] as string, frame)));
  const isWithinOne = async (): Promise<number> => {
    const fusion = new StackFusion();
    for (const [i, frame] of frames.entries()) await fusion.add(frame, positions[i] as Steps);
    const { position } = await fusion.depth();
    const errors = Array.from(position.data, (z, i) => Math.abs(z - (focus.data[i] as number)));
    return share(errors, (error) => error <= step);
  };
  return { truth: await expose(picture, NOISELESS), files, isWithinOne };
}

function withoutBreathing(lens: LensModel): LensModel {
  return {
    name: lens.name,
    range: lens.range,
    frame: lens.frame,
    radius: (z0, z) => lens.radius(z0, z),
    scale: () => 1,
    candidates: (radius, z) => lens.candidates(radius, z),
    depthOfField: (z) => lens.depthOfField(z),
    dioptres: (z0) => lens.dioptres(z0),
    resized: (factor) => withoutBreathing(lens.resized(factor)),
  };
}
