/** A flat picture full of detail, made up from a seed: sheets of many sizes pinned over one another on a wall. */
import type { ImageF32 } from "../../../core/image.ts";
import { uniform, type Random } from "../../../core/random.ts";
import { paint, type Canvas } from "./paint.ts";
import { drawSurface } from "./surface-choice.ts";
import { drawColour, rough, tiles, type Surface } from "./surface.ts";

interface Sheet {
  readonly x: number;
  readonly y: number;
  readonly halfWidth: number;
  readonly halfHeight: number;
  readonly cos: number;
  readonly sin: number;
  readonly surface: Surface;
}

const SHEETS = 14;

/** Linear light. */
export function poster(canvas: Canvas, random: Random): ImageF32 {
  const { width, height } = canvas;
  const side = Math.min(width, height);
  const plaster = rough(random, drawColour(random, 0.4), side / 12);
  const wall = tiles(random, plaster, [0.3, 0.29, 0.27], side / 8, "brick");
  const sheets = Array.from({ length: SHEETS }, (_, index): Sheet => {
    const size = side * uniform(random, 0.08, 0.26);
    const turn = uniform(random, -0.35, 0.35);
    return {
      x: uniform(random, 0, width),
      y: uniform(random, 0, height),
      halfWidth: size * uniform(random, 0.7, 1),
      halfHeight: size * uniform(random, 0.7, 1),
      cos: Math.cos(turn),
      sin: Math.sin(turn),
      surface: drawSurface(random, 2 * size, index),
    };
  });
  return paint(canvas, (x, y, colour) => {
    for (const { x: cx, y: cy, halfWidth, halfHeight, cos, sin, surface } of sheets) {
      const u = cos * (x - cx) + sin * (y - cy);
      const v = cos * (y - cy) - sin * (x - cx);
      if (Math.abs(u) > halfWidth || Math.abs(v) > halfHeight) continue;
      surface(u + halfWidth, v + halfHeight, colour);
      return;
    }
    wall(x, y, colour);
  });
}
