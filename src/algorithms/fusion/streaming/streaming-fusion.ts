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
 * Known limits: motion is found to a fraction of a cell, so thin things that move fast tear; what changes its motion while
 * it is out of focus is not placed to the pixel; what is hidden behind something and comes out again is as the new frame
 * shows it, sharp or not.
 */
import type { ImageF32, ImageU8 } from "../../../core/image.ts";
import {
  blend,
  fusionFeatures,
  resample,
  smallPicture,
  warp,
  type CertainFlow,
  type SmallPicture,
} from "../../../core/native/index.ts";
import type { Pixels, Steps } from "../../../core/units.ts";
import type { LensModel } from "../../optics/lens-model.ts";
import { checkPosition, checkSameShape, noFrames } from "../check-frames.ts";
import { evenMap, isNumber, moveCells, orElse } from "./cell-map.ts";
import type { Weigher } from "./features.ts";
import { focusOfCells, type FocusHint } from "./focus-hint.ts";
import { magnify } from "./magnify.ts";
import { motionBetween } from "./motion.ts";
import { radiusOfCells } from "./radius-table.ts";
import { scalesOf, type Scales } from "./scales.ts";

/** What is remembered from frame to frame. */
interface Fused {
  readonly picture: ImageU8;
  /** Of the small picture. */
  readonly luma: ImageF32;
  /** In-focus position of each cell; NaN where it is not known. */
  readonly focus: ImageF32;
  /** Radius of the blur left in each cell of the picture, px. */
  readonly radius: ImageF32;
  /** How that picture moved to be where it is; undefined for the first. px of the small pictures. */
  readonly motion?: CertainFlow;
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
  /** Of the lens over its range, px. */
  readonly #mostBlur: Pixels;
  #latest: Fused | undefined;
  /** Written over with every frame: pictures are large, and to make them anew costs more than to fill them. */
  #scratch: { readonly frame: ImageU8; readonly picture: ImageU8 } | undefined;

  constructor(lens: LensModel, weigh: Weigher) {
    this.#lens = lens;
    this.#weigh = weigh;
    this.#reference = videoReference(lens);
    const { min, max } = lens.range;
    this.#mostBlur = Math.max(lens.radius(min, max), lens.radius(max, min));
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
    const picture = await magnify(frame, magnification, this.#scratch?.frame);
    const small = await smallPicture(picture, scales.small);
    const tolerance = this.#lens.depthOfField(z);
    const readOf = (expected: ImageF32): ImageF32 =>
      hint === undefined
        ? evenMap(scales.columns, scales.rows, NaN)
        : focusOfCells(hint, scales, frame, magnification, expected, tolerance);
    const radiusOf = (focus: ImageF32): ImageF32 => radiusOfCells(focus, this.#lens, z, magnification);
    const captured = { picture, small, readOf, radiusOf, z };
    if (before === undefined) {
      this.#latest = begun(captured, scales);
    } else {
      this.#scratch ??= { frame: emptyLike(frame), picture: emptyLike(frame) };
      this.#latest = await this.#fuse(before, captured, this.#scratch.picture, scales);
    }
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

  async #fuse(before: Fused, frame: Captured, into: ImageU8, scales: Scales): Promise<Fused> {
    const { small, readOf, radiusOf } = frame;
    const motion = await motionBetween(before.luma, small.luma, this.#mostBlur / scales.small, before.motion);
    const { flow, mismatch, blur } = motion;
    const perCell = scales.small / scales.cell;
    const [picture, pictureRadius] = await Promise.all([
      warp(before.picture, flow, { scale: scales.small, into }),
      warp(before.radius, flow, { scale: perCell }),
    ]);
    const oldFocus = moveCells(before.focus, flow, perCell);
    const read = readOf(oldFocus);
    const focus = orElse(read, oldFocus);
    const frameRadius = radiusOf(focus);
    const moved = await smallPicture(picture, scales.small);
    const planes = await fusionFeatures({
      frameLuma: small.cells,
      frameFine: small.fine,
      frameCoarse: small.coarse,
      pictureLuma: moved.cells,
      pictureFine: moved.fine,
      pictureCoarse: moved.coarse,
      ...flow,
      mismatch,
      blur,
      frameRadius,
      pictureRadius,
      known: isNumber(read),
    });
    const features = { columns: scales.columns, rows: scales.rows, planes };
    const weight = { ...focus, data: await this.#weigh(features, { frame: frame.picture, picture }) };
    const [fused, luma, radius] = await Promise.all([
      blend(frame.picture, picture, weight),
      blend(small.luma, moved.luma, weight),
      blend(frameRadius, pictureRadius, weight),
    ]);
    return { picture: fused, luma, focus: this.#confirmed(focus, weight, frame), radius, motion: flow };
  }

  /** What the frame shows better than the picture is in focus there, unless all patches around say something else. */
  #confirmed(focus: ImageF32, weight: ImageF32, { readOf, z }: Captured): ImageF32 {
    const read = readOf(evenMap(focus.width, focus.height, z)).data;
    const reach = this.#lens.depthOfField(z);
    const data = focus.data.slice();
    for (let index = 0; index < data.length; index++) {
      const isElsewhere = Math.abs((read[index] as number) - z) > reach;
      if ((weight.data[index] as number) >= 0.5 && !isElsewhere) data[index] = z;
    }
    return { ...focus, data };
  }
}

/** A frame brought to the magnification of the picture. */
interface Captured {
  readonly picture: ImageU8;
  readonly small: SmallPicture;
  /** In-focus position of each cell as read in this frame, given what was expected; NaN where it was not. */
  readonly readOf: (expected: ImageF32) => ImageF32;
  /** Radius of the blur in each cell, px, by where it is in focus. */
  readonly radiusOf: (focus: ImageF32) => ImageF32;
  readonly z: Steps;
}

function emptyLike({ width, height, channels, data }: ImageU8): ImageU8 {
  return { width, height, channels, data: new Uint8Array(data.length) };
}

function begun({ picture, small, readOf, radiusOf, z }: Captured, { columns, rows }: Scales): Fused {
  const here = evenMap(columns, rows, z);
  const read = readOf(here);
  return { picture, luma: small.luma, focus: orElse(read, here), radius: radiusOf(read) };
}
