/**
 * What every node of this package looks like to the process that runs it: `createXNode(node, dependencies)`
 * returns at once and starts its work in the background, so that a missing device or model is a logged state that
 * is retried, never a process that dies.
 */
import type { RosNode } from "../ros/port.ts";

export interface RunningNode {
  /**
   * Resolves once the node can do its work (devices open, models loaded); rejects with the AutofocusError that
   * keeps it from ever doing so. Nobody has to wait for it.
   */
  readonly ready: Promise<void>;
  /** Ends goals as aborted, halts what moves, lets devices go. Safe to call twice; never rejects. */
  stop(): Promise<void>;
}

/** The signature of every `createXNode`. */
export type NodeFactory<Dependencies> = (node: RosNode, dependencies: Dependencies) => RunningNode;
