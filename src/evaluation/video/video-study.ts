/**
 * All-in-focus video (paper 1, section 6.2.3) of clips with assigned depth: what the picture is worth from frame to frame
 * when the focus stays where it is best, goes round, follows the strategy, and follows it with the frames fused.
 *
 * One move of the lens from frame to frame, as in the paper; every way sees the same clip with the same noise.
 */
import path from "node:path";
import { readdir } from "node:fs/promises";
import { psnr } from "../../algorithms/fusion/metrics/psnr.ts";
import { ssim } from "../../algorithms/fusion/metrics/ssim.ts";
import type { Weigher } from "../../algorithms/fusion/streaming/features.ts";
import type { FocusHint } from "../../algorithms/fusion/streaming/focus-hint.ts";
import { StreamingFusion } from "../../algorithms/fusion/streaming/streaming-fusion.ts";
import type { LensModel } from "../../algorithms/optics/lens-model.ts";
import type { Memory, Planner } from "../../algorithms/strategy/activation.ts";
import { strategyStart, strategyStep } from "../../algorithms/strategy/focus-strategy.ts";
import { AutofocusError } from "../../core/errors.ts";
import type { ImageU8 } from "../../core/image.ts";
import { toGray, toGrayF32 } from "../../core/native/index.ts";
import type { Steps } from "../../core/units.ts";
import { readPicture } from "../../io/picture.ts";
import { sceneGrid } from "../../pipeline/scene-grid.ts";
import type { Evaluation } from "../part.ts";
import { mean } from "../statistics.ts";
import { DEPTHS, FilmedClip, lensFor, type DepthName } from "./filmed-clip.ts";

export const WAYS = [
  "best fixed focus",
  "round robin",
  "strategy",
  "round robin, fused",
  "by age, fused",
  "k by motion, fused",
  "strategy, fused",
] as const;
export type Way = (typeof WAYS)[number];

export interface Quality {
  /** Against the sharp scene, dB: mean over the frames. */
  readonly psnr: number;
  /** Of luma. */
  readonly ssim: number;
}

export interface ClipResult {
  readonly clip: string;
  readonly depth: DepthName;
  readonly frames: number;
  readonly width: number;
  readonly height: number;
  readonly ways: Readonly<Record<Way, Quality>>;
  /** Of fusing one frame, ms: the median. */
  readonly milliseconds: number;
}

/** Frames used of a clip: what comes later is more of the same. */
const MOST_FRAMES = 16;
/** Frames that do not count: nothing has been fused yet. */
const WARM_UP = 3;
/** Positions tried for the best fixed focus. */
const FIXED = 5;

export async function studyVideo(
  { clips, lens, networks, quick, seed, progress }: Evaluation,
  weigh: Weigher,
): Promise<ClipResult[]> {
  const depths = (Object.keys(DEPTHS) as DepthName[]).slice(0, quick ? 1 : undefined);
  const advance = progress("filming", clips.length * depths.length);
  const results: ClipResult[] = [];
  for (const directory of clips) {
    const pictures = await framesOf(directory, quick ? 6 : MOST_FRAMES);
    const { width, height } = pictures[0] as ImageU8;
    const seen = lensFor(lens, width);
    for (const depth of depths) {
      const clip = new FilmedClip(pictures, depth, seen, seed);
      const judge = await judgeOf(clip);
      const times: number[] = [];
      const around = await goRound(clip);
      const reader = await networks.defocus();
      const planned = await followStrategy(clip, reader, { k: 1, planner: "histogram" });
      const aged = await followStrategy(clip, reader, { k: 1, planner: "age" });
      const adapted = await followStrategy(clip, reader, { k: "motion", planner: "histogram" });
      const ways: Record<Way, Quality> = {
        "best fixed focus": await bestFixed(clip, judge),
        "round robin": await judge(around.map(({ frame }) => frame)),
        strategy: await judge(planned.map(({ frame }) => frame)),
        "round robin, fused": await judge(await fuse(seen, around, weigh, [])),
        "by age, fused": await judge(await fuse(seen, aged, weigh, [])),
        "k by motion, fused": await judge(await fuse(seen, adapted, weigh, [])),
        "strategy, fused": await judge(await fuse(seen, planned, weigh, times)),
      };
      times.sort((a, b) => a - b);
      results.push({
        clip: path.basename(directory),
        depth,
        frames: clip.length,
        width,
        height,
        ways,
        milliseconds: times[times.length >> 1] as number,
      });
      advance();
    }
  }
  return results;
}

type Judge = (pictures: readonly ImageU8[]) => Promise<Quality>;

async function judgeOf(clip: FilmedClip): Promise<Judge> {
  const truths = await Promise.all(Array.from({ length: clip.length }, (_, index) => clip.truth(index)));
  const lumas = await Promise.all(truths.map(toGrayF32));
  return async (pictures) => {
    const counted = pictures.slice(WARM_UP);
    const grays = await Promise.all(counted.map(toGrayF32));
    return {
      psnr: mean(counted.map((each, index) => psnr(each, truths[index + WARM_UP] as ImageU8, 255))),
      ssim: mean(grays.map((each, index) => ssim(each, lumas[index + WARM_UP] as typeof each))),
    };
  };
}

function film(clip: FilmedClip, position: (index: number) => Steps): Promise<ImageU8[]> {
  return Promise.all(Array.from({ length: clip.length }, (_, index) => clip.frame(index, position(index))));
}

async function bestFixed(clip: FilmedClip, judge: Judge): Promise<Quality> {
  const { min, max } = clip.lens.range;
  let best: Quality = { psnr: -Infinity, ssim: NaN };
  for (let k = 0; k < FIXED; k++) {
    const z = min + ((k + 0.5) / FIXED) * (max - min);
    const quality = await judge(await film(clip, () => z));
    if (quality.psnr > best.psnr) best = quality;
  }
  return best;
}

interface Shot {
  readonly frame: ImageU8;
  readonly z: Steps;
  /** In-focus position of each patch as the strategy read it. */
  readonly hint?: FocusHint;
}

/** Through the range and again, a depth of field at a time. */
async function goRound(clip: FilmedClip): Promise<Shot[]> {
  const { lens } = clip;
  const { range } = lens;
  const count = Math.max(2, Math.ceil((range.max - range.min) / (2 * lens.depthOfField(range.min))));
  const position = (index: number): Steps =>
    range.min + (((index % count) + 0.5) / count) * (range.max - range.min);
  const frames = await film(clip, position);
  return frames.map((frame, index) => ({ frame, z: position(index) }));
}

async function followStrategy(
  clip: FilmedClip,
  reader: Awaited<ReturnType<Evaluation["networks"]["defocus"]>>,
  choice: { readonly k: Memory; readonly planner: Planner },
): Promise<Shot[]> {
  const { lens } = clip;
  const scene = { kind: "dynamic", ...choice } as const;
  let state = strategyStart(scene);
  let z = (lens.range.min + lens.range.max) / 2;
  const shots: Shot[] = [];
  for (let index = 0; index < clip.length; index++) {
    const frame = await clip.frame(index, z);
    const grid = sceneGrid(frame, reader.sizes, lens, { patchSize: 0, stride: 0 }, scene);
    const step = strategyStep(state, await reader.read(await toGray(frame), grid.patches), lens, z);
    shots.push({ frame, z, hint: { grid, inFocusAt: step.deviation.map((deviation) => z + deviation) } });
    state = step.state;
    if (step.next !== "complete") z = step.next;
  }
  return shots;
}

async function fuse(
  lens: LensModel,
  shots: readonly Shot[],
  weigh: Weigher,
  times: number[],
): Promise<ImageU8[]> {
  const fusion = new StreamingFusion(lens, weigh);
  const fused: ImageU8[] = [];
  for (const { frame, z, hint } of shots) {
    const begin = performance.now();
    fused.push(await fusion.add(frame, z, hint));
    times.push(performance.now() - begin);
  }
  return fused;
}

async function framesOf(directory: string, most: number): Promise<ImageU8[]> {
  const names = (await readdir(directory)).filter((name) => /\.(jpe?g|png)$/i.test(name)).sort();
  if (names.length <= WARM_UP)
    throw new AutofocusError("invalid_input", `There are only ${names.length} frames in ${directory}.`, {
      cure: `A clip has more than ${WARM_UP} frames, JPEG or PNG.`,
    });
  const pictures = await Promise.all(
    names.slice(0, most).map((name) => readPicture(path.join(directory, name), { channels: 3 })),
  );
  return pictures as ImageU8[];
}
