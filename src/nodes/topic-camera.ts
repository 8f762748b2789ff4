/**
 * The camera of somebody else: a CameraDriver over the sensor_msgs/Image topic that another node publishes (usb_cam,
 * v4l2_camera, camera_ros, a bag). camera_driver adds to its pictures where the lens stood. The stamps of the messages are
 * taken for the beginning of the exposure; where a driver stamps later, the parameter clock_margin makes up for it.
 */
import { Subject, type Observable, type Subscription } from "rxjs";
import { AutofocusError, toAutofocusError } from "../core/errors.ts";
import type { Frame } from "../core/frame.ts";
import type { CameraDriver, CameraInfo } from "../drivers/camera.ts";
import { fromImageMessage } from "../ros/image-message.ts";
import type { ImageMsg } from "../ros/messages.ts";
import { IMAGE_SUBSCRIPTION_QOS, type RosNode } from "../ros/port.ts";
import { fromTime } from "../ros/time.ts";

export interface TopicCameraSettings {
  readonly "topic.image": string;
  /** Seconds. */
  readonly exposure: number;
  /** Seconds to wait for the first picture. */
  readonly frame_timeout: number;
}

export class TopicCamera implements CameraDriver {
  readonly frames$: Observable<Frame>;
  readonly #node: RosNode;
  readonly #settings: TopicCameraSettings;
  readonly #frames = new Subject<Frame>();
  readonly #closing = new AbortController();
  #subscription: Subscription | undefined;
  #info: CameraInfo | undefined;
  #sequence = 0;
  #isBusy = false;

  constructor(node: RosNode, settings: TopicCameraSettings) {
    this.#node = node;
    this.#settings = settings;
    this.frames$ = this.#frames.asObservable();
  }

  /** Waits for the first picture, which tells the size of all. */
  async open(): Promise<void> {
    const { "topic.image": topic, frame_timeout } = this.#settings;
    if (this.#closing.signal.aborted || this.#subscription !== undefined)
      throw new AutofocusError("camera_open_failed", "A camera can be opened only once.");
    if (topic === "")
      throw new AutofocusError("camera_open_failed", "The driver topic needs the name of an image topic.", {
        cure: "Set the parameter topic.image.",
      });
    const first = new AbortController();
    this.#subscription = this.#node
      .subscribe(topic, "sensor_msgs/msg/Image", IMAGE_SUBSCRIPTION_QOS)
      .subscribe((message) => {
        first.abort();
        void this.#receive(message);
      });
    const ended = AbortSignal.any([first.signal, this.#closing.signal]);
    await this.#node.clock.sleep(1000 * frame_timeout, ended).catch(() => undefined);
    if (first.signal.aborted) return;
    this.#subscription.unsubscribe();
    throw new AutofocusError(
      "camera_open_failed",
      `No picture on ${this.#node.resolve(topic)} within ${frame_timeout} s.`,
      { cure: "Check that its camera runs: ros2 topic hz." },
    );
  }

  info(): CameraInfo {
    if (this.#info === undefined) throw new AutofocusError("internal", "The camera is not open.");
    return this.#info;
  }

  close(): Promise<void> {
    this.#closing.abort();
    this.#subscription?.unsubscribe();
    this.#frames.complete();
    return Promise.resolve();
  }

  /** Pictures that come while one is still converted are lost. */
  async #receive(message: ImageMsg): Promise<void> {
    const sequence = this.#sequence++;
    const { width, height, encoding } = message;
    const channels = encoding.startsWith("mono") ? 1 : 3;
    this.#info ??= {
      width,
      height,
      channels,
      model: this.#settings["topic.image"],
      frameId: message.header.frame_id,
    };
    const { frameId } = this.#info;
    if (width !== this.#info.width || height !== this.#info.height || channels !== this.#info.channels) {
      this.#frames.error(
        new AutofocusError("camera_stopped", `The pictures changed to ${width}x${height} ${encoding}.`),
      );
      return;
    }
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      const image = await fromImageMessage(message, channels === 1 ? "gray" : "rgb");
      const exposure = 1000 * this.#settings.exposure;
      this.#frames.next({ image, stamp: fromTime(message.header.stamp), exposure, sequence, frameId });
    } catch (error) {
      this.#node.log.warn(`A picture is left out: ${toAutofocusError(error).summary}`);
    } finally {
      this.#isBusy = false;
    }
  }
}
