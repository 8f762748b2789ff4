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
import { bestChoice } from "./best-choice.ts";
import { fuseFiles, fusersIn, type Fuser } from "./fusers.ts";

/**
 * How much is rendered: as published, and to see that it runs. Of twelve frames, what lies halfway between two positions is
 * blurred by 1.25 px in both, and no choice among them is sharp there; of twice as many, by half of that.
 */
const WHOLE = { scenes: 4, frames: [12, 24], width: 640, height: 480 };
const QUICK = { scenes: 1, frames: [6], width: 160, height: 120 };

/** Of one stack. */
interface Extent {
  readonly frames: number;
  readonly width: number;
  readonly height: number;
}

const CAMERA = { gain: 1, gamma: 2.2, shotNoise: 8000, readNoise: 0.002, seed: 1 };
const NOISELESS = { ...CAMERA, shotNoise: 0, readNoise: 0 };

/** A fused picture beside the sharp scene. */
interface Likeness {
  /** dB */
  readonly psnr: number;
  readonly ssim: number;
}

export interface SimulatedResult extends Likeness {
  readonly scene: number;
  readonly fuser: string;
  readonly milliseconds: Milliseconds;
}

/** Stacks of one number of frames. */
export interface SimulatedStacks {
  readonly frames: number;
  readonly results: readonly SimulatedResult[];
  /** Of every scene, what the best choice among its frames comes to (best-choice.ts). */
  readonly best: readonly Likeness[];
  /** Of every scene, the share of pixels whose focus position `fuse --depth` finds to within one frame. */
  readonly depthWithinOne: readonly number[];
}

/** Of the same scenes in stacks of several numbers of frames. */
export async function studySimulated(
  lens: LensModel,
  all: readonly Fuser[],
  seed: number,
  quick: boolean,
  progress: StartProgress,
): Promise<SimulatedStacks[]> {
  const fusers = fusersIn("simulated", all);
  const { scenes, frames, ...size } = quick ? QUICK : WHOLE;
  const advance = progress("fusion of simulated stacks", frames.length * scenes * fusers.length);
  const stacks: SimulatedStacks[] = [];
  for (const count of frames) {
    const shots = Array.from(
      { length: scenes },
      (_, scene) => (folder: string) => shoot(lens, seed + scene, { ...size, frames: count }, folder),
    );
    stacks.push({ frames: count, ...(await fuseAll(shots, fusers, advance)) });
  }
  return stacks;
}

/** What each program makes of each scene, which is rendered into the folder it is given. */
async function fuseAll(
  shots: readonly ((folder: string) => Promise<Shot>)[],
  fusers: readonly Fuser[],
  advance: () => void,
): Promise<Omit<SimulatedStacks, "frames">> {
  const results: SimulatedResult[] = [];
  const best: Likeness[] = [];
  const depthWithinOne: number[] = [];
  for (const [scene, shoot] of shots.entries()) {
    const folder = await mkdtemp(path.join(os.tmpdir(), "simulated-"));
    try {
      const { truth, frames, files, isWithinOne } = await shoot(folder);
      best.push(await likeness(await bestChoice(frames, truth), truth));
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
  return { results, best, depthWithinOne };
}

async function likeness(fused: ImageU8, truth: ImageU8): Promise<Likeness> {
  const [a, b] = await Promise.all([gray(fused), gray(truth)]);
  return { psnr: psnr(fused, truth, 255), ssim: ssim(a, b) };
}

async function gray(picture: ImageU8): ReturnType<typeof toGrayF32> {
  return toGrayF32(await toGray(picture));
}

interface Shot {
  readonly truth: ImageU8;
  readonly frames: readonly ImageU8[];
  readonly files: readonly string[];
  readonly isWithinOne: () => Promise<number>;
}

/** A stack of frames at positions that divide the range of the lens evenly. */
async function shoot(original: LensModel, seed: number, extent: Extent, folder: string): Promise<Shot> {
  const { width, height, frames: count } = extent;
  const lens = withoutBreathing(original.resized(width / original.frame.width));
  const { picture, focus } = deepScene({ width, height, channels: 3, lens, random: seededRandom(seed) });
  const { min, max } = lens.range;
  const step = (max - min) / (count - 1);
  const positions = Array.from({ length: count }, (_, i): Steps => min + i * step);
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
  return { truth: await expose(picture, NOISELESS), frames, files, isWithinOne };
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
