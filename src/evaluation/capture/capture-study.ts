/**
 * Ways to plan an all-in-focus capture on the same simulated scenes: frames, travel, what was in focus in a frame that is
 * fused, and the picture that comes out against the scene without blur and noise.
 *
 * A patch of the scene counts as textured by its contrast in the sharp picture, as even where it holds one depth of field at
 * most, and as covered where the median of its in-focus positions lies within the depth of field of a frame fused.
 */
import { psnr } from "../../algorithms/fusion/metrics/psnr.ts";
import { ssim } from "../../algorithms/fusion/metrics/ssim.ts";
import { StackFusion } from "../../algorithms/fusion/stack/stack-fusion.ts";
import { unitRange } from "../../algorithms/fusion/unit-range.ts";
import { imscale } from "../../algorithms/optics/defocus-model.ts";
import type { LensModel } from "../../algorithms/optics/lens-model.ts";
import { PLANNER_NAMES, PLANNERS, type PlannerName } from "../../algorithms/planning/index.ts";
import { patchGrid } from "../../algorithms/rois/patch-grid.ts";
import { crop, image, type ImageF32, type ImageU8 } from "../../core/image.ts";
import { expose, focusMeasure, toGray, toGrayF32 } from "../../core/native/index.ts";
import type { Roi } from "../../core/roi.ts";
import type { Steps } from "../../core/units.ts";
import { DepthScene } from "../../drivers/simulator/depth-scene.ts";
import { throughPinhole } from "../../drivers/simulator/pinhole.ts";
import { GOOD_LIGHT } from "../../drivers/simulator/simulated-camera.ts";
import { toEightBit } from "../../io/picture.ts";
import type { DefocusReader } from "../../pipeline/networks.ts";
import { planCapture, type PlanCamera, type PlanRun, type TakenFrame } from "../../pipeline/plan-capture.ts";
import type { StartProgress } from "../part.ts";
import { captureScene, SCENE_KINDS, type CaptureScene, type SceneKindName } from "./capture-scenes.ts";

const SIZE = { width: 720, height: 540 } as const;
/** Where the lens starts, as shares of its range. */
const STARTS = [0.1, 0.45, 0.8] as const;
const SCENES_A_KIND = 2;
/** Contrast (squared gradient, 0..1) of a patch of the sharp picture from which it counts as textured. */
const TEXTURED = 2e-4;
/** Patches of the truth, px. */
const PATCH = { size: 128, stride: 64 } as const;
/** Pixels at the border of the frame that are not compared: blur brings in what lies outside. */
const BORDER = 16;

export interface CaptureResult {
  readonly kind: CaptureScene["kind"];
  readonly seed: number;
  readonly start: Steps;
  readonly planner: PlannerName;
  /** All frames looked at or taken, and those that are fused. */
  readonly frames: number;
  readonly fused: number;
  readonly travel: Steps;
  /** Shares of the textured patches: of all, of those at one depth; and of the pixels of textured patches. */
  readonly covered: number;
  readonly coveredEven: number;
  readonly coveredPixels: number;
  /** Against the scene without blur and noise, dB; NaN where pictures are not compared. */
  readonly psnr: number;
  readonly ssim: number;
}

export async function studyCapture(
  lens: LensModel,
  reader: DefocusReader,
  seed: number,
  quick: boolean,
  progress: StartProgress,
  photographed: readonly CaptureScene[] = [],
): Promise<readonly CaptureResult[]> {
  const size = quick ? { width: 360, height: 270 } : SIZE;
  const kinds: readonly SceneKindName[] = quick ? ["plateaus"] : SCENE_KINDS;
  const seeds = Array.from({ length: quick ? 1 : SCENES_A_KIND }, (_, index) => seed + index);
  const scenes = [
    ...kinds.flatMap((kind) => seeds.map((each) => () => captureScene(kind, each, lens, size))),
    ...(quick ? photographed.slice(0, 1) : photographed).map((scene) => () => scene),
  ];
  const starts = quick ? STARTS.slice(0, 1) : STARTS;
  const advance = progress("capture", scenes.length * starts.length * PLANNER_NAMES.length);
  const results: CaptureResult[] = [];
  for (const make of scenes) {
    const scene = make();
    const { kind, seed: each } = scene;
    const patches = await truthOf(scene, lens);
    const take = shutter(scene, lens);
    for (const [index, share] of starts.entries()) {
      const start = Math.round(lens.range.min + share * (lens.range.max - lens.range.min));
      for (const planner of PLANNER_NAMES) {
        const run = await planCapture(PLANNERS[planner], { lens, start, take }, { reader, maxFrames: 200 });
        // Pictures are compared for the first start only: they depend on the positions, not on the way there.
        const likeness = index === 0 ? await compare(scene, lens, run) : { psnr: NaN, ssim: NaN };
        results.push({
          ...{ kind, seed: each, start, planner },
          frames: run.frames.length,
          fused: run.fuse.length,
          travel: run.travel,
          ...coverage(patches, fusedFrames(run), lens),
          ...likeness,
        });
        advance();
      }
    }
  }
  return results;
}

/** Frames of a scene; each position is rendered once, as most planners ask for the same ones. */
function shutter(scene: CaptureScene, lens: LensModel): PlanCamera["take"] {
  const seen = new DepthScene(scene.picture, scene.focus, { lens, reference: lens.range.min });
  const taken = new Map<Steps, Promise<TakenFrame>>();
  const shoot = async (position: Steps): Promise<TakenFrame> => {
    const seed = 1000 * scene.seed + Math.round(position);
    return { position, picture: await expose(await seen.render(position), { ...GOOD_LIGHT, seed }) };
  };
  return (position) => {
    const frame = taken.get(position) ?? shoot(position);
    taken.set(position, frame);
    return frame;
  };
}

/** In-focus positions of the pixels of each textured patch, every eighth in both directions, ascending. */
async function truthOf(scene: CaptureScene, lens: LensModel): Promise<readonly Float32Array[]> {
  const { picture, focus } = scene;
  const sharp = await toGray(await exposed(picture));
  const { size, stride } = PATCH;
  const truth: Float32Array[] = [];
  for (const patch of patchGrid(picture.width, picture.height, size, stride).patches)
    if ((await focusMeasure("squared-gradient", sharp, patch)) >= TEXTURED)
      truth.push(
        sampled(focus, patch)
          .map((z) => Math.min(lens.range.max, Math.max(lens.range.min, z)))
          .sort(),
      );
  return truth;
}

function sampled({ width, data }: ImageF32, { x, y, width: side }: Roi): Float32Array {
  const values: number[] = [];
  for (let row = y; row < y + side; row += 8)
    for (let column = x; column < x + side; column += 8) values.push(data[row * width + column] as number);
  return Float32Array.from(values);
}

function coverage(
  patches: readonly Float32Array[],
  frames: readonly TakenFrame[],
  lens: LensModel,
): Pick<CaptureResult, "covered" | "coveredEven" | "coveredPixels"> {
  const isSharp = (z0: Steps): boolean =>
    frames.some(({ position }) => Math.abs(position - z0) <= lens.depthOfField(position));
  const at = (values: Float32Array, share: number): Steps =>
    values[Math.floor(share * (values.length - 1))] as Steps;
  const share = (of: readonly number[]): number =>
    of.length === 0 ? 1 : of.filter(isSharp).length / of.length;
  const even = patches.filter(
    (each) => at(each, 0.95) - at(each, 0.05) <= 2 * lens.depthOfField(at(each, 0.5)),
  );
  return {
    covered: share(patches.map((each) => at(each, 0.5))),
    coveredEven: share(even.map((each) => at(each, 0.5))),
    coveredPixels: share(patches.flatMap((each) => [...each])),
  };
}

/** The fused picture against what a camera without blur and noise would see, in the geometry of the first frame fused. */
async function compare(
  scene: CaptureScene,
  lens: LensModel,
  run: PlanRun,
): Promise<Pick<CaptureResult, "psnr" | "ssim">> {
  const frames = [...fusedFrames(run)].sort((a, b) => a.position - b.position);
  const reference = (frames[0] as TakenFrame).position;
  const fusion = new StackFusion();
  for (const { picture, position } of frames)
    await fusion.add(await imscale(await unitRange(picture), lens.scale(position, reference)), position);
  const { fused } = await fusion.finish();
  const view = throughPinhole({ lens, reference: lens.range.min });
  const truth = await exposed(await new DepthScene(scene.picture, scene.focus, view).render(reference));
  const [a, b] = [inner(await unitRange(truth)), inner(fused)];
  return { psnr: psnr(a, b, 1), ssim: ssim(await gray(a), await gray(b)) };
}

function fusedFrames({ frames, fuse }: PlanRun): readonly TakenFrame[] {
  return fuse.map((index) => frames[index] as TakenFrame);
}

/** Camera values of light, without noise. */
function exposed(light: ImageF32): Promise<ImageU8> {
  return expose(light, { ...GOOD_LIGHT, shotNoise: 0, readNoise: 0, seed: 0 });
}

function inner(picture: ImageF32): ImageF32 {
  const { width, height } = picture;
  return crop(picture, { x: BORDER, y: BORDER, width: width - 2 * BORDER, height: height - 2 * BORDER });
}

async function gray({ width, height, channels, data }: ImageF32): Promise<ImageF32> {
  const stored = toEightBit(
    image(
      width,
      height,
      channels,
      Uint16Array.from(data, (value) => 65535 * value),
    ),
  );
  return toGrayF32(await toGray(stored));
}
