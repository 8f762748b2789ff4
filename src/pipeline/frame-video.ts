/**
 * Frames of a scene in motion, fused one after the other into all-in-focus video, with what the focus strategy last said
 * of where things are in focus. When the size of the frames changes, the picture begins anew.
 */
import type { Weigher } from "../algorithms/fusion/streaming/features.ts";
import type { FocusHint } from "../algorithms/fusion/streaming/focus-hint.ts";
import { StreamingFusion, videoReference } from "../algorithms/fusion/streaming/streaming-fusion.ts";
import type { LensModel } from "../algorithms/optics/lens-model.ts";
import { patchGrid } from "../algorithms/rois/patch-grid.ts";
import type { ImageU8 } from "../core/image.ts";
import type { Milliseconds, Steps } from "../core/units.ts";
import { fromImageMessage, toImageMessage } from "../ros/image-message.ts";
import type { ActivationMatrixMsg, ImageMsg } from "../ros/messages.ts";
import { fromTime } from "../ros/time.ts";
import type { FocusedFrame } from "./focused-frames.ts";

/** What was read of the scene this long ago still helps; much later, things are elsewhere. */
const HINT_AGE: Milliseconds = 400;

export class FrameVideo {
  readonly #lens: LensModel;
  readonly #weigh: Weigher;
  #stream: { readonly fusion: StreamingFusion; readonly size: string } | undefined;
  #activation: ActivationMatrixMsg | undefined;

  constructor(lens: LensModel, weigh: Weigher) {
    this.#lens = lens;
    this.#weigh = weigh;
  }

  /** The latest look of the focus strategy. */
  hear(activation: ActivationMatrixMsg): void {
    this.#activation = activation;
  }

  /** Forgets the picture so far. */
  restart(): void {
    this.#stream = undefined;
  }

  /** How much larger things are in the picture than in a frame captured at `position`. */
  magnification(position: Steps): number {
    return this.#lens.scale(position, videoReference(this.#lens));
  }

  /**
   * Takes in a frame; returns the picture as it then is, and with `depth` the focus position of each pixel (32FC1). Calls
   * must not overlap.
   * @throws AutofocusError `invalid_image`, `fusion_failed`, `inference_failed`.
   */
  async add(
    { message, position, stamp }: FocusedFrame,
    { depth }: { readonly depth: boolean },
  ): Promise<{ readonly image: ImageMsg; readonly depth: ImageMsg | undefined }> {
    const gray = message.encoding.startsWith("mono");
    const frame: ImageU8 = await fromImageMessage(message, gray ? "gray" : "rgb");
    const size = [frame.width, frame.height, frame.channels].join("x");
    if (this.#stream?.size !== size)
      this.#stream = { fusion: new StreamingFusion(this.#lens, this.#weigh), size };
    const { fusion } = this.#stream;
    const picture = await fusion.add(frame, position, this.#hintFor(frame, stamp));
    return {
      image: toImageMessage(picture, message.header),
      depth: depth ? toImageMessage(await fusion.position(), message.header) : undefined,
    };
  }

  #hintFor({ width, height }: ImageU8, stamp: Milliseconds): FocusHint | undefined {
    const heard = this.#activation;
    if (heard === undefined || Math.abs(stamp - fromTime(heard.header.stamp)) > HINT_AGE) return undefined;
    if (heard.patch_size > Math.min(width, height)) return undefined;
    const grid = patchGrid(width, height, heard.patch_size, heard.stride);
    if (grid.rows !== heard.rows || grid.cols !== heard.cols) return undefined;
    return { grid, inFocusAt: heard.deviation.map((deviation) => heard.position + deviation) };
  }
}
