/**
 * Paper 1, Table 3: time per iteration of what focusing is made of, on one 512x512 window and one thread, and of a map over
 * whole frames, patch by patch and by the global networks of section 5.2.
 */
import { FocusPosterior } from "../../algorithms/search/focus-posterior.ts";
import { nextPosition } from "../../algorithms/search/next-position.ts";
import { patchGrid } from "../../algorithms/rois/patch-grid.ts";
import type { DefocusReading } from "../../algorithms/search/types.ts";
import { image, type ImageU8 } from "../../core/image.ts";
import { focusMeasure } from "../../core/native/index.ts";
import { seededRandom } from "../../core/random.ts";
import type { Roi } from "../../core/roi.ts";
import type { Milliseconds, Pixels } from "../../core/units.ts";
import { drawTexture } from "../../dataset/textures.ts";
import { DefocusEstimator } from "../../inference/defocus-estimator.ts";
import { GlobalPaperNetworks } from "../../inference/global-paper-networks.ts";
import { openPaperNetworks, PAPER_PATCH } from "../../inference/paper-models.ts";
import { PaperNetworks } from "../../inference/paper-networks.ts";
import { SharpnessEstimator } from "../../inference/sharpness-estimator.ts";
import type { Evaluation } from "../part.ts";
import { openCvTenengrad, type OpenCvTime } from "./opencv.ts";

const RUNS = 60;
const FRAME_RUNS = 5;

/** Distance between the patches of a map, px. */
export const STRIDE: Pixels = 128;

const FRAMES = [
  [512, 512],
  [1920, 1080],
  [3840, 2160],
] as const;

export interface PatchTime {
  readonly name: string;
  readonly milliseconds: Milliseconds;
}

export interface FrameTime {
  readonly width: Pixels;
  readonly height: Pixels;
  readonly patches: number;
  readonly patchWise: Milliseconds;
  readonly global: Milliseconds;
  /** The map of radii by the network of this package. */
  readonly defocus: Milliseconds;
  readonly sharpness: Milliseconds;
}

export interface SpeedFigures {
  readonly patch: readonly PatchTime[];
  readonly openCv: OpenCvTime | undefined;
  readonly frames: readonly FrameTime[];
}

export async function studySpeed(evaluation: Evaluation): Promise<SpeedFigures> {
  const sizes = evaluation.quick ? FRAMES.slice(0, 1) : FRAMES;
  const advance = evaluation.progress("speed", 1 + sizes.length);
  const patch = await patchTimes(evaluation);
  const openCv = await openCvTenengrad(evaluation.quick ? 5 : RUNS);
  advance();
  const frames: FrameTime[] = [];
  for (const [width, height] of sizes) {
    frames.push(await frameTimes(width, height, evaluation.quick ? 1 : FRAME_RUNS));
    advance();
  }
  return { patch, openCv, frames };
}

async function patchTimes({ lens, quick }: Evaluation): Promise<PatchTime[]> {
  const runs = quick ? 3 : RUNS;
  const gray = texture(PAPER_PATCH, PAPER_PATCH);
  const window: Roi = { x: 0, y: 0, width: PAPER_PATCH, height: PAPER_PATCH };
  const pair = await openPaperNetworks();
  const networks = await PaperNetworks.load();
  const estimator = await DefocusEstimator.load();
  const sharpness = await SharpnessEstimator.load();
  const inputs = { patch: { data: gray.data, dims: [1, 1, PAPER_PATCH, PAPER_PATCH] } };
  const middle = Math.round((lens.range.min + lens.range.max) / 2);
  const decide = (readings: readonly DefocusReading[]): void => {
    const posterior = new FocusPosterior(lens);
    posterior.observe(middle, readings);
    nextPosition(posterior, lens, lens.range, (z) => lens.depthOfField(z), middle, []);
  };
  const readings = await estimator.read(gray, [window]);
  const work: Readonly<Record<string, () => unknown>> = {
    "Tenengrad (traditional)": () => focusMeasure("tenengrad", gray, window),
    "step estimator": () => pair.estimator.run(inputs),
    "focus discriminator": () => pair.discriminator.run(inputs),
    "estimator and discriminator (proposed)": () => networks.read(gray, window),
    "radius network with its features": () => estimator.read(gray, [window]),
    "decision of `learned`": () => decide(readings),
    "sharpness network": () => sharpness.map(gray),
  };
  try {
    const times: PatchTime[] = [];
    for (const [name, run] of Object.entries(work))
      times.push({ name, milliseconds: await timed(runs, run) });
    return times;
  } finally {
    await Promise.all([pair, networks, estimator, sharpness].map((each) => each.dispose()));
  }
}

async function frameTimes(width: Pixels, height: Pixels, runs: number): Promise<FrameTime> {
  const gray = texture(width, height);
  const { patches } = patchGrid(width, height, PAPER_PATCH, STRIDE);
  const networks = await PaperNetworks.load();
  const global = await GlobalPaperNetworks.load();
  const estimator = await DefocusEstimator.load();
  const sharpness = await SharpnessEstimator.load();
  try {
    return {
      width,
      height,
      patches: patches.length,
      patchWise: await timed(runs, async () => {
        for (const patch of patches) await networks.read(gray, patch);
      }),
      global: await timed(runs, () => global.map(gray, STRIDE)),
      defocus: await timed(runs, () => estimator.read(gray, patches)),
      sharpness: await timed(runs, () => sharpness.map(gray)),
    };
  } finally {
    await Promise.all([networks, global, estimator, sharpness].map((each) => each.dispose()));
  }
}

/** The least time of several runs after one that does not count: what else the machine does only ever adds. */
async function timed(runs: number, work: () => unknown): Promise<Milliseconds> {
  await work();
  let least = Infinity;
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    await work();
    least = Math.min(least, performance.now() - start);
  }
  return least;
}

/** A procedural picture, repeated: times do not depend on what is seen. */
function texture(width: Pixels, height: Pixels): ImageU8 {
  const side = 512;
  const tile = drawTexture("leaves", side, seededRandom(1));
  const data = Uint8Array.from({ length: width * height }, (_, at) => {
    const [x, y] = [at % width, Math.floor(at / width)];
    return tile.data[(y % side) * side + (x % side)] as number;
  });
  return image(width, height, 1, data);
}
