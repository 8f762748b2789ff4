import { createRclnodejsContext } from "../../src/ros/rclnodejs-adapter.ts";
import { lifecycleContract } from "../contract/lifecycle.ts";
import { describeRos } from "../support/ros.ts";

describeRos("managed life on rcl", () => {
  lifecycleContract("rclnodejs", () => createRclnodejsContext());
});
