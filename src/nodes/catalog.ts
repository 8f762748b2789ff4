/** The nodes of this package by name, with the drivers and networks they use outside tests. */
import { createCamera, createLens, lensModelOf } from "../drivers/factory.ts";
import { DefocusEstimator } from "../inference/defocus-estimator.ts";
import { PaperNetworks } from "../inference/paper-networks.ts";
import { once, type Networks } from "../pipeline/networks.ts";
import type { RosNode } from "../ros/port.ts";
import { createAutofocusNode } from "./autofocus-node.ts";
import { createCameraDriverNode } from "./camera-driver-node.ts";
import { createFocusStrategyNode } from "./focus-strategy-node.ts";
import { createFusionNode } from "./fusion-node.ts";
import { createMotorDriverNode } from "./motor-driver-node.ts";
import type { NodeName } from "./node-names.ts";
import type { RunningNode } from "./types.ts";

/** Makes nodes that share what costs memory: the networks are loaded once a process. */
export class NodeCatalog {
  readonly #networks: Networks = {
    defocus: once(() => DefocusEstimator.load()),
    steps: once(() => PaperNetworks.load()),
  };

  /** @throws AutofocusError `invalid_parameter` for values from outside that are refused. */
  start(name: NodeName, node: RosNode): RunningNode {
    const networks = this.#networks;
    switch (name) {
      case "motor_driver":
        return createMotorDriverNode(node, { createLens, loadModel: lensModelOf });
      case "camera_driver":
        return createCameraDriverNode(node, { createCamera, loadModel: lensModelOf });
      case "autofocus":
        return createAutofocusNode(node, { networks });
      case "focus_strategy":
        return createFocusStrategyNode(node, { networks });
      case "fusion":
        return createFusionNode(node, {});
    }
  }
}
