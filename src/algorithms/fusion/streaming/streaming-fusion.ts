/**
 * All-in-focus video: each frame is fused with the picture fused so far (paper 1, section 6.2.3, J^t from J^(t-1) and
 * I^t; the paper uses the trained network AWnet, this needs no training):
 *
 * 1. Align: the fused picture is magnified to the frame by the known focus breathing of the lens.
 * 2. Compare: a pixel comes from the frame where that is the sharper of the two, by GFDF (section 6.2.2).
 * 3. Forget: where the frame does not show what the lens model makes of the fused picture, the scene has moved, and the
 *    frame counts although it may be out of focus there.
 *
 * Known limits: what moves is as sharp as the latest frame of it; the whole camera moving faster than the change
 * detection's few pixels a frame makes everything count as moved.
 */
import type { ImageF32 } from "../../../core/image.ts";
import { image } from "../../../core/image.ts";
import { resample } from "../../../core/native/index.ts";
import type { Steps } from "../../../core/units.ts";
import { imscale } from "../../optics/defocus-model.ts";
import type { LensModel } from "../../optics/lens-model.ts";
import { checkPosition, checkSameShape } from "../check-frames.ts";
import { blend } from "../gfdf/blend.ts";
import { fuseGfdf, type GfdfOptions } from "../gfdf/fuse-gfdf.ts";
import { luma } from "../luma.ts";
import { expectedFrame } from "./expected-frame.ts";
import { sceneChange } from "./scene-change.ts";

export interface StreamedFusion {
  /** In the geometry of the latest frame, same channels and values. */
  readonly fused: ImageF32;
  /** Focus position of the frame that each pixel comes from. */
  readonly position: ImageF32;
}

/** Paper 1 sets the ratio to 0.001; small regions matter in a video that is refined all the time. */
const GFDF: GfdfOptions = { areaRatio: 0.001 };

export class StreamingFusion {
  readonly #lens: LensModel;
  #latest: (StreamedFusion & { readonly at: Steps }) | undefined;

  constructor(lens: LensModel) {
    this.#lens = lens;
  }

  /**
   * Takes in a frame, nominally 0..1 after gamma, captured at `z`, and returns the picture as it then is. Calls must not
   * overlap.
   * @throws AutofocusError `fusion_failed` when size or channels differ from the frame before, or `z` is not finite.
   */
  async add(frame: ImageF32, z: Steps): Promise<StreamedFusion> {
    checkPosition(z);
    const latest = this.#latest;
    const next = latest === undefined ? start(frame, z) : await this.#fuse(latest, frame, z);
    this.#latest = { ...next, at: z };
    return next;
  }

  async #fuse(
    latest: StreamedFusion & { readonly at: Steps },
    frame: ImageF32,
    z: Steps,
  ): Promise<StreamedFusion> {
    checkSameShape(latest.fused, frame);
    const magnification = this.#lens.scale(latest.at, z);
    const [before, position] = await Promise.all([
      imscale(latest.fused, magnification),
      scaleMap(latest.position, magnification),
    ]);
    const [{ mask, weight }, expected] = await Promise.all([
      fuseGfdf(frame, before, GFDF),
      expectedFrame(luma(before), position, this.#lens, z),
    ]);
    const change = outside(await sceneChange(luma(frame), expected), magnification);
    const data = weight.data.map((value, i) => Math.max(value, change.data[i] as number));
    const positions = position.data.map((before, i) =>
      mask.data[i] === 1 || (change.data[i] as number) > 0.5 ? z : before,
    );
    return {
      fused: blend(frame, before, { ...weight, data }),
      position: { ...position, data: positions },
    };
  }
}

function start(frame: ImageF32, z: Steps): StreamedFusion {
  const { width, height } = frame;
  return { fused: frame, position: image(width, height, 1, new Float32Array(width * height).fill(z)) };
}

/** The map magnified about its middle without inventing values beyond those it has. */
function scaleMap(map: ImageF32, scale: number): Promise<ImageF32> {
  const { width, height } = map;
  const offset = (side: number): number => ((side - 1) / 2) * (1 - 1 / scale);
  return resample(map, {
    width,
    height,
    matrix: [1 / scale, 0, offset(width), 0, 1 / scale, offset(height)],
    filter: "bilinear",
    border: "replicate",
  });
}

/** A picture made smaller does not reach the border of the frame: there, the frame alone counts. */
function outside(change: ImageF32, scale: number): ImageF32 {
  if (scale >= 1) return change;
  const { width, height, data } = change;
  const [marginX, marginY] = [((1 - scale) * width) / 2, ((1 - scale) * height) / 2];
  return {
    ...change,
    data: data.map((value, i) => {
      const [x, y] = [i % width, Math.floor(i / width)];
      const isInside = x >= marginX && x < width - marginX && y >= marginY && y < height - marginY;
      return isInside ? value : 1;
    }),
  };
}
