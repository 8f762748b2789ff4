/**
 * Pictures go as CDR that we write ourselves, and come in memory of the middleware: another implementation must read the
 * same and write it back, and what came must last.
 */
import { expect } from "chai";
import { fileURLToPath } from "node:url";
import { newMessage } from "../../src/ros/message.ts";
import type { ImageMsg } from "../../src/ros/messages.ts";
import { IMAGE_QOS, type RosContext } from "../../src/ros/port.ts";
import { createRclnodejsContext } from "../../src/ros/rclnodejs-adapter.ts";
import { eventually } from "../support/async.ts";
import { describeRos } from "../support/ros.ts";
import { RosProcess } from "../support/ros-process.ts";

const IMAGE = "sensor_msgs/msg/Image";
const ECHO = fileURLToPath(new URL("picture_echo.py", import.meta.url));

/** Every alignment of what follows a text occurs. */
const pictures = ["", "a", "ab", "abc", "camera_optical_frame"].flatMap((frame_id, index) =>
  ["mono8", "rgb8", "bayer_rggb8"].map((encoding, second) =>
    newMessage(IMAGE, {
      header: { stamp: { sec: index, nanosec: 999_999_999 - second }, frame_id },
      width: 5,
      height: index + 1,
      encoding,
      step: 5,
      is_bigendian: second % 2,
      data: Uint8Array.from({ length: 5 * (index + 1) }, (_, at) => at * 7),
    }),
  ),
);

describeRos("pictures to rclpy and back", () => {
  let context: RosContext;
  let echo: RosProcess;
  before(async () => {
    echo = new RosProcess("python3", [ECHO]);
    await echo.prints(/ready/);
    context = await createRclnodejsContext();
  });
  after(async () => {
    await context.shutdown();
    await echo.stop();
  });

  it("are the same", async () => {
    const node = await context.createNode("sender", { namespace: "/echo" });
    const received: ImageMsg[] = [];
    node.subscribe("back", IMAGE, IMAGE_QOS).subscribe((image) => received.push(image));
    const publisher = node.publish("picture", IMAGE, IMAGE_QOS);
    await eventually(() => publisher.subscriptionCount === 1, 20_000);
    for (const [index, picture] of pictures.entries()) {
      publisher.publish(picture);
      await eventually(() => received.length === index + 1, 20_000);
    }
    expect(received).to.deep.equal(pictures);
  });
});
