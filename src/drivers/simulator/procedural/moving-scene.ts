/** A room in which things move sideways and in depth, made up from a seed: for all-in-focus video. */
import { rangeEnds } from "../../../algorithms/optics/lens-model.ts";
import { image } from "../../../core/image.ts";
import { uniform, type Random } from "../../../core/random.ts";
import type { Milliseconds } from "../../../core/units.ts";
import { CutoutScene, type Cutout, type Pose } from "../cutout-scene.ts";
import { DepthScene } from "../depth-scene.ts";
import type { Scene, View } from "../scene.ts";
import { deepScene } from "./deep-scene.ts";
import { paint, type Canvas } from "./paint.ts";
import { drawSurface } from "./surface-choice.ts";

/** Disks that pass through the room. */
const THINGS = 3;

export function movingScene(canvas: Canvas, view: View, random: Random): Scene {
  const { picture, focus } = deepScene({ ...canvas, lens: view.lens, random });
  const room = new DepthScene(picture, focus, view);
  const things = Array.from({ length: THINGS }, (_, index) => drawThing(canvas, view, random, index));
  return new CutoutScene(room, things, view);
}

function drawThing(canvas: Canvas, view: View, random: Random, index: number): Cutout {
  const { width, height, channels } = canvas;
  const diameter = Math.round(height * uniform(random, 0.25, 0.34));
  const surface = drawSurface(random, diameter, index);
  const picture = paint({ width: diameter, height: diameter, channels }, surface);
  return { picture, alpha: disk(diameter), pose: drawWay(width, height, view, random, index) };
}

/** Opacity of a disk that fills a square, with a smooth edge. */
function disk(diameter: number): Cutout["alpha"] {
  const middle = (diameter - 1) / 2;
  const alpha = new Float32Array(diameter * diameter);
  for (let at = 0; at < alpha.length; at++) {
    const away = Math.hypot((at % diameter) - middle, Math.floor(at / diameter) - middle);
    alpha[at] = Math.min(1, Math.max(0, diameter / 2 - away));
  }
  return image(diameter, diameter, 1, alpha);
}

/** To and fro sideways, and between two depths, each in its own time; what comes nearer grows a little. */
function drawWay(
  width: number,
  height: number,
  view: View,
  random: Random,
  index: number,
): (time: Milliseconds) => Pose {
  const ends = rangeEnds(view.lens);
  const along = { phase: uniform(random, 0, 6.28), period: uniform(random, 4000, 9000) };
  const deep = { phase: uniform(random, 0, 6.28), period: uniform(random, 3000, 8000) };
  const wave = ({ phase, period }: typeof along, time: Milliseconds): number =>
    Math.sin(phase + (2 * Math.PI * time) / period);
  const y = height * ((index + 0.5) / THINGS);
  // Shares of the range: each thing keeps to its own band, 0 = far.
  const centre = (index + 0.7) / (THINGS + 0.2);
  return (time) => {
    const near = Math.min(1, Math.max(0, centre + (0.4 / THINGS) * wave(deep, time)));
    return {
      x: width * (0.5 + 0.38 * wave(along, time)),
      y,
      size: 0.7 + 0.3 * near,
      z0: ends.far + near * (ends.near - ends.far),
    };
  };
}
