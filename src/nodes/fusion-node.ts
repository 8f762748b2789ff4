/**
 * The node `fusion`: makes all-in-focus pictures of the frames that the camera takes with the lens at rest.
 *
 * - `video`: every such frame is fused with the picture so far (algorithms/fusion/streaming), for moving scenes.
 * - `stack`: the frames that focus_strategy looks at (`focus_strategy/activation`) are fused when it says complete, for
 *   still scenes.
 *
 * Of the frames that come while one is being fused only the latest waits; one that cannot be used is logged and left out.
 * When the size of the frames changes, the picture begins anew.
 */
import { concatMap, filter, type Observable, type Subscription } from "rxjs";
import type { Weigher } from "../algorithms/fusion/streaming/features.ts";
import type { LensModel } from "../algorithms/optics/lens-model.ts";
import { hold } from "../core/clock.ts";
import { expected, toAutofocusError } from "../core/errors.ts";
import { CameraFeed } from "../pipeline/camera-feed.ts";
import type { FocusedFrame } from "../pipeline/focused-frames.ts";
import { FrameStack } from "../pipeline/frame-stack.ts";
import { FrameVideo } from "../pipeline/frame-video.ts";
import { latestMap } from "../pipeline/latest-map.ts";
import { once } from "../pipeline/networks.ts";
import type { ActivationMatrixMsg, CameraInfoMsg, HeaderMsg, ImageMsg } from "../ros/messages.ts";
import type { ParameterStore } from "../ros/parameters.ts";
import { IMAGE_SUBSCRIPTION_QOS, type RosNode } from "../ros/port.ts";
import { Activity } from "./activity.ts";
import { keepLoaded } from "./device-keeper.ts";
import { FusionPublishers } from "./fusion-publishers.ts";
import { fusionParameters } from "./fusion-parameters.ts";
import { lensModel } from "./lens-parameters.ts";
import { ManagedNode } from "./managed-node.ts";
import type { NodeFactory } from "./types.ts";

export interface FusionDependencies {
  /** Loads the network that weighs the frames of a video. @throws AutofocusError `model_missing`, `model_invalid`. */
  readonly weigher: () => Promise<Weigher>;
}

export const createFusionNode: NodeFactory<FusionDependencies> = (node, dependencies) =>
  new FusionNode(node, dependencies).managed;

/** How many camera_info messages are kept for the frames they belong to. */
const INFOS = 16;

class FusionNode {
  readonly managed: ManagedNode;
  readonly #node: RosNode;
  readonly #parameters: ParameterStore<typeof fusionParameters>;
  readonly #publishers: FusionPublishers;
  readonly #activity: Activity;
  readonly #weigher: FusionDependencies["weigher"];
  #model = once(() => this.#loadModel());
  /** While the node is active. */
  #subscription: Subscription | undefined;
  #fused = 0;
  #infos: readonly CameraInfoMsg[] = [];
  #video: FrameVideo | undefined;
  #stack: { readonly frames: FrameStack; readonly info: CameraInfoMsg | undefined } | undefined;
  /** The latest frame that nobody has decided on yet (stack). */
  #held: FocusedFrame | undefined;

  constructor(node: RosNode, { weigher }: FusionDependencies) {
    this.#node = node;
    this.#weigher = weigher;
    this.#parameters = node.declareParameters(fusionParameters);
    this.#publishers = new FusionPublishers(node);
    this.#activity = new Activity(node);
    const { clock, log } = node;
    this.managed = new ManagedNode({
      node,
      activity: this.#activity,
      autostart: this.#parameters.values.autostart,
      keep: (onState) =>
        keepLoaded({ what: "lens model and network", clock, log, load: () => this.#load(), onState }),
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
    if (this.#parameters.values.method === "video") await this.#weigher();
  }

  #begin(): void {
    this.#video = undefined;
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
    const subscription = camera.settled$
      .pipe(
        filter(() => this.#publishers.areWanted),
        latestMap((frame) => this.#guarded(() => this.#addToVideo(frame))),
      )
      .subscribe();
    subscription.add(this.#activations().subscribe((activation) => this.#video?.hear(activation)));
    return subscription;
  }

  #runStack(camera: CameraFeed): Subscription {
    const subscription = camera.settled$.subscribe((frame) => {
      if (this.#held?.position !== frame.position) this.#held = frame;
    });
    subscription.add(
      this.#activations()
        .pipe(concatMap((activation) => this.#guarded(() => this.#addToStack(activation))))
        .subscribe(),
    );
    return subscription;
  }

  #activations(): Observable<ActivationMatrixMsg> {
    return this.#node.subscribe("focus_strategy/activation", "intelligent_autofocus/msg/ActivationMatrix");
  }

  /** Does the work, in no time of a clock that is stepped; what goes wrong is logged, and the picture begins anew. */
  async #guarded(work: () => Promise<void>): Promise<void> {
    try {
      await hold(this.#node.clock, work());
    } catch (error) {
      this.#video?.restart();
      this.#stack = undefined;
      this.#node.log.warn(`A frame was not fused: ${toAutofocusError(error).summary}`);
    }
  }

  async #addToVideo(frame: FocusedFrame): Promise<void> {
    this.#video ??= new FrameVideo(await this.#model(), await this.#weigher());
    const pictures = await this.#video.add(frame, { depth: this.#publishers.isDepthWanted });
    const info = this.#infoOf(frame.message.header);
    await this.#publish(pictures, info && magnified(info, this.#video.magnification(frame.position)));
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

  async #publish(
    pictures: { readonly image: ImageMsg; readonly depth: ImageMsg | undefined },
    info: CameraInfoMsg | undefined,
  ): Promise<void> {
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
