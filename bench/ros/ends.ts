/** The ways to send and receive pictures that are compared: this package, and rclnodejs as its documentation shows it. */
import type { ImageMsg } from "../../src/ros/messages.ts";
import { IMAGE_QOS } from "../../src/ros/port.ts";
import { createRclnodejsContext } from "../../src/ros/rclnodejs-adapter.ts";

export const IMAGE = "sensor_msgs/msg/Image";
const TOPIC = "/bench/picture";

export type Kind = "ours" | "plain";
export type Reliability = "reliable" | "best-effort";

/** One way to send and receive pictures. */
export interface Ends {
  send(): Promise<{ readonly listeners: () => number; readonly publish: (image: ImageMsg) => void }>;
  receive(onImage: (image: ImageMsg) => void): Promise<void>;
  close(): Promise<void>;
}

export const ENDS: Readonly<Record<Kind, (reliability: Reliability) => Promise<Ends>>> = { ours, plain };

async function ours(reliability: Reliability): Promise<Ends> {
  const context = await createRclnodejsContext();
  const qos = { ...IMAGE_QOS, reliability };
  return {
    send: async () => {
      const publisher = (await context.createNode("sender")).publish(TOPIC, IMAGE, qos);
      return {
        listeners: () => publisher.subscriptionCount,
        publish: (image) => publisher.publish(image),
      };
    },
    receive: async (onImage) =>
      void (await context.createNode("receiver")).subscribe(TOPIC, IMAGE, qos).subscribe(onImage),
    close: () => context.shutdown(),
  };
}

/** The part of rclnodejs used here. */
interface Rcl {
  init(): Promise<void>;
  shutdown(): void;
  readonly Node: new (name: string) => {
    spin(): void;
    createPublisher(
      type: string,
      topic: string,
      options: object,
    ): { readonly subscriptionCount: number; publish(image: ImageMsg): void };
    createSubscription(
      type: string,
      topic: string,
      options: object,
      callback: (image: ImageMsg) => void,
    ): void;
  };
  readonly QoS: new (history: number, depth: number, reliability: number, durability: number) => object;
}

/** Objects in, objects out. */
async function plain(reliability: Reliability): Promise<Ends> {
  // The name in a variable, because its types are there only where ROS 2 is.
  const name: string = "rclnodejs";
  const { default: rcl } = (await import(name)) as { default: Rcl };
  await rcl.init();
  const options = { qos: new rcl.QoS(1, IMAGE_QOS.depth, reliability === "reliable" ? 1 : 2, 2) };
  const node = (role: string) => {
    const made = new rcl.Node(role);
    made.spin();
    return made;
  };
  return {
    send: () => {
      const publisher = node("plain_sender").createPublisher(IMAGE, TOPIC, options);
      return Promise.resolve({
        listeners: () => publisher.subscriptionCount,
        publish: (image) => publisher.publish(image),
      });
    },
    receive: (onImage) => {
      node("plain_receiver").createSubscription(IMAGE, TOPIC, options, onImage);
      return Promise.resolve();
    },
    close: () => {
      rcl.shutdown();
      return Promise.resolve();
    },
  };
}
