/** The SROS 2 policy against what real rcl shows of the nodes: everything that they have on the graph is allowed them. */
import { expect } from "chai";
import { readFileSync } from "node:fs";
import { NodeCatalog } from "../../src/nodes/catalog.ts";
import { NODE_NAMES } from "../../src/nodes/node-names.ts";
import type { RosContext } from "../../src/ros/port.ts";
import { createRclnodejsContext } from "../../src/ros/rclnodejs-adapter.ts";
import { describeRos } from "../support/ros.ts";
import { runRos } from "../support/ros-process.ts";
import { rulesOf } from "../support/sros2-policy.ts";

const RULES: Readonly<Record<string, string>> = {
  Subscribers: "subscribe",
  Publishers: "publish",
  "Service Servers": "reply",
  "Service Clients": "request",
  "Action Servers": "execute",
  "Action Clients": "call",
};

describeRos("the SROS 2 policy", () => {
  let context: RosContext;
  before(async () => {
    context = await createRclnodejsContext();
    const catalog = new NodeCatalog();
    for (const name of NODE_NAMES)
      await (
        await catalog.start(name, await context.createNode(name, { namespace: "/camera" }))
      ).ready;
  });
  after(() => context.shutdown());

  const allowed = rulesOf(readFileSync("config/sros2/policy.xml", "utf8"));
  for (const name of NODE_NAMES)
    it(`allows ${name} what it has`, async () => {
      const used = await nodeInfo(`/camera/${name}`);
      expect(used.length).to.be.greaterThan(10);
      expect([...(allowed.get(`/camera/${name}`) ?? [])]).to.include.members(used);
    });
});

/** What `ros2 node info` tells of a node, as rules. */
async function nodeInfo(node: string): Promise<readonly string[]> {
  const { output } = await runRos("ros2", ["node", "info", node]);
  let rule = "";
  return output.split("\n").flatMap((line) => {
    const [, heading] = /^ {2}([A-Z][\w ]+):$/.exec(line) ?? [];
    if (heading !== undefined) rule = RULES[heading] ?? heading;
    const [, name] = /^ {4}(\/\S+): /.exec(line) ?? [];
    return name === undefined ? [] : [`${rule} ${name}`];
  });
}
