/** Where nodes on rclnodejs are made. */
import { AutofocusError } from "../../core/errors.ts";
import { guardSubscribers } from "../callback-guard.ts";
import type { NodeOptions, RosContext, RosNode } from "../port.ts";
import type { Rclnodejs, RclContext } from "./library.ts";
import { RclnodejsNode } from "./node.ts";
import { SharedFrames } from "./shared-frames.ts";

export class RclnodejsContext implements RosContext {
  readonly #rcl: Rclnodejs;
  readonly #context: RclContext;
  readonly #frames = new SharedFrames();
  readonly #made: RclnodejsNode[] = [];
  readonly #names = new Set<string>();
  readonly #unguard: () => void;
  #shutdown: Promise<void> | undefined;

  constructor(rcl: Rclnodejs, context: RclContext) {
    this.#rcl = rcl;
    this.#context = context;
    this.#unguard = guardSubscribers((message) => this.#made.at(-1)?.log.error(message));
  }

  createNode(name: string, options: NodeOptions = {}): Promise<RosNode> {
    // A promise, so that what is wrong with the name rejects it.
    return Promise.resolve().then(() => {
      if (this.#shutdown !== undefined)
        throw new AutofocusError("canceled", "The ROS context has been shut down.");
      const node = new RclnodejsNode(this.#rcl, this.#context, this.#frames, name, options);
      if (this.#names.has(node.fullName)) {
        void node.shutdown();
        throw new AutofocusError("invalid_input", `There is already a node ${node.fullName}.`);
      }
      this.#names.add(node.fullName);
      this.#made.push(node);
      node.onShutdown(() => void this.#names.delete(node.fullName));
      return node;
    });
  }

  shutdown(): Promise<void> {
    this.#shutdown ??= this.#shutDown();
    return this.#shutdown;
  }

  async #shutDown(): Promise<void> {
    for (const node of this.#made.toReversed()) await node.shutdown();
    this.#unguard();
    this.#context.shutdown();
  }
}
