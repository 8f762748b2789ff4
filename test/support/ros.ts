/** Tests that need a real ROS 2 say that they were not run where there is none; they never pass there. */
import { rosSourced } from "../../src/ros/rclnodejs-adapter.ts";

/** `describe` where ROS 2 is sourced, else one pending test that names the cause. */
export function describeRos(title: string, tests: () => void): void {
  if (rosSourced()) describe(title, tests);
  else it(`${title}: not run, because ROS 2 is not sourced in this shell`);
}
