import { expect } from "chai";
import { AutofocusError } from "../../../../src/core/errors.ts";
import { newMessage } from "../../../../src/ros/message.ts";
import type { ImageMsg } from "../../../../src/ros/messages.ts";
import { IMAGE_QOS, LATCHED_QOS } from "../../../../src/ros/port.ts";
import { createPublisher, createSubscription } from "../../../../src/ros/rclnodejs/topics.ts";
import { eventually } from "../../../support/async.ts";
import { fakeNode } from "../../../support/fake-rclnodejs.ts";

const IMAGE = "sensor_msgs/msg/Image";
const QOS = { ...IMAGE_QOS, reliability: "reliable" } as const;
const picture = (sec: number) =>
  newMessage(IMAGE, { header: { stamp: { sec } }, width: 1, height: 1, data: new Uint8Array([sec]) });

describe("pictures within a process", () => {
  function setUp() {
    const node = fakeNode();
    const received: ImageMsg[] = [];
    const subscription = createSubscription(node.parts, "/image", IMAGE, QOS, (image) =>
      received.push(image as ImageMsg),
    );
    const publisher = createPublisher<ImageMsg>(node.parts, "/image", IMAGE, QOS);
    /** As the middleware does, to every subscription. */
    const bring = (image: ImageMsg) => node.subscriptions.forEach(({ receive }) => receive(image));
    return { node, received, subscription, publisher, bring };
  }

  it("go by reference, and past the middleware while nobody outside listens", async () => {
    const { node, received, publisher } = setUp();
    node.subscriptionCount = 1; // the one of this process
    const image = picture(1);
    publisher.publish(image);
    await eventually(() => received.length === 1);
    expect(received[0]).to.equal(image);
    expect(node.published).to.deep.equal([]);
  });

  it("go to the middleware too when somebody outside listens, and are not received twice", async () => {
    const { node, received, publisher, bring } = setUp();
    node.subscriptionCount = 2;
    publisher.publish(picture(1));
    expect(node.published).to.have.length(1);
    bring(picture(1));
    bring(picture(2)); // of somebody else
    await eventually(() => received.length === 2);
    expect(received.map(({ header }) => header.stamp.sec)).to.have.members([1, 2]);
  });

  it("are refused where they do not fit their type, and known to nobody", async () => {
    const { received, publisher, bring } = setUp();
    const wrong = { ...picture(1), width: -1 };
    expect(() => publisher.publish(wrong)).to.throw(AutofocusError, "width");
    bring(picture(1));
    await eventually(() => received.length === 1);
  });

  it("end with the subscription", async () => {
    const { received, publisher, subscription } = setUp();
    subscription.unsubscribe();
    publisher.publish(picture(1));
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(received).to.deep.equal([]);
  });

  it("that late subscriptions ask for stay with the middleware", () => {
    const { node } = setUp();
    const qos = { ...LATCHED_QOS, reliability: "reliable" } as const;
    node.subscriptionCount = 0;
    createPublisher<ImageMsg>(node.parts, "/latched", IMAGE, qos).publish(picture(1));
    expect(node.published).to.have.length(1);
  });
});
