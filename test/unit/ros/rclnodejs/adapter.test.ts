import { expect } from "chai";
import { createRclnodejsContext, rosSourced } from "../../../../src/ros/rclnodejs-adapter.ts";
import { rejection } from "../../../support/async.ts";

describe("rclnodejs adapter without ROS 2", () => {
  for (const environment of [{}, { ROS_DISTRO: "jazzy" }, { AMENT_PREFIX_PATH: "/opt/ros/jazzy" }])
    it(`says what to source when the environment has ${Object.keys(environment).join() || "nothing"}`, async () => {
      const error = await rejection(createRclnodejsContext({ environment }));
      expect(error.code).to.equal("ros_missing");
      expect(error.cure).to.contain("setup.bash");
    });

  it("knows a shell where ROS 2 is sourced", () => {
    expect(rosSourced({ ROS_DISTRO: "jazzy", AMENT_PREFIX_PATH: "/opt/ros/jazzy" })).to.equal(true);
    expect(rosSourced({ ROS_DISTRO: "jazzy", AMENT_PREFIX_PATH: "" })).to.equal(false);
  });
});
