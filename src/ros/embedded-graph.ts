/**
 * ROS without ROS: a graph inside this process with the semantics of port.ts, for machines without ROS 2, for the
 * demonstration and for tests. All its nodes share one clock, which may be stepped.
 */
import { systemClock, type Clock } from "../core/clock.ts";
import { guardSubscribers } from "./callback-guard.ts";
import { EmbeddedActions } from "./embedded-actions.ts";
import { EmbeddedNode } from "./embedded-node.ts";
import { EmbeddedServices } from "./embedded-services.ts";
import { EmbeddedTopics } from "./embedded-topics.ts";
import { nodeLog, stderrSink, type LogSink } from "./logging.ts";
import type { NodeOptions, RosContext, RosNode } from "./port.ts";
import { Registry } from "./registry.ts";

export interface EmbeddedGraphOptions {
  readonly clock?: Clock;
  /** Where log lines go; default stderr, `info` and above. */
  readonly sink?: LogSink;
}

export class EmbeddedGraph implements RosContext {
  readonly clock: Clock;
  readonly sink: LogSink;
  readonly topics: EmbeddedTopics;
  readonly services: EmbeddedServices;
  readonly actions: EmbeddedActions;
  readonly nodes = new Registry<EmbeddedNode>("node");
  readonly #made: EmbeddedNode[] = [];
  readonly #unguard: () => void;
  #shutdown: Promise<void> | undefined;

  constructor({ clock = systemClock, sink = stderrSink() }: EmbeddedGraphOptions = {}) {
    this.clock = clock;
    this.sink = sink;
    this.topics = new EmbeddedTopics(clock);
    this.services = new EmbeddedServices(clock);
    this.actions = new EmbeddedActions(clock);
    const log = nodeLog("/embedded_graph", clock, sink);
    this.#unguard = guardSubscribers((message) => log.error(message));
  }

  createNode(name: string, options: NodeOptions = {}): Promise<RosNode> {
    // A promise, because other adapters need time; what is wrong with the name rejects it.
    return Promise.resolve().then(() => {
      const node = new EmbeddedNode(this, name, options);
      this.#made.push(node);
      return node;
    });
  }

  shutdown(): Promise<void> {
    this.#shutdown ??= this.#shutDown();
    return this.#shutdown;
  }

  async #shutDown(): Promise<void> {
    for (const node of this.#made.reverse()) await node.shutdown();
    this.#unguard();
  }
}
