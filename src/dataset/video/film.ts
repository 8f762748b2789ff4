/** Films one moving scene as the fusion would see it, and keeps what the blending network is taught by. */
import { StreamingFusion, videoReference } from "../../algorithms/fusion/streaming/streaming-fusion.ts";
import type { Weigher } from "../../algorithms/fusion/streaming/features.ts";
import type { FocusHint } from "../../algorithms/fusion/streaming/focus-hint.ts";
import { scalesOf } from "../../algorithms/fusion/streaming/scales.ts";
import type { LensModel } from "../../algorithms/optics/lens-model.ts";
import { patchGrid } from "../../algorithms/rois/patch-grid.ts";
import type { ImageU8 } from "../../core/image.ts";
import { expose } from "../../core/native/index.ts";
import { normal, uniform, uniformInt, type Random } from "../../core/random.ts";
import type { Milliseconds, Pixels, Steps } from "../../core/units.ts";
import type { Scene } from "../../drivers/simulator/scene.ts";
import type { Source } from "../draw-patches.ts";
import { bestWeights, blendError, type BlendError } from "./blend-error.ts";
import { drawScene, type MovingScene } from "./draw-scene.ts";

/** One frame that was fused: what is known of it, and how good each weight would have been. */
export interface Example {
  readonly columns: number;
  readonly rows: number;
  readonly planes: Float32Array;
  readonly error: BlendError;
}

export interface FilmOptions {
  readonly sources: readonly Source[];
  readonly lens: LensModel;
  readonly width: Pixels;
  readonly height: Pixels;
  /** Frames fused after the first. */
  readonly frames: number;
  /** Who weighs while filming; the best weights when nobody does. */
  readonly weigh: Weigher | undefined;
}

const INTERVAL: Milliseconds = 100;
const PATCH: Pixels = 128;
/** Shares of films without readings, with a cut in the middle, and of readings that are wrong or missing. */
const WITHOUT_HINTS = 0.25;
const WITH_CUT = 0.08;
const MISREAD = 0.05;
const UNREAD = 0.15;

export async function film(options: FilmOptions, random: Random): Promise<Example[]> {
  const { sources, lens, width, height, frames, weigh } = options;
  const examples: Example[] = [];
  const scales = scalesOf(options);
  let truth: ImageU8 | undefined;
  const fusion = new StreamingFusion(lens, async (features, pair) => {
    const error = blendError(pair, truth!, scales);
    examples.push({ ...features, error });
    return weigh === undefined ? softened(bestWeights(error), random) : weigh(features, pair);
  });
  const draw = (): Promise<MovingScene> =>
    drawScene(sources, { width, height, lens, reference: videoReference(lens), interval: INTERVAL }, random);
  let shot = await draw();
  const cutAt = random.next() < WITH_CUT ? uniformInt(random, 2, frames - 1) : -1;
  const hints = random.next() >= WITHOUT_HINTS;
  const noise = { gain: 1, gamma: 2.2, shotNoise: Math.exp(uniform(random, 6, 11)), readNoise: 0.002 };
  for (let index = 0; index <= frames; index++) {
    if (index === cutAt) shot = await draw();
    const time = index * INTERVAL;
    const z = drawPosition(shot.scene, lens, time, random);
    const [light, sharp] = await Promise.all([
      shot.scene.render(z, time),
      shot.sharp.render(videoReference(lens), time),
    ]);
    truth = await expose(sharp, { gain: 1, gamma: 2.2, shotNoise: 0, readNoise: 0, seed: 0 });
    const frame = await expose(light, { ...noise, seed: uniformInt(random, 0, 2 ** 31) });
    await fusion.add(frame, z, hints ? readHint(shot.scene, lens, time, random) : undefined);
  }
  return examples;
}

/** Where a strategy might go: where something is in focus, not always exactly. */
function drawPosition(scene: Scene, lens: LensModel, time: Milliseconds, random: Random): Steps {
  const { min, max } = lens.range;
  const window = {
    x: uniformInt(random, 0, scene.width - 2),
    y: uniformInt(random, 0, scene.height - 2),
    width: 2,
    height: 2,
  };
  const z = scene.trueFocus(window, time) + lens.depthOfField(min) * normal(random) * 0.5;
  return Math.min(max, Math.max(min, z));
}

/** What a strategy might know of the frame. */
function readHint(scene: Scene, lens: LensModel, time: Milliseconds, random: Random): FocusHint {
  const side = Math.min(PATCH, scene.width, scene.height);
  const grid = patchGrid(scene.width, scene.height, side, side / 2);
  const { min, max } = lens.range;
  const inFocusAt = grid.patches.map((patch) => {
    const chance = random.next();
    if (chance < UNREAD) return NaN;
    if (chance < UNREAD + MISREAD) return uniform(random, min, max);
    return scene.trueFocus(patch, time) + 0.5 * lens.depthOfField(min) * normal(random);
  });
  return { grid, inFocusAt };
}

/** Not quite the best weights, so that the pictures to learn from are not better than those at work. */
function softened(weights: Float32Array, random: Random): Float32Array {
  const share = uniform(random, 0, 0.3);
  return weights.map((weight) => (1 - share) * weight + share * random.next());
}
