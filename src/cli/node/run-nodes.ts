/** Runs nodes until a signal ends the process: goals are aborted, the lens is halted, devices are closed. */
import { NodeCatalog } from "../../nodes/catalog.ts";
import type { NodeName } from "../../nodes/node-names.ts";
import { nodeFromArguments, type RosArguments } from "../../ros/arguments.ts";
import type { RosContext, RosNode } from "../../ros/port.ts";
import { log } from "../context.ts";

const DEFAULT_NAMESPACE = "/camera";

/** Ctrl-C comes twice, from the terminal and from `ros2 launch`: signals within this time are one wish, ms. */
const SAME_WISH = 1000;

export interface Run {
  readonly context: RosContext;
  readonly names: readonly NodeName[];
  readonly given: RosArguments;
  /** A process of one node takes the node name of the command line. */
  readonly alone: boolean;
  /** Shows what goes on, until the function returned is called. */
  readonly watch: ((node: RosNode) => () => void) | undefined;
}

/**
 * Resolves when a signal has ended the nodes. A second signal ends the process at once.
 * @throws AutofocusError when a node cannot be made: `invalid_parameter`, `invalid_input`.
 */
export async function runNodes({ context, names, given, alone, watch }: Run): Promise<void> {
  const signaled = firstSignal();
  const catalog = new NodeCatalog();
  let unwatch = (): void => undefined;
  try {
    for (const each of names) {
      const { name, options } = nodeFromArguments(given, each, { namespace: DEFAULT_NAMESPACE }, alone);
      const node = await context.createNode(name, options);
      const running = await catalog.start(each, node);
      void running.ready.then(() => node.log.info("ready"));
    }
    if (watch !== undefined) {
      const { options } = nodeFromArguments(given, "status", { namespace: DEFAULT_NAMESPACE }, false);
      unwatch = watch(await context.createNode("status", { ...options, parameters: {} }));
    }
    const signal = await signaled;
    log(`${signal}: shutting down.`);
  } finally {
    unwatch();
    await context.shutdown();
  }
}

function firstSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let first: number | undefined;
    for (const signal of ["SIGINT", "SIGTERM"] as const)
      process.on(signal, () => {
        first ??= performance.now();
        // Whoever signals again does not want to wait.
        if (performance.now() - first > SAME_WISH) process.exit(1);
        resolve(signal);
      });
  });
}
