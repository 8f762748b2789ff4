/**
 * Frames of a still scene taken at different focus positions, fused into one picture. All are brought to the
 * magnification of the first by the known focus breathing of the lens (paper 1, section 3: alpha of Eq. 1).
 */
import { imscale } from "../algorithms/optics/defocus-model.ts";
import type { LensModel } from "../algorithms/optics/lens-model.ts";
import { noFrames } from "../algorithms/fusion/check-frames.ts";
import { StackFusion } from "../algorithms/fusion/stack/stack-fusion.ts";
import type { Roi } from "../core/roi.ts";
import type { Steps } from "../core/units.ts";
import { toImageMessage } from "../ros/image-message.ts";
import type { HeaderMsg, ImageMsg } from "../ros/messages.ts";
import { eightBit, floatPicture } from "./float-picture.ts";
import type { FocusedFrame } from "./focused-frames.ts";

export interface FusedMessages {
  /** All in focus, in the geometry of the first frame and with its header. */
  readonly image: ImageMsg;
  /** 32FC1, the focus position of each pixel. */
  readonly depth: ImageMsg;
}

export class FrameStack {
  readonly #lens: LensModel;
  readonly #fusion = new StackFusion();
  #first: { readonly header: HeaderMsg; readonly position: Steps } | undefined;

  constructor(lens: LensModel) {
    this.#lens = lens;
  }

  get isEmpty(): boolean {
    return this.#first === undefined;
  }

  /** Calls must not overlap. @throws AutofocusError `invalid_image`, `fusion_failed`. */
  async add({ message, position }: FocusedFrame): Promise<void> {
    const picture = await floatPicture(message);
    this.#first ??= { header: message.header, position };
    const magnification = this.#lens.scale(position, this.#first.position);
    const aligned = await imscale(picture, magnification);
    await this.#fusion.add(aligned, position, { valid: covered(picture, magnification) });
  }

  /** @throws AutofocusError `fusion_failed` without a frame. */
  async finish(): Promise<FusedMessages> {
    if (this.#first === undefined) throw noFrames();
    const { header } = this.#first;
    const { fused, position } = await this.#fusion.finish();
    return { image: toImageMessage(eightBit(fused), header), depth: toImageMessage(position, header) };
  }
}

/** The part of the picture that a frame of its size reaches when it is made smaller about the middle. */
function covered(
  { width, height }: { readonly width: number; readonly height: number },
  scale: number,
): Roi | undefined {
  if (scale >= 1) return undefined;
  const [x, y] = [Math.ceil(((1 - scale) * width) / 2), Math.ceil(((1 - scale) * height) / 2)];
  return { x, y, width: width - 2 * x, height: height - 2 * y };
}
