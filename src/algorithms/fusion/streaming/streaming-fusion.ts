/**
 * All-in-focus video: each frame is fused with the picture fused so far (paper 1, section 6.2.3, J^t from J^(t-1) and
 * I^t; the paper uses the trained network AWnet, this needs no training):
 *
 * 1. Align: each frame is brought to one magnification by the known focus breathing of the lens. It is the largest that
 *    the lens has, so that every frame covers the whole picture and the video does not breathe.
 * 2. Compare: a pixel comes from the picture so far where that is clearly sharper than the frame, by the focus maps and
 *    the decision of GFDF (section 6.2.2); else from the frame.
 * 3. Forget: where the frame does not show what the lens model makes of the picture so far (expected-frame.ts), the
 *    scene has changed, and the frame counts although it may be out of focus there (scene-change.ts).
 *
 * Known limit: nothing is warped, so what moves stays where it was last seen sharp until it is seen so again, or until it
 * has moved far enough to count as changed.
 */
import { image, type ImageF32 } from "../../../core/image.ts";
import { guidedFilter } from "../../../core/native/index.ts";
import type { Steps } from "../../../core/units.ts";
import { imscale } from "../../optics/defocus-model.ts";
import type { LensModel } from "../../optics/lens-model.ts";
import { checkPosition, checkSameShape } from "../check-frames.ts";
import { blend } from "../gfdf/blend.ts";
import { decide, focusMap } from "../gfdf/decision.ts";
import { GFDF_DEFAULTS } from "../gfdf/fuse-gfdf.ts";
import { luma } from "../luma.ts";
import { expectedFrame } from "./expected-frame.ts";
import { sceneChange } from "./scene-change.ts";

export interface StreamedFusion {
  /** Same size, channels and values as the frames, magnified as at `reference`. */
  readonly fused: ImageF32;
  /** Focus position of the frame that each pixel comes from. */
  readonly position: ImageF32;
}

/** Share of the frame that a region of the decision must have; as in paper 1. */
const AREA_RATIO = 0.001;
const FILTER = GFDF_DEFAULTS;
/** How much sharper than the frame the picture so far must be. */
const PREFERENCE = 1.4;

export class StreamingFusion {
  /** Focus position whose magnification the pictures have. */
  readonly reference: Steps;
  readonly #lens: LensModel;
  #latest: StreamedFusion | undefined;

  constructor(lens: LensModel) {
    const { min, max } = lens.range;
    this.#lens = lens;
    this.reference = lens.scale(min, max) < 1 ? min : max;
  }

  /**
   * Takes in a frame, nominally 0..1 after gamma, captured at `z`, and returns the picture as it then is. Calls must not
   * overlap.
   * @throws AutofocusError `fusion_failed` when size or channels differ from the frame before, or `z` is not finite.
   */
  async add(frame: ImageF32, z: Steps): Promise<StreamedFusion> {
    checkPosition(z);
    if (this.#latest !== undefined) checkSameShape(this.#latest.fused, frame);
    const aligned = await imscale(frame, this.#lens.scale(z, this.reference));
    this.#latest =
      this.#latest === undefined ? start(aligned, z) : await this.#fuse(this.#latest, aligned, z);
    return this.#latest;
  }

  async #fuse({ fused, position }: StreamedFusion, frame: ImageF32, z: Steps): Promise<StreamedFusion> {
    const [grayFrame, grayFused] = [luma(frame), luma(fused)];
    const magnification = this.#lens.scale(z, this.reference);
    const [mapFrame, mapFused, expected] = await Promise.all([
      focusMap(grayFrame, FILTER),
      focusMap(grayFused, FILTER),
      expectedFrame(grayFused, position, this.#lens, z, magnification),
    ]);
    const mask = decide(preferred(mapFrame), mapFused, AREA_RATIO);
    const hard: ImageF32 = { ...mask, data: Float32Array.from(mask.data) };
    const [weight, change] = await Promise.all([
      guidedFilter(blend(grayFrame, grayFused, hard), hard, FILTER.radius, FILTER.epsilon),
      sceneChange(grayFrame, expected),
    ]);
    const data = weight.data.map((value, i) => Math.max(value, change.data[i] as number));
    const positions = position.data.map((earlier, i) =>
      mask.data[i] === 1 || (change.data[i] as number) > 0.5 ? z : earlier,
    );
    return { fused: blend(frame, fused, { ...weight, data }), position: { ...position, data: positions } };
  }
}

/** Of two pictures about equally sharp the newer counts: mixed, they would show everything that moves twice. */
function preferred(map: ImageF32): ImageF32 {
  return { ...map, data: map.data.map((value) => PREFERENCE * value) };
}

function start(frame: ImageF32, z: Steps): StreamedFusion {
  const { width, height } = frame;
  return { fused: frame, position: image(width, height, 1, new Float32Array(width * height).fill(z)) };
}
