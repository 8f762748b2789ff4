import { createRclnodejsContext } from "../../src/ros/rclnodejs-adapter.ts";
import { rosPortContract } from "../contract/ros-port.ts";
import { describeRos } from "../support/ros.ts";

describeRos("the ROS port on rcl", () => {
  rosPortContract("rclnodejs", () => createRclnodejsContext());
});
