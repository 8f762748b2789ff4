/**
 * The nodes of this package by name, with the drivers and networks they use outside tests. Each is loaded when it is
 * started, so that a process of drivers on a small machine loads no network runtime.
 */
import { once, type Networks } from "../pipeline/networks.ts";
import type { RosNode } from "../ros/port.ts";
import type { NodeName } from "./node-names.ts";
import type { RunningNode } from "./types.ts";

/** Makes nodes that share what costs memory: the networks are loaded once a process. */
export class NodeCatalog {
  readonly #networks: Networks = {
    defocus: once(async () => (await import("../inference/defocus-estimator.ts")).DefocusEstimator.load()),
    steps: once(async () => (await import("../inference/paper-networks.ts")).PaperNetworks.load()),
    sharpness: once(async () =>
      (await import("../inference/sharpness-estimator.ts")).SharpnessEstimator.load(),
    ),
  };

  readonly #weigher = once(async () => {
    const network = await (await import("../inference/blending-network.ts")).BlendingNetwork.load();
    return network.weigh.bind(network);
  });

  /** @throws AutofocusError `invalid_parameter` for values from outside that are refused. */
  async start(name: NodeName, node: RosNode): Promise<RunningNode> {
    const networks = this.#networks;
    switch (name) {
      case "motor_driver": {
        const { createLens, lensModelOf } = await import("../drivers/factory.ts");
        const { createMotorDriverNode } = await import("./motor-driver-node.ts");
        return createMotorDriverNode(node, { createLens, loadModel: lensModelOf });
      }
      case "camera_driver": {
        const { lensModelOf } = await import("../drivers/factory.ts");
        const { cameraFactory } = await import("./camera-factory.ts");
        const { createCameraDriverNode } = await import("./camera-driver-node.ts");
        return createCameraDriverNode(node, { createCamera: cameraFactory(node), loadModel: lensModelOf });
      }
      case "autofocus": {
        const { createAutofocusNode } = await import("./autofocus-node.ts");
        return createAutofocusNode(node, { networks });
      }
      case "focus_strategy": {
        const { createFocusStrategyNode } = await import("./focus-strategy-node.ts");
        return createFocusStrategyNode(node, { networks });
      }
      case "fusion": {
        const { createFusionNode } = await import("./fusion-node.ts");
        return createFusionNode(node, { weigher: this.#weigher });
      }
    }
  }
}
