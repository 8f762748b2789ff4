/**
 * What moved between the fused picture and a new frame. They are out of focus differently, so each is first blurred where
 * it shows more than the other (paper 1, Eq. 1); what then still differs moved. Of what is out of focus in the frame the
 * motion is known from when it was not: what has been found is expected again, and the less so the faster it was.
 */
import { image, type ImageF32 } from "../../../core/image.ts";
import {
  cellMeans,
  denseFlow,
  equalBlur,
  warp,
  type CertainFlow,
  type Flow,
} from "../../../core/native/index.ts";
import type { Pixels } from "../../../core/units.ts";
import { mapCells } from "./cell-map.ts";

export interface Motion {
  /** Where each cell of the frame comes from in the picture, px of the small pictures. */
  readonly flow: CertainFlow;
  /** How far frame and moved picture are still apart, mean absolute difference of luma per cell. */
  readonly mismatch: ImageF32;
  /** By how much the picture had to be blurred to be like the frame, px of the small pictures; negative: the frame. */
  readonly blur: ImageF32;
}

/** Motion below this is noise: pictures are not worn down by being moved for nothing. px of the small pictures. */
const STILL = 0.06;
/** From frame to frame motion changes by this much, px of the small pictures, and by this share of itself. */
const CHANGE = 0.1;
const CHANGE_SHARE = 1;

/**
 * @param picture small picture, luma.
 * @param frame likewise.
 * @param mostBlur largest radius of a blur, px of the small pictures.
 * @param before motion of the frame before.
 */
export async function motionBetween(
  picture: ImageF32,
  frame: ImageF32,
  mostBlur: Pixels,
  before: CertainFlow | undefined,
): Promise<Motion> {
  const [alike, expected] = await Promise.all([
    equalBlur(picture, frame, mostBlur),
    before && expectedAfter(before),
  ]);
  const found = await denseFlow(alike.from, alike.to, mapCells(alike.radius, Math.abs), expected);
  const flow = { ...quiet(found), certainty: found.certainty };
  const moved = await warp(alike.from, flow);
  const { width, height, data } = alike.to;
  const difference = data.map((value, index) => Math.abs(value - (moved.data[index] as number)));
  return {
    flow,
    mismatch: await cellMeans(image(width, height, 1, difference), 2),
    blur: alike.radius,
  };
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

/** What moved goes on moving alike. */
async function expectedAfter(before: CertainFlow): Promise<CertainFlow> {
  const cells = scaledFlow(before, 1 / 2);
  const [dx, dy, certainty] = await Promise.all([
    warp(before.dx, cells),
    warp(before.dy, cells),
    warp(before.certainty, cells),
  ]);
  return {
    dx,
    dy,
    certainty: mapCells(certainty, (value, index) => {
      const change = CHANGE_SHARE * speedOf({ dx, dy }, index);
      return value / (1 + value * (CHANGE * CHANGE + change * change));
    }),
  };
}

function quiet({ dx, dy }: Flow): Flow {
  const moves = (index: number): boolean => speedOf({ dx, dy }, index) >= STILL;
  return {
    dx: mapCells(dx, (value, index) => (moves(index) ? value : 0)),
    dy: mapCells(dy, (value, index) => (moves(index) ? value : 0)),
  };
}
