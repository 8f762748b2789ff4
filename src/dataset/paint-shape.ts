/** Paints shapes with clean edges into a picture: sharp at every size, a pixel on the edge counts for its part inside. */
import type { ImageU8 } from "../core/image.ts";
import type { Pixels } from "../core/units.ts";

export interface Shape {
  readonly kind: "ellipse" | "ring" | "rounded";
  /** Half of its extent along its own axes, px; of a ring the first alone counts. */
  readonly halfWidth: Pixels;
  readonly halfHeight: Pixels;
  /** Of a ring: half the width of the line. Of a rounded rectangle: the radius of its corners. */
  readonly thickness: Pixels;
  /** Radians. */
  readonly rotation: number;
}

/** Camera values 0..255. */
export interface Fill {
  readonly value: number;
  /** What is added from the centre to the rim, as on a ball. */
  readonly rim: number;
  /** What is added from one side to the other. */
  readonly slope: number;
}

/** Paints over `picture`, in place; what lies outside is cut off. */
export function paintShape(
  { width, height, data }: ImageU8,
  shape: Shape,
  fill: Fill,
  x: Pixels,
  y: Pixels,
): void {
  const reach = Math.hypot(shape.halfWidth, shape.halfHeight) + shape.thickness + 1;
  const [cos, sin] = [Math.cos(shape.rotation), Math.sin(shape.rotation)];
  const bottom = Math.min(height - 1, Math.floor(y + reach));
  const right = Math.min(width - 1, Math.floor(x + reach));
  for (let row = Math.max(0, Math.ceil(y - reach)); row <= bottom; row++) {
    for (let column = Math.max(0, Math.ceil(x - reach)); column <= right; column++) {
      const u = (column - x) * cos + (row - y) * sin;
      const v = (row - y) * cos - (column - x) * sin;
      const share = Math.min(1, Math.max(0, 0.5 - DISTANCES[shape.kind](u, v, shape)));
      if (share === 0) continue;
      const [across, down] = [u / shape.halfWidth, v / shape.halfHeight];
      const value = fill.value + fill.rim * (across * across + down * down) + fill.slope * across;
      const at = row * width + column;
      const shown = (1 - share) * data[at]! + share * value;
      data[at] = Math.min(255, Math.max(0, Math.round(shown)));
    }
  }
}

/** Distance to the edge, px, negative inside; close to it exact to second order. */
const DISTANCES: Record<Shape["kind"], (u: number, v: number, shape: Shape) => number> = {
  ellipse: (u, v, { halfWidth: a, halfHeight: b }) => {
    const level = Math.hypot(u / a, v / b);
    const slope = Math.hypot(u / a ** 2, v / b ** 2);
    return slope === 0 ? -Math.min(a, b) : (level * (level - 1)) / slope;
  },
  ring: (u, v, { halfWidth, thickness }) => Math.abs(Math.hypot(u, v) - halfWidth) - thickness,
  rounded: (u, v, { halfWidth, halfHeight, thickness }) => {
    const [x, y] = [Math.abs(u) - halfWidth + thickness, Math.abs(v) - halfHeight + thickness];
    return Math.hypot(Math.max(0, x), Math.max(0, y)) + Math.min(0, Math.max(x, y)) - thickness;
  },
};
