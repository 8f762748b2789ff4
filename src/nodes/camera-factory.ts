/** What camera_driver can take frames from: the drivers of drivers/factory.ts, or the image topic of another node. */
import { createCamera } from "../drivers/factory.ts";
import type { RosNode } from "../ros/port.ts";
import type { CameraDriverDependencies } from "./camera-driver-node.ts";
import { TopicCamera } from "./topic-camera.ts";

export function cameraFactory(node: RosNode): CameraDriverDependencies["createCamera"] {
  return (settings, ...rest) => {
    const { driver } = settings;
    return driver === "topic"
      ? Promise.resolve(new TopicCamera(node, settings))
      : createCamera({ ...settings, driver }, ...rest);
  };
}
