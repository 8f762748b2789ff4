/** Things at a few distances with nothing in between, made up from a seed: boards of even depth before a wall. */
import { rangeEnds } from "../../../algorithms/optics/lens-model.ts";
import { image } from "../../../core/image.ts";
import { uniform } from "../../../core/random.ts";
import type { DeepSceneOptions, SharpScene } from "./deep-scene.ts";
import { paint } from "./paint.ts";
import { drawSurface } from "./surface-choice.ts";
import type { Surface } from "./surface.ts";

interface Board {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** Share of the range: 0 far, 1 near. */
  readonly near: number;
  readonly surface: Surface;
}

/** @param boards how many, nearest last; with the wall behind them the scene has one depth more. */
export function plateauScene({ lens, random, ...canvas }: DeepSceneOptions, boards: number): SharpScene {
  const { width, height } = canvas;
  const wall = drawSurface(random, 0.5 * height, 1);
  const placed = Array.from({ length: boards }, (_, index): Board => {
    const middle = ((index + 0.5) / boards) * width;
    const half = uniform(random, 0.32, 0.48) * (width / boards);
    const top = uniform(random, 0.1, 0.4) * height;
    return {
      left: middle - half,
      right: middle + half,
      top,
      bottom: top + uniform(random, 0.45, 0.6) * height,
      near: (index + 1 + uniform(random, -0.2, 0.2)) / (boards + 0.3),
      surface: drawSurface(random, 0.5 * height, index),
    };
  });
  const boardAt = (x: number, y: number): Board | undefined =>
    placed.findLast(({ left, top, right, bottom }) => x >= left && x < right && y >= top && y < bottom);
  const picture = paint(canvas, (x, y, colour) => {
    const board = boardAt(x, y);
    if (board === undefined) wall(x, y, colour);
    else board.surface(x - board.left, y - board.top, colour);
  });
  const { far, near } = rangeEnds(lens);
  const farthest = uniform(random, 0.02, 0.08);
  const depth = Float32Array.from({ length: width * height }, (_, pixel) => {
    const share = boardAt((pixel % width) + 0.5, Math.floor(pixel / width) + 0.5)?.near ?? farthest;
    return far + share * (near - far);
  });
  return { picture, focus: image(width, height, 1, depth) };
}
