/**
 * A room with things at many distances, made up from a seed: a floor that runs from near to far, a wall at the far end
 * and boxes standing on the floor. Every pixel knows its distance, so every pixel knows where it is in focus.
 */
import { rangeEnds, type LensModel } from "../../../algorithms/optics/lens-model.ts";
import { image, type ImageF32 } from "../../../core/image.ts";
import { uniform, type Random } from "../../../core/random.ts";
import { paint, type Canvas } from "./paint.ts";
import { drawSurface } from "./surface-choice.ts";
import { drawColour, rough, tiles, wood, type Surface } from "./surface.ts";

/** A sharp picture and, of the same size, the in-focus position of each pixel. */
export interface SharpScene {
  /** Linear light. */
  readonly picture: ImageF32;
  /** One channel, steps. */
  readonly focus: ImageF32;
}

export interface DeepSceneOptions extends Canvas {
  /** The nearest thing is sharp at the near end of its range, the wall at the far end. */
  readonly lens: LensModel;
  readonly random: Random;
}

/** Lengths are in units of the height of the camera above the floor; the floor leaves the frame at NEAREST. */
const NEAREST = 1.157;
const FARTHEST = 8;
/** Half of the field of view, as a tangent, along the height of the frame. */
const VIEW = 0.72;
/** Height of the horizon in the frame, from the top. */
const HORIZON = 0.4;
const BOXES = 9;

interface Box {
  readonly x: number;
  readonly z: number;
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly front: Surface;
  readonly side: Surface;
}

interface Room {
  readonly floor: Surface;
  readonly wall: Surface;
  readonly boxes: readonly Box[];
}

/** What a ray meets: how far along the axis, where on the surface, and how bright it is lit. */
interface Hit {
  depth: number;
  u: number;
  v: number;
  light: number;
  surface: Surface;
}

export function deepScene({ lens, random, ...canvas }: DeepSceneOptions): SharpScene {
  const { width, height } = canvas;
  const room: Room = {
    floor: wood(random, [0.42, 0.27, 0.16], 0.32),
    wall: tiles(random, rough(random, drawColour(random), 0.25), [0.35, 0.33, 0.3], 0.9, "brick"),
    boxes: drawBoxes(random, width / height),
  };
  const depths = new Float32Array(width * height).fill(Infinity);
  const picture = paint(canvas, (x, y, colour) => {
    const hit = trace(
      (2 * VIEW * (x - width / 2)) / height,
      (2 * VIEW * (y - HORIZON * height)) / height,
      room,
    );
    hit.surface(hit.u, hit.v, colour);
    for (let channel = 0; channel < 3; channel++) colour[channel] = hit.light * (colour[channel] as number);
    const pixel = Math.floor(y) * width + Math.floor(x);
    depths[pixel] = Math.min(depths[pixel] as number, hit.depth);
  });
  return { picture, focus: image(width, height, 1, depths.map(focusOfDepth(lens))) };
}

/** The nearest thing along the ray (dx, dy, 1) from the camera; y points down, the floor lies at y = 1. */
function trace(dx: number, dy: number, room: Room): Hit {
  const hit: Hit = { depth: FARTHEST, u: dx * FARTHEST, v: dy * FARTHEST, light: 0.8, surface: room.wall };
  if (dy > 0 && 1 / dy < hit.depth) {
    const depth = 1 / dy;
    Object.assign(hit, { depth, u: depth, v: dx * depth, light: 1, surface: room.floor });
  }
  for (const box of room.boxes) meet(box, dx, dy, hit);
  return hit;
}

/** Replaces `hit` where the ray meets the box before. */
function meet(box: Box, dx: number, dy: number, hit: Hit): void {
  const [left, right, top] = [box.x - box.width / 2, box.x + box.width / 2, 1 - box.height];
  if (box.z < hit.depth) {
    const [x, y] = [dx * box.z, dy * box.z];
    if (x >= left && x <= right && y >= top && y <= 1) {
      Object.assign(hit, { depth: box.z, u: x - left, v: y - top, light: 1, surface: box.front });
      return;
    }
  }
  const back = box.z + box.depth;
  const flank = dx > 0 ? left / dx : right / dx;
  if (flank > box.z && flank < Math.min(back, hit.depth)) {
    const y = dy * flank;
    if (y >= top && y <= 1)
      Object.assign(hit, { depth: flank, u: flank - box.z, v: y - top, light: 0.55, surface: box.side });
  }
  const lid = top / dy;
  if (lid > box.z && lid < Math.min(back, hit.depth)) {
    const x = dx * lid;
    if (x >= left && x <= right)
      Object.assign(hit, { depth: lid, u: x - left, v: lid - box.z, light: 1.25, surface: box.side });
  }
}

/** Boxes at distances that are even in dioptres, the near ones towards the sides so that the far ones show. */
function drawBoxes(random: Random, aspect: number): Box[] {
  return Array.from({ length: BOXES }, (_, index) => {
    const share = (index + uniform(random, 0.2, 0.8)) / BOXES;
    const z = 1 / (1 / NEAREST + share * (1 / (0.9 * FARTHEST) - 1 / NEAREST));
    const reach = 0.75 * VIEW * aspect * z;
    const side = index % 2 === 0 ? 1 : -1;
    const x = side * uniform(random, 0.25, 0.95) * reach;
    const size = uniform(random, 0.3, 0.5) * (1 + 0.25 * z);
    return {
      x,
      z,
      width: size * uniform(random, 0.7, 1.1),
      height: Math.min(1.6, size * uniform(random, 0.8, 1.7)),
      depth: uniform(random, 0.25, 0.6),
      front: drawSurface(random, size, index),
      side: rough(random, drawColour(random), 0.3),
    };
  });
}

/** In-focus position of a depth: linear in dioptres between the ends of the range. */
function focusOfDepth(lens: LensModel): (depth: number) => number {
  const { far, near } = rangeEnds(lens);
  return (depth) => {
    const share = (1 / depth - 1 / FARTHEST) / (1 / NEAREST - 1 / FARTHEST);
    return far + Math.min(1, Math.max(0, share)) * (near - far);
  };
}
