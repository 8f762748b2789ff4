/**
 * GFDF for more than two frames: the picture fused so far and the next frame are a pair for GFDF (gfdf/fuse-gfdf.ts). For
 * two frames this is GFDF to the letter. Each step reads focus from an already fused picture, so errors add up over long
 * stacks; StackFusion is meant for those.
 */
import { image, type Image, type ImageF32 } from "../../../core/image.ts";
import type { Steps } from "../../../core/units.ts";
import { checkPosition, checkSameShape, noFrames } from "../check-frames.ts";
import type { FrameFusion, FusedStack } from "../types.ts";
import { unitRange } from "../unit-range.ts";
import { fuseGfdf, type GfdfOptions } from "./fuse-gfdf.ts";

export class GfdfFold implements FrameFusion {
  readonly #options: GfdfOptions;
  #fused: FusedStack | undefined;
  #frames = 0;

  constructor(options: GfdfOptions = {}) {
    this.#options = options;
  }

  async add(picture: Image, position: Steps): Promise<void> {
    checkPosition(position);
    const frame = await unitRange(picture);
    this.#fused =
      this.#fused === undefined ? single(frame, position) : await this.#merge(this.#fused, frame, position);
    this.#frames++;
  }

  finish(): Promise<FusedStack> {
    return this.#fused === undefined ? Promise.reject(noFrames()) : Promise.resolve(this.#fused);
  }

  async #merge(before: FusedStack, frame: ImageF32, at: Steps): Promise<FusedStack> {
    checkSameShape(before.fused, frame);
    const { fused, mask } = await fuseGfdf(before.fused, frame, this.#options);
    const isOld = (pixel: number): boolean => mask.data[pixel] === 1;
    return {
      fused,
      index: {
        ...before.index,
        data: before.index.data.map((value, i) => (isOld(i) ? value : this.#frames)),
      },
      position: { ...before.position, data: before.position.data.map((value, i) => (isOld(i) ? value : at)) },
    };
  }
}

/** What one frame alone gives. */
function single(frame: ImageF32, position: Steps): FusedStack {
  const { width, height } = frame;
  return {
    fused: frame,
    index: image(width, height, 1, new Uint16Array(width * height)),
    position: image(width, height, 1, new Float32Array(width * height).fill(position)),
  };
}
