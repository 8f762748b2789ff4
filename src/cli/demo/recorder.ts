/** Keeps what the nodes publish, so that frames, overlays and fused pictures of one moment can be put side by side. */
import { Subscription } from "rxjs";
import { focusedFrames, type FocusedFrame } from "../../pipeline/focused-frames.ts";
import type { ActivationMatrixMsg, ImageMsg } from "../../ros/messages.ts";
import { IMAGE_SUBSCRIPTION_QOS, type RosNode } from "../../ros/port.ts";
import { fromTime } from "../../ros/time.ts";

const IMAGE = "sensor_msgs/msg/Image";

type Stamped = Pick<ImageMsg, "header">;

export class Recorder {
  readonly #subscription = new Subscription();
  readonly #frames = new Map<number, FocusedFrame>();
  readonly #overlays = new Map<number, ImageMsg>();
  readonly #activations: ActivationMatrixMsg[] = [];
  readonly #fused: ImageMsg[] = [];

  /** @param fused whether to listen to all-in-focus pictures, which has the node fusion make them. */
  constructor(node: RosNode, { fused }: { readonly fused: boolean }) {
    const frames = focusedFrames(
      node.subscribe("image_raw", IMAGE, IMAGE_SUBSCRIPTION_QOS),
      node.subscribe("frame_focus", "intelligent_autofocus/msg/FrameFocus", IMAGE_SUBSCRIPTION_QOS),
    );
    this.#subscription.add(frames.subscribe((frame) => this.#frames.set(frame.stamp, frame)));
    this.#subscription.add(
      node
        .subscribe("focus_strategy/activation_image", IMAGE)
        .subscribe((each) => this.#overlays.set(stampOf(each), each)),
    );
    this.#subscription.add(
      node
        .subscribe("focus_strategy/activation", "intelligent_autofocus/msg/ActivationMatrix")
        .subscribe((each) => this.#activations.push(each)),
    );
    if (fused)
      this.#subscription.add(
        node.subscribe("all_in_focus/image", IMAGE).subscribe((each) => this.#fused.push(each)),
      );
  }

  /** The looks of the strategy, in order. */
  get activations(): readonly ActivationMatrixMsg[] {
    return this.#activations;
  }

  /** The all-in-focus pictures, in order. */
  get fused(): readonly ImageMsg[] {
    return this.#fused;
  }

  /** The frame that a message is about. */
  frameOf(message: Stamped): FocusedFrame | undefined {
    return this.#frames.get(stampOf(message));
  }

  overlayOf(message: Stamped): ImageMsg | undefined {
    return this.#overlays.get(stampOf(message));
  }

  close(): void {
    this.#subscription.unsubscribe();
  }
}

function stampOf({ header }: Stamped): number {
  return fromTime(header.stamp);
}
