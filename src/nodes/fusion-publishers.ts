/** The topics of the node `fusion`; what nobody listens to is not made. */
import { encode } from "../io/picture.ts";
import { fromImageMessage } from "../ros/image-message.ts";
import type { CameraInfoMsg, CompressedImageMsg, ImageMsg } from "../ros/messages.ts";
import { IMAGE_QOS, type Publisher, type RosNode } from "../ros/port.ts";

export class FusionPublishers {
  readonly #image: Publisher<ImageMsg>;
  readonly #compressed: Publisher<CompressedImageMsg>;
  readonly #info: Publisher<CameraInfoMsg>;
  readonly #depth: Publisher<ImageMsg>;

  constructor(node: RosNode) {
    this.#image = node.publish("all_in_focus/image", "sensor_msgs/msg/Image", IMAGE_QOS);
    this.#compressed = node.publish(
      "all_in_focus/image/compressed",
      "sensor_msgs/msg/CompressedImage",
      IMAGE_QOS,
    );
    this.#info = node.publish("all_in_focus/camera_info", "sensor_msgs/msg/CameraInfo", IMAGE_QOS);
    this.#depth = node.publish("all_in_focus/depth", "sensor_msgs/msg/Image", IMAGE_QOS);
  }

  /** Somebody listens to a picture. */
  get areWanted(): boolean {
    return [this.#image, this.#compressed, this.#depth].some((each) => each.subscriptionCount > 0);
  }

  /** Somebody listens to the focus positions. */
  get isDepthWanted(): boolean {
    return this.#depth.subscriptionCount > 0;
  }

  /** @param info of the frame whose geometry the picture has, where that is known. */
  async publish(
    { image, depth }: { readonly image: ImageMsg; readonly depth: ImageMsg | undefined },
    info: CameraInfoMsg | undefined,
    jpegQuality: number,
  ): Promise<void> {
    this.#image.publish(image);
    if (depth !== undefined) this.#depth.publish(depth);
    if (info !== undefined) this.#info.publish({ ...info, header: image.header });
    if (this.#compressed.subscriptionCount === 0) return;
    const picture = await fromImageMessage(image, image.encoding === "mono8" ? "gray" : "rgb");
    // A Buffer of sharp may be a view of a larger pool; messages carry arrays of their own.
    const data = new Uint8Array(await encode(picture, "jpeg", { quality: jpegQuality }));
    this.#compressed.publish({ header: image.header, format: "jpeg", data });
  }
}
