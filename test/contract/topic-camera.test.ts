import { newMessage } from "../../src/ros/message.ts";
import { systemClock } from "../../src/core/clock.ts";
import { EmbeddedGraph } from "../../src/ros/embedded-graph.ts";
import { IMAGE_QOS } from "../../src/ros/port.ts";
import { header } from "../../src/ros/time.ts";
import { TopicCamera } from "../../src/nodes/topic-camera.ts";
import { cameraDriverContract } from "./camera-driver.ts";

describe("the camera of another node", () => {
  const ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });

  cameraDriverContract("an image topic", async () => {
    const graph = new EmbeddedGraph({ sink: () => undefined });
    const publisher = (await graph.createNode("usb_cam")).publish(
      "image",
      "sensor_msgs/msg/Image",
      IMAGE_QOS,
    );
    const timer = setInterval(() => {
      const stamped = header(systemClock.now() - 5, "usb");
      const size = { width: 4, height: 2, step: 16, encoding: "bgr8" };
      publisher.publish(
        newMessage("sensor_msgs/msg/Image", { header: stamped, ...size, data: new Uint8Array(32) }),
      );
    }, 10);
    ends.push(() => {
      clearInterval(timer);
      return graph.shutdown();
    });
    const node = await graph.createNode("camera_driver");
    const settings = { "topic.image": "/image", exposure: 0.004, frame_timeout: 1 };
    return { driver: new TopicCamera(node, settings), clock: node.clock };
  });
});
