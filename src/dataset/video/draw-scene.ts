/**
 * Moving scenes that the blending network learns from: a photograph that pans and bends, with its depths, before which pieces of
 * other photographs pass, each at its own depth.
 */
import { rangeEnds, type LensModel } from "../../algorithms/optics/lens-model.ts";
import { image, type ImageF32 } from "../../core/image.ts";
import type { Flow } from "../../core/native/index.ts";
import { uniform, uniformInt, type Random } from "../../core/random.ts";
import type { Milliseconds, Pixels, Steps } from "../../core/units.ts";
import { CutoutScene, type Cutout, type Pose } from "../../drivers/simulator/cutout-scene.ts";
import { DriftingScene, type Framing } from "../../drivers/simulator/drifting-scene.ts";
import { throughPinhole } from "../../drivers/simulator/pinhole.ts";
import type { Scene, View } from "../../drivers/simulator/scene.ts";
import type { Source } from "../draw-patches.ts";
import { sampleScene } from "../sample-scene.ts";
import { drawBend, drawFraming, drawSpeed } from "./draw-motion.ts";

export interface MovingScene {
  readonly scene: Scene;
  /** The same without blur. */
  readonly sharp: Scene;
}

export interface SceneOptions {
  readonly width: Pixels;
  readonly height: Pixels;
  /** Its radii speak of frames of this size. */
  readonly lens: LensModel;
  /** Position whose magnification the sharp scene has. */
  readonly reference: Steps;
  /** Time between two frames. */
  readonly interval: Milliseconds;
}

const GAMMA = 2.2;
/** The background is this much larger than the frame along either side, so that it can pan. */
const MARGIN = 1.5;
const MOST_CUTOUTS = 3;
/** Fastest cut-out, share of the width from frame to frame. */
const FASTEST_CUTOUT = 0.04;

export async function drawScene(
  sources: readonly Source[],
  options: SceneOptions,
  random: Random,
): Promise<MovingScene> {
  const { width, height, lens, reference, interval } = options;
  const size = { width: Math.round(MARGIN * width), height: Math.round(MARGIN * height) };
  const picture = await pieceOf(sources, size, random);
  const map = drawDepths(size, lens, random);
  const frameAt = drawFraming({ width, height }, size, random);
  const bendAt = drawBend({ width, height }, random);
  const framing = (time: Milliseconds): Framing => frameAt(time / interval);
  const bend = (time: Milliseconds): Flow => bendAt(time / interval);
  const cutouts: Cutout[] = [];
  for (let k = uniformInt(random, 0, MOST_CUTOUTS); k > 0; k--)
    cutouts.push(await drawCutout(sources, options, random));
  const make = (view: View): Scene =>
    new CutoutScene(new DriftingScene({ picture, map, width, height, view, framing, bend }), cutouts, view);
  const view: View = { lens, reference };
  return { scene: make(view), sharp: make(throughPinhole(view)) };
}

/** A random piece of a random picture, linear light, reduced so that it is sharp. */
async function pieceOf(
  sources: readonly Source[],
  { width, height }: { readonly width: Pixels; readonly height: Pixels },
  random: Random,
): Promise<ImageF32> {
  const source = sources[uniformInt(random, 0, sources.length - 1)] as Source;
  const photo = await source.load();
  const scale = uniform(random, 0.4, 0.8);
  const start = (side: number, wanted: number): number =>
    uniform(random, 0, Math.max(1, side - wanted / scale));
  return sampleScene(
    photo,
    {
      x: start(photo.width, width),
      y: start(photo.height, height),
      scale,
      width,
      height,
      flip: random.next() < 0.5,
      transpose: false,
      cubic: -0.5,
    },
    GAMMA,
  );
}

/** A plane, steps between planes, or one distance, at random within the range of the lens. */
function drawDepths(
  { width, height }: { readonly width: Pixels; readonly height: Pixels },
  lens: LensModel,
  random: Random,
): ImageF32 {
  const { far, near } = rangeEnds(lens);
  const [low, high] = [uniform(random, 0, 0.4), uniform(random, 0.2, 1)];
  const angle = uniform(random, 0, 2 * Math.PI);
  const steps = random.next() < 0.5 ? 0 : uniformInt(random, 1, 4);
  const data = new Float32Array(width * height);
  for (let at = 0; at < data.length; at++) {
    const x = (at % width) / width - 0.5;
    const y = Math.floor(at / width) / height - 0.5;
    const along = Math.min(1, Math.max(0, 0.5 + (x * Math.cos(angle) + y * Math.sin(angle)) * 1.2));
    const share = steps === 0 ? along : Math.round(along * steps) / steps;
    data[at] = far + (low + share * (high - low)) * (near - far);
  }
  return image(width, height, 1, data);
}

/** A rounded piece of a photograph on its way through the frame, in front of everything else or nearly so. */
async function drawCutout(
  sources: readonly Source[],
  { width, height, lens, interval }: SceneOptions,
  random: Random,
): Promise<Cutout> {
  const side = Math.round(height * uniform(random, 0.2, 0.7));
  const picture = await pieceOf(sources, { width: side, height: side }, random);
  const [vx, vy] = drawSpeed(width, FASTEST_CUTOUT, random);
  const start = { x: uniform(random, 0, width), y: uniform(random, 0, height) };
  const { far, near } = rangeEnds(lens);
  const z0 = far + uniform(random, 0.3, 1) * (near - far);
  const growth = uniform(random, -0.01, 0.01);
  return {
    picture,
    alpha: blob(side, random),
    pose: (time): Pose => {
      const frames = time / interval;
      return { x: start.x + vx * frames, y: start.y + vy * frames, size: 1 + growth * frames, z0 };
    },
  };
}

/** Opacity of a rounded shape with lobes, with an edge one pixel wide. */
function blob(side: number, random: Random): ImageF32 {
  const lobes = uniformInt(random, 1, 6);
  const depth = uniform(random, 0, 0.3);
  const phase = uniform(random, 0, 2 * Math.PI);
  const data = new Float32Array(side * side);
  for (let at = 0; at < data.length; at++) {
    const x = (at % side) - (side - 1) / 2;
    const y = Math.floor(at / side) - (side - 1) / 2;
    const radius = (side / 2 - 1) * (1 - depth * (0.5 + 0.5 * Math.cos(lobes * Math.atan2(y, x) + phase)));
    data[at] = Math.min(1, Math.max(0, radius - Math.hypot(x, y)));
  }
  return image(side, side, 1, data);
}
