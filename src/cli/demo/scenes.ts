/** What the demonstration looks at: scenes made up from a seed, each also as a camera without blur would see it. */
import type { LensModel } from "../../algorithms/optics/lens-model.ts";
import { image, type ImageF32 } from "../../core/image.ts";
import { uniform, type Random } from "../../core/random.ts";
import type { Milliseconds, Pixels, Steps } from "../../core/units.ts";
import { CutoutScene, type Cutout, type Pose } from "../../drivers/simulator/cutout-scene.ts";
import { PhotoScene } from "../../drivers/simulator/photo-scene.ts";
import { paint, type Canvas } from "../../drivers/simulator/procedural/paint.ts";
import { poster } from "../../drivers/simulator/procedural/poster.ts";
import { drawSurface } from "../../drivers/simulator/procedural/surface-choice.ts";
import { throughPinhole } from "../../drivers/simulator/pinhole.ts";
import type { Scene, View } from "../../drivers/simulator/scene.ts";

/** A scene, and the same scene all in focus. */
export interface DemoScene {
  readonly scene: Scene;
  readonly sharp: Scene;
  /** In-focus positions of what it consists of. */
  readonly surfaces: readonly Steps[];
}

export interface DemoCanvas extends Canvas {
  readonly lens: LensModel;
}

/** Pixels of the picture of a thing for each pixel of the frame. */
const FINER = 2;

/** A wall full of posters, at one distance. */
export function wallScene(canvas: DemoCanvas, random: Random): DemoScene {
  const { min, max } = canvas.lens.range;
  const picture = poster(canvas, random);
  const z0 = Math.round(uniform(random, min + 0.3 * (max - min), min + 0.8 * (max - min)));
  return both(canvas, [z0], (view) => new PhotoScene(picture, z0, view));
}

/** Things standing still before a wall: [middle x, middle y, width, height] in shares of the frame, then 0 far, 1 near. */
const SHELF = [
  [0.2, 0.56, 0.24, 0.62, 0.3],
  [0.52, 0.62, 0.26, 0.5, 0.58],
  [0.82, 0.66, 0.26, 0.54, 0.9],
] as const;

export function shelfScene(canvas: DemoCanvas, random: Random): DemoScene {
  const things = SHELF.map(([x, y, width, height, near], index) => {
    const size = { width: width * canvas.width, height: height * canvas.height };
    const z0 = at(canvas.lens, near + uniform(random, -0.03, 0.03));
    return thing(canvas, size, random, index, () => ({
      x: x * canvas.width,
      y: y * canvas.height,
      size: 1,
      z0,
    }));
  });
  return withThings(canvas, random, 0.04, things);
}

/** Before a wall, one thing swings sideways and another one comes and goes. */
export function paradeScene(canvas: DemoCanvas, random: Random): DemoScene {
  const { width, height, lens } = canvas;
  const wave = (time: Milliseconds, period: Milliseconds): number => Math.sin((2 * Math.PI * time) / period);
  const size = { width: 0.38 * width, height: 0.6 * height };
  const things = [
    thing(canvas, size, random, 1, (time) => ({
      x: width * (0.27 + 0.02 * wave(time, 8000)),
      y: 0.42 * height,
      size: 1,
      z0: at(lens, 0.45),
    })),
    thing(canvas, size, random, 1, (time) => ({
      x: 0.74 * width,
      y: 0.6 * height,
      size: 1 + 0.02 * wave(time, 9000),
      z0: at(lens, 0.85 + 0.05 * wave(time, 9000)),
    })),
  ];
  return withThings(canvas, random, 0.05, things);
}

function withThings(canvas: DemoCanvas, random: Random, far: number, things: readonly Cutout[]): DemoScene {
  const wall = poster(canvas, random);
  const z0 = at(canvas.lens, far);
  return both(
    canvas,
    [z0, ...things.map(({ pose }) => pose(0).z0)],
    (view) => new CutoutScene(new PhotoScene(wall, z0, view), things, view),
  );
}

/** A board with something on it. Its picture is finer than the frame, so that it stays sharp where it is resampled. */
function thing(
  { channels }: Canvas,
  size: { readonly width: Pixels; readonly height: Pixels },
  random: Random,
  kind: number,
  pose: (time: Milliseconds) => Pose,
): Cutout {
  const [width, height] = [Math.round(FINER * size.width), Math.round(FINER * size.height)];
  const picture: ImageF32 = paint({ width, height, channels }, drawSurface(random, 0.8 * width, kind));
  const alpha = image(width, height, 1, new Float32Array(width * height).fill(1));
  return { picture, alpha, pose: (time) => ({ ...pose(time), size: pose(time).size / FINER }) };
}

function both({ lens }: DemoCanvas, surfaces: readonly Steps[], make: (view: View) => Scene): DemoScene {
  const reference = (lens.range.min + lens.range.max) / 2;
  const view: View = { lens, reference };
  return {
    scene: make(view),
    sharp: make(throughPinhole(view)),
    surfaces,
  };
}

/** Share of the range, 0 = far: larger positions of the demonstration's lens are nearer. */
function at({ range }: LensModel, near: number): Steps {
  return Math.round(range.min + near * (range.max - range.min));
}
