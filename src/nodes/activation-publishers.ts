/** The topics on which `focus_strategy` shows its looks; pictures are made only for those who listen. */
import { drawActivation } from "../algorithms/strategy/overlay.ts";
import { activationMessage, occupancyMessage, sharpnessMessage } from "../pipeline/activation-messages.ts";
import type { SceneLook } from "../pipeline/scene-look.ts";
import { fromImageMessage, toImageMessage } from "../ros/image-message.ts";
import type { ActivationMatrixMsg, ImageMsg, OccupancyGridMsg } from "../ros/messages.ts";
import { IMAGE_QOS, LATCHED_QOS, type Publisher, type RosNode } from "../ros/port.ts";

export class ActivationPublishers {
  readonly #matrix: Publisher<ActivationMatrixMsg>;
  readonly #overlay: Publisher<ImageMsg>;
  readonly #grid: Publisher<OccupancyGridMsg>;
  readonly #sharpness: Publisher<ImageMsg>;

  constructor(node: RosNode) {
    const image = "sensor_msgs/msg/Image";
    this.#matrix = node.publish("focus_strategy/activation", "intelligent_autofocus/msg/ActivationMatrix");
    this.#overlay = node.publish("focus_strategy/activation_image", image, IMAGE_QOS);
    this.#grid = node.publish("focus_strategy/activation_grid", "nav_msgs/msg/OccupancyGrid", LATCHED_QOS);
    this.#sharpness = node.publish("focus_strategy/sharpness", image, IMAGE_QOS);
  }

  /** @param resolution metres a patch in the occupancy grid. */
  async publish(look: SceneLook, resolution: number): Promise<void> {
    this.#matrix.publish(activationMessage(look));
    if (this.#sharpness.subscriptionCount > 0) this.#sharpness.publish(sharpnessMessage(look));
    this.#grid.publish(occupancyMessage(look, resolution));
    if (this.#overlay.subscriptionCount === 0) return;
    const picture = await fromImageMessage(look.frame.message, "rgb");
    const overlay = drawActivation(picture, look.grid, look.step);
    this.#overlay.publish(toImageMessage(overlay, look.frame.message.header));
  }
}
