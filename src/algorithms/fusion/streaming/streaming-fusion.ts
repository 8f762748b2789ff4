/**
 * All-in-focus video: each frame is fused with the picture fused so far (paper 1, section 6.2.3: J^t from J^(t-1) and
 * I^t by a network in the role of AWnet):
 *
 * 1. Align: each frame is brought to one magnification by the known focus breathing of the lens. It is the largest that
 *    the lens has, so that every frame covers the whole picture and the video does not breathe.
 * 2. Move: the picture follows what moved since the frame before (motion.ts), so that it stays sharp where it is.
 * 3. Weigh: for each cell, how much the new frame counts, from both pictures, their expected blur and how well they fit
 *    (features.ts); by a trained network (inference/blending-network.ts).
 * 4. Blend.
 *
 * Known limits: motion is found to a fraction of a cell, so thin things that move fast tear; what is hidden behind
 * something and comes out again is as the new frame shows it, sharp or not.
 */
import type { ImageF32, ImageU8 } from "../../../core/image.ts";
import { blend, resample, warp } from "../../../core/native/index.ts";
import type { Steps } from "../../../core/units.ts";
import type { LensModel } from "../../optics/lens-model.ts";
import { checkPosition, checkSameShape, noFrames } from "../check-frames.ts";
import { cellMap, mapCells } from "./cell-map.ts";
import { fusionFeatures, type Weigher } from "./features.ts";
import { focusOfCells, type FocusHint } from "./focus-hint.ts";
import { magnify } from "./magnify.ts";
import { motionBetween, scaledFlow } from "./motion.ts";
import { radiusTable } from "./radius-table.ts";
import { scalesOf, type Scales } from "./scales.ts";
import { smallPicture, type SmallPicture } from "./small-picture.ts";

/** What is remembered from frame to frame. */
interface Fused {
  readonly picture: ImageU8;
  readonly small: SmallPicture;
  /** In-focus position of each cell; NaN where it is not known. */
  readonly focus: ImageF32;
  /** Radius of the blur left in each cell of the picture, px. */
  readonly radius: ImageF32;
}

/** The focus position whose magnification the pictures of a lens have: every frame then covers the whole picture. */
export function videoReference(lens: LensModel): Steps {
  const { min, max } = lens.range;
  return lens.scale(min, max) < 1 ? min : max;
}

export class StreamingFusion {
  readonly #reference: Steps;
  readonly #lens: LensModel;
  readonly #weigh: Weigher;
  #latest: Fused | undefined;

  constructor(lens: LensModel, weigh: Weigher) {
    this.#lens = lens;
    this.#weigh = weigh;
    this.#reference = videoReference(lens);
  }

  /**
   * Takes in a frame captured at `z` and returns the picture as it then is: of the same size, magnified as at
   * videoReference(). Calls must not overlap.
   * @param hint where the frame's patches are in focus, where that is known.
   * @throws AutofocusError `fusion_failed` when size or channels differ from the frame before, or `z` is not finite;
   *   `invalid_image` for frames with sides below 16 px; what `weigh` throws.
   */
  async add(frame: ImageU8, z: Steps, hint?: FocusHint): Promise<ImageU8> {
    checkPosition(z);
    const before = this.#latest;
    if (before !== undefined) checkSameShape(before.picture, frame);
    const scales = scalesOf(frame);
    const magnification = this.#lens.scale(z, this.#reference);
    const aligned = await magnify(frame, magnification, scales);
    const read =
      hint === undefined
        ? cellMap(scales.columns, scales.rows, () => NaN)
        : focusOfCells(hint, scales, frame, magnification);
    const radiusAt = radiusTable(this.#lens, z, magnification);
    const small = await smallPicture(aligned, scales);
    this.#latest =
      before === undefined
        ? { picture: aligned, small, focus: orElse(read, z), radius: mapCells(read, radiusAt) }
        : await this.#fuse(before, { picture: aligned, small, read, radiusAt, z }, scales);
    return this.#latest.picture;
  }

  /**
   * In-focus position of each pixel of the latest picture, steps, as far as it is known.
   * @throws AutofocusError `fusion_failed` before the first frame.
   */
  async position(): Promise<ImageF32> {
    if (this.#latest === undefined) throw noFrames();
    const { picture, focus } = this.#latest;
    const { cell } = scalesOf(picture);
    const offset = 0.5 / cell - 0.5;
    return resample(focus, {
      width: picture.width,
      height: picture.height,
      matrix: [1 / cell, 0, offset, 0, 1 / cell, offset],
      filter: "bilinear",
      border: "replicate",
    });
  }

  async #fuse(before: Fused, frame: NewFrame, scales: Scales): Promise<Fused> {
    const { small, read, radiusAt, z } = frame;
    const motion = await motionBetween(
      { luma: before.small.luma, radius: before.radius },
      { luma: small.luma, radius: mapCells(before.focus, radiusAt) },
      scales,
    );
    const cellFlow = scaledFlow(motion.flow, scales.small / scales.cell);
    const [picture, oldFocus, pictureRadius] = await Promise.all([
      warp(before.picture, scaledFlow(motion.flow, scales.small)),
      warp(before.focus, cellFlow),
      warp(before.radius, cellFlow),
    ]);
    const focus = mapCells(read, (value, index) =>
      Number.isFinite(value) ? value : (oldFocus.data[index] as number),
    );
    const frameRadius = mapCells(focus, radiusAt);
    const features = await fusionFeatures({
      frame: small,
      picture: await smallPicture(picture, scales),
      mismatch: motion.mismatch,
      flow: motion.flow,
      frameRadius,
      pictureRadius,
      known: mapCells(read, (value) => (Number.isFinite(value) ? 1 : 0)),
    });
    const weight = { ...focus, data: await this.#weigh(features, { frame: frame.picture, picture }) };
    const fused = await blend(frame.picture, picture, weight);
    const mixed = mapCells(weight, (share, index) => {
      const [newer, older] = [frameRadius.data[index] as number, pictureRadius.data[index] as number];
      return share * newer + (1 - share) * older;
    });
    return {
      picture: fused,
      small: await smallPicture(fused, scales),
      // Nobody said where this is in focus, but the frame shows it better than the picture: there, as far as one knows.
      focus: mapCells(focus, (value, index) =>
        Number.isFinite(read.data[index]) || (weight.data[index] as number) < 0.5 ? value : z,
      ),
      radius: mixed,
    };
  }
}

interface NewFrame {
  readonly picture: ImageU8;
  readonly small: SmallPicture;
  /** In-focus position of each cell as read in this frame; NaN where it was not. */
  readonly read: ImageF32;
  readonly radiusAt: (focus: Steps) => number;
  readonly z: Steps;
}

function orElse(map: ImageF32, value: number): ImageF32 {
  return mapCells(map, (each) => (Number.isFinite(each) ? each : value));
}
