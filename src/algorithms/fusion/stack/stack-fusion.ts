/**
 * GFDF extended to N frames: each frame is compared with the picture fused so far by the focus maps and the decision of
 * Qiu et al. 2019 (gfdf/), whose focus map is the largest that each pixel had in any frame.
 */
import type { ImageF32 } from "../../../core/image.ts";
import { guidedFilter } from "../../../core/native/index.ts";
import type { Roi } from "../../../core/roi.ts";
import type { Steps } from "../../../core/units.ts";
import { checkPosition, checkSameShape, noFrames } from "../check-frames.ts";
import { blend } from "../gfdf/blend.ts";
import { decide, focusMap } from "../gfdf/decision.ts";
import { GFDF_DEFAULTS } from "../gfdf/fuse-gfdf.ts";
import { single } from "../gfdf/gfdf-fold.ts";
import { luma } from "../luma.ts";
import type { AddOptions, FrameFusion, FusedStack } from "../types.ts";

/** Smallest region that comes from one frame, as a share of the frame; as in paper 1, section 6.2.2. */
const AREA_RATIO = 0.001;

interface Fused extends FusedStack {
  /** Focus map of the frame that each pixel comes from. */
  readonly map: ImageF32;
}

export class StackFusion implements FrameFusion {
  #fused: Fused | undefined;
  #frames = 0;

  async add(frame: ImageF32, position: Steps, { valid }: AddOptions = {}): Promise<void> {
    checkPosition(position);
    if (this.#fused !== undefined) checkSameShape(this.#fused.fused, frame);
    const map = inside(await focusMap(luma(frame), GFDF_DEFAULTS), valid);
    this.#fused =
      this.#fused === undefined
        ? { ...single(frame, position), map }
        : await merge(this.#fused, frame, map, this.#frames, position);
    this.#frames++;
  }

  finish(): Promise<FusedStack> {
    if (this.#fused === undefined) return Promise.reject(noFrames());
    const { fused, index, position } = this.#fused;
    return Promise.resolve({ fused, index, position });
  }
}

async function merge(
  before: Fused,
  frame: ImageF32,
  map: ImageF32,
  index: number,
  at: Steps,
): Promise<Fused> {
  const mask = decide(map, before.map, AREA_RATIO);
  const hard: ImageF32 = { ...mask, data: Float32Array.from(mask.data) };
  const guide = blend(luma(frame), luma(before.fused), hard);
  const weight = await guidedFilter(guide, hard, GFDF_DEFAULTS.radius, GFDF_DEFAULTS.epsilon);
  const isNew = (pixel: number): boolean => mask.data[pixel] === 1;
  return {
    fused: blend(frame, before.fused, weight),
    map: { ...map, data: before.map.data.map((value, i) => (isNew(i) ? (map.data[i] as number) : value)) },
    index: { ...before.index, data: before.index.data.map((value, i) => (isNew(i) ? index : value)) },
    position: { ...before.position, data: before.position.data.map((value, i) => (isNew(i) ? at : value)) },
  };
}

/** Outside of the valid part a frame is never the sharper one. */
function inside(map: ImageF32, valid: Roi | undefined): ImageF32 {
  if (valid === undefined) return map;
  const { x, y, width, height } = valid;
  const data = map.data.map((value, i) => {
    const [column, row] = [i % map.width, Math.floor(i / map.width)];
    return column >= x && column < x + width && row >= y && row < y + height ? value : -1;
  });
  return { ...map, data };
}
