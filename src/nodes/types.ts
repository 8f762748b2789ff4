/**
 * What every node of this package looks like to the process that runs it: `createXNode(node, dependencies)`
 * returns at once. Its managed life (managed-node.ts) begins by itself or on a command, and a missing device or model is
 * a logged state that is retried, never a process that dies.
 */
import type { RosNode } from "../ros/port.ts";

export interface RunningNode {
  /** Resolves once the node is active for the first time: devices open, models loaded. Nobody has to wait for it. */
  readonly ready: Promise<void>;
  /** Ends goals as aborted, halts what moves, lets devices go: the state `finalized`. Safe to call twice; never rejects. */
  stop(): Promise<void>;
}

/** The signature of every `createXNode`. */
export type NodeFactory<Dependencies> = (node: RosNode, dependencies: Dependencies) => RunningNode;
