import { expect } from "chai";
import { createSubscription } from "../../../../src/ros/rclnodejs/topics.ts";
import { DEFAULT_QOS } from "../../../../src/ros/port.ts";
import { eventually } from "../../../support/async.ts";
import { fakeNode } from "../../../support/fake-rclnodejs.ts";

const [RELIABLE, BEST_EFFORT] = [1, 2];
const FLOAT = "std_msgs/msg/Float64";

describe("subscriptions over rclnodejs", () => {
  it("follow the reliability of their publishers, both ways", async () => {
    const node = fakeNode();
    const qos = { ...DEFAULT_QOS, reliability: "match" } as const;
    const subscription = createSubscription(node.parts, "/value", FLOAT, qos, () => undefined);
    const reliabilities = () => node.subscriptions.map(({ reliability }) => reliability);
    expect(reliabilities()).to.deep.equal([RELIABLE]);
    node.publishers = [RELIABLE, BEST_EFFORT];
    await eventually(() => reliabilities()[0] === BEST_EFFORT);
    node.publishers = [RELIABLE];
    await eventually(() => reliabilities()[0] === RELIABLE);
    expect(reliabilities()).to.have.length(1);
    subscription.unsubscribe();
    expect(reliabilities()).to.deep.equal([]);
  });

  it("let nothing that a callback throws out to rclnodejs, which would abort the process", () => {
    const node = fakeNode();
    const subscription = createSubscription(node.parts, "/value", FLOAT, DEFAULT_QOS, () => {
      throw new Error("broken");
    });
    node.subscriptions[0]!.receive({ data: 1 });
    expect(node.logged.join()).to.match(/\/value failed: .*broken/s);
    subscription.unsubscribe();
  });
});
