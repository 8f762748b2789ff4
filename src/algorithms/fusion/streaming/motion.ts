/**
 * What moved between the fused picture and a new frame. They are blurred differently, so each is first blurred by what
 * only the other has: where the frame is out of focus at r and the picture at r' < r, the picture is blurred by
 * sqrt(r^2 - r'^2), and the other way round (paper 1, Eq. 1; variances of blurs add up). What then still differs moved.
 */
import { image, type ImageF32 } from "../../../core/image.ts";
import { cellMeans, denseFlow, variableBlur, warp, type Flow } from "../../../core/native/index.ts";
import { mapCells } from "./cell-map.ts";
import type { Scales } from "./scales.ts";

export interface Motion {
  /** Where each cell of the frame comes from in the picture, px of the small pictures. */
  readonly flow: Flow;
  /** How far frame and moved picture are still apart, mean absolute difference of luma per cell. */
  readonly mismatch: ImageF32;
}

/** Motion below this is noise: pictures are not worn down by being moved for nothing. px of the small pictures. */
const STILL = 0.06;

export interface Seen {
  /** Small picture, luma. */
  readonly luma: ImageF32;
  /** Radius of its blur in each cell, px of the frame. */
  readonly radius: ImageF32;
}

export async function motionBetween(picture: Seen, frame: Seen, { small }: Scales): Promise<Motion> {
  const missing = (has: ImageF32, other: ImageF32): ImageF32 =>
    mapCells(has, (radius, index) => {
      const wanted = other.data[index] as number;
      return Math.sqrt(Math.max(0, wanted * wanted - radius * radius)) / small;
    });
  const [from, to] = await Promise.all([
    variableBlur(picture.luma, missing(picture.radius, frame.radius)),
    variableBlur(frame.luma, missing(frame.radius, picture.radius)),
  ]);
  const flow = quiet(await denseFlow(from, to));
  const moved = await warp(from, flow);
  const difference = to.data.map((value, index) => Math.abs(value - (moved.data[index] as number)));
  return { flow, mismatch: await cellMeans(image(to.width, to.height, 1, difference), 2) };
}

/** Length of the motion of a cell. (Math.hypot is many times slower, and there is nothing to overflow.) */
export function speedOf({ dx, dy }: Flow, index: number): number {
  const x = dx.data[index] as number;
  const y = dy.data[index] as number;
  return Math.sqrt(x * x + y * y);
}

/** The flow in pixels that are `factor` times as small. */
export function scaledFlow({ dx, dy }: Flow, factor: number): Flow {
  return { dx: mapCells(dx, (value) => factor * value), dy: mapCells(dy, (value) => factor * value) };
}

function quiet({ dx, dy }: Flow): Flow {
  const moves = (index: number): boolean => speedOf({ dx, dy }, index) >= STILL;
  return {
    dx: mapCells(dx, (value, index) => (moves(index) ? value : 0)),
    dy: mapCells(dy, (value, index) => (moves(index) ? value : 0)),
  };
}
