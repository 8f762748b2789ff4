/**
 * What moved between the fused picture and a new frame. They are out of focus differently, so each is first blurred where
 * it shows more than the other (paper 1, Eq. 1); what then still differs moved. Of what is out of focus in the frame the
 * motion is known from when it was not: what has been found is expected again.
 */
import type { ImageF32 } from "../../../core/image.ts";
import {
  carriedFlow,
  denseFlow,
  equalBlur,
  flowMismatch,
  type CertainFlow,
} from "../../../core/native/index.ts";
import type { Pixels } from "../../../core/units.ts";

export interface Motion {
  /** Where each cell of the frame comes from in the picture, px of the small pictures. */
  readonly flow: CertainFlow;
  /** How far frame and moved picture are still apart, mean absolute difference of luma per cell. */
  readonly mismatch: ImageF32;
  /** By how much the picture had to be blurred to be like the frame, px of the small pictures; negative: the frame. */
  readonly blur: ImageF32;
}

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
  const [{ from, to, radius }, expected] = await Promise.all([
    equalBlur(picture, frame, mostBlur),
    before && carriedFlow(before),
  ]);
  const flow = await denseFlow(from, to, radius, expected);
  return { flow, mismatch: await flowMismatch(from, to, flow), blur: radius };
}
