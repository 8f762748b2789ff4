import { expect } from "chai";
import { serveLoggers } from "../../../../src/ros/rclnodejs/logger-services.ts";
import { fakeNode, type FakeNode } from "../../../support/fake-rclnodejs.ts";

describe("log level services", () => {
  let node: FakeNode;
  beforeEach(() => {
    node = fakeNode();
    serveLoggers(node.parts, "/cam/alice");
  });

  it("tell and set levels, and say what is no level and no logger", async () => {
    const levels = [
      { name: "cam.alice", level: 10 },
      { name: "cam.alice", level: 99 },
    ];
    expect(await node.request("/cam/alice/set_logger_levels", { levels })).to.deep.equal({
      results: [
        { successful: true, reason: "" },
        { successful: false, reason: "no level 99" },
      ],
    });
    const names = ["cam.alice", "nobody"];
    expect(await node.request("/cam/alice/get_logger_levels", { names })).to.deep.equal({
      levels: [
        { name: "cam.alice", level: 10 },
        { name: "nobody", level: 0 },
      ],
    });
  });

  it("are left out where ROS 2 has no types of them, as humble", () => {
    const { parts } = fakeNode();
    const without = {
      ...parts,
      node: Object.assign(Object.create(parts.node) as typeof parts.node, {
        createService: () => {
          throw new Error("The message required does not exist: rcl_interfaces, srv, GetLoggerLevels");
        },
      }),
    };
    expect(() => serveLoggers(without, "/cam/alice")()).to.not.throw();
  });
});
