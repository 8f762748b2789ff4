/**
 * The node `fusion`: makes all-in-focus pictures of the frames that the camera takes with the lens at rest.
 *
 * - `video`: every such frame is fused with the picture so far (algorithms/fusion/streaming), for moving scenes.
 * - `stack`: the frames that focus_strategy looks at (`focus_strategy/activation`) are fused when it says complete, for
 *   still scenes.
 *
 * A frame that comes while one is being fused is left out; one that cannot be used is logged and left out. When the size
 * of the frames changes, the picture begins anew.
 */
import { concatMap, exhaustMap, filter, type Subscription } from "rxjs";
import { StreamingFusion } from "../algorithms/fusion/streaming/streaming-fusion.ts";
import type { LensModel } from "../algorithms/optics/lens-model.ts";
import { hold } from "../core/clock.ts";
import { expected, toAutofocusError } from "../core/errors.ts";
import { CameraFeed } from "../pipeline/camera-feed.ts";
import { eightBit, floatPicture } from "../pipeline/float-picture.ts";
import type { FocusedFrame } from "../pipeline/focused-frames.ts";
import { FrameStack, type FusedMessages } from "../pipeline/frame-stack.ts";
import { once } from "../pipeline/networks.ts";
import { toImageMessage } from "../ros/image-message.ts";
import type { ActivationMatrixMsg, CameraInfoMsg, HeaderMsg } from "../ros/messages.ts";
import type { ParameterStore } from "../ros/parameters.ts";
import { IMAGE_SUBSCRIPTION_QOS, type RosNode } from "../ros/port.ts";
import { Activity } from "./activity.ts";
import { keepLoaded } from "./device-keeper.ts";
import { FusionPublishers } from "./fusion-publishers.ts";
import { fusionParameters } from "./fusion-parameters.ts";
import { lensModel } from "./lens-parameters.ts";
import { ManagedNode } from "./managed-node.ts";
import type { NodeFactory } from "./types.ts";

export const createFusionNode: NodeFactory<Record<string, never>> = (node) => new FusionNode(node).managed;

/** How many camera_info messages are kept for the frames they belong to. */
const INFOS = 16;

class FusionNode {
  readonly managed: ManagedNode;
  readonly #node: RosNode;
  readonly #parameters: ParameterStore<typeof fusionParameters>;
  readonly #publishers: FusionPublishers;
  readonly #activity: Activity;
  #model = once(() => this.#loadModel());
  /** While the node is active. */
  #subscription: Subscription | undefined;
  #fused = 0;
  #infos: readonly CameraInfoMsg[] = [];
  #stream: { readonly fusion: StreamingFusion; readonly size: string } | undefined;
  #stack: { readonly frames: FrameStack; readonly info: CameraInfoMsg | undefined } | undefined;
  /** The latest frame that nobody has decided on yet (stack). */
  #held: FocusedFrame | undefined;

  constructor(node: RosNode) {
    this.#node = node;
    this.#parameters = node.declareParameters(fusionParameters);
    this.#publishers = new FusionPublishers(node);
    this.#activity = new Activity(node);
    const { clock, log } = node;
    this.managed = new ManagedNode({
      node,
      activity: this.#activity,
      autostart: this.#parameters.values.autostart,
      keep: (onState) =>
        keepLoaded({ what: "the lens model", clock, log, load: () => this.#load(), onState }),
      activate: () => this.#begin(),
      deactivate: () => this.#subscription?.unsubscribe(),
      close: () => undefined,
      values: () => ({ pictures: this.#fused }),
    });
  }

  async #load(): Promise<void> {
    // A file that has changed since it was configured the last time counts.
    this.#model = once(() => this.#loadModel());
    await this.#model();
  }

  #begin(): void {
    this.#stream = undefined;
    this.#stack = undefined;
    this.#held = undefined;
    this.#infos = [];
    const camera = new CameraFeed(this.#node);
    const infos = this.#node.subscribe("camera_info", "sensor_msgs/msg/CameraInfo", IMAGE_SUBSCRIPTION_QOS);
    this.#subscription = infos.subscribe((info) => (this.#infos = [...this.#infos, info].slice(-INFOS)));
    this.#subscription.add(
      this.#parameters.values.method === "video" ? this.#runVideo(camera) : this.#runStack(camera),
    );
    this.#subscription.add(() => camera.close());
  }

  async #loadModel(): Promise<LensModel> {
    const model = await lensModel(this.#parameters.values);
    if (model === undefined)
      throw expected("invalid_parameter", "a lens file", "lens", "", {
        cure: "Fusion needs to know how the lens magnifies: name a lens file.",
      });
    return model;
  }

  #runVideo(camera: CameraFeed): Subscription {
    return camera.settled$
      .pipe(
        filter(() => this.#publishers.areWanted),
        exhaustMap((frame) => this.#guarded(() => this.#addToVideo(frame))),
      )
      .subscribe();
  }

  #runStack(camera: CameraFeed): Subscription {
    const subscription = camera.settled$.subscribe((frame) => {
      if (this.#held?.position !== frame.position) this.#held = frame;
    });
    subscription.add(
      this.#node
        .subscribe("focus_strategy/activation", "intelligent_autofocus/msg/ActivationMatrix")
        .pipe(concatMap((activation) => this.#guarded(() => this.#addToStack(activation))))
        .subscribe(),
    );
    return subscription;
  }

  /** Does the work, in no time of a clock that is stepped; what goes wrong is logged, and the picture begins anew. */
  async #guarded(work: () => Promise<void>): Promise<void> {
    try {
      await hold(this.#node.clock, work());
    } catch (error) {
      this.#stream = undefined;
      this.#stack = undefined;
      this.#node.log.warn(`A frame was not fused: ${toAutofocusError(error).summary}`);
    }
  }

  async #addToVideo({ message, position }: FocusedFrame): Promise<void> {
    const picture = await floatPicture(message);
    const size = [picture.width, picture.height, picture.channels].join("x");
    if (this.#stream?.size !== size)
      this.#stream = { fusion: new StreamingFusion(await this.#model()), size };
    const fused = await this.#stream.fusion.add(picture, position);
    const { header } = message;
    const image = toImageMessage(eightBit(fused.fused), header);
    const depth = toImageMessage(fused.position, header);
    const magnification = (await this.#model()).scale(position, this.#stream.fusion.reference);
    const info = this.#infoOf(header);
    await this.#publish({ image, depth }, info && magnified(info, magnification));
  }

  async #addToStack({ position, in_focus, complete }: ActivationMatrixMsg): Promise<void> {
    const frame = this.#held;
    if (frame !== undefined && Math.abs(frame.position - position) < 1 && in_focus.includes(1)) {
      const info = this.#infoOf(frame.message.header);
      this.#stack ??= { frames: new FrameStack(await this.#model()), info };
      await this.#stack.frames.add(frame);
    }
    if (!complete || this.#stack === undefined) return;
    const { frames, info } = this.#stack;
    this.#stack = undefined;
    await this.#publish(await frames.finish(), info);
  }

  async #publish(pictures: FusedMessages, info: CameraInfoMsg | undefined): Promise<void> {
    // The node may have been deactivated while it fused.
    if (!this.#activity.isActive) return;
    this.#fused++;
    await this.#publishers.publish(pictures, info, this.#parameters.values.jpeg_quality);
  }

  #infoOf({ stamp }: HeaderMsg): CameraInfoMsg | undefined {
    return this.#infos.find(
      ({ header }) => header.stamp.sec === stamp.sec && header.stamp.nanosec === stamp.nanosec,
    );
  }
}

/** camera_info of a picture magnified about its middle: the focal lengths in K and P. */
function magnified(info: CameraInfoMsg, factor: number): CameraInfoMsg {
  const scale = (matrix: Float64Array, focal: readonly number[]): Float64Array =>
    matrix.map((value, index) => (focal.includes(index) ? factor * value : value));
  return { ...info, k: scale(info.k, [0, 4]), p: scale(info.p, [0, 5]) };
}
