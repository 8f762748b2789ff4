/** What the nodes of this package have on the ROS graph, found by starting them all on an embedded graph. */
import { EmbeddedGraph } from "../../src/ros/embedded-graph.ts";
import type { RosNode } from "../../src/ros/port.ts";
import { NodeCatalog } from "../../src/nodes/catalog.ts";
import { NODE_NAMES, type NodeName } from "../../src/nodes/node-names.ts";

/** The kinds of entities as an SROS 2 policy names them: the list an entity stands in, and the attribute that allows it. */
export const RULES = {
  publish: "topic",
  subscribe: "topic",
  reply: "service",
  request: "service",
  execute: "action",
  call: "action",
} as const;
export type Rule = keyof typeof RULES;

/** Names by rule; relative to the namespace, `~/private` to the node, or absolute. */
export type GraphUse = Readonly<Record<Rule, ReadonlySet<string>>>;

/** The method of a node that makes what a rule allows. */
const MAKERS: Readonly<Record<string, Rule>> = {
  publish: "publish",
  subscribe: "subscribe",
  service: "reply",
  client: "request",
  actionServer: "execute",
  actionClient: "call",
};

/** What a node needs without asking the port for it: logging, time, parameters, and what rclnodejs serves by itself. */
function unasked(): Record<Rule, Set<string>> {
  const replies = [
    "describe_parameters",
    "get_logger_levels",
    "get_parameter_types",
    "get_parameters",
    "get_type_description",
    "list_parameters",
    "set_logger_levels",
    "set_parameters",
    "set_parameters_atomically",
  ];
  return {
    publish: new Set(["/rosout", "/parameter_events"]),
    subscribe: new Set(["/clock"]),
    reply: new Set(replies.map((name) => `~/${name}`)),
    request: new Set(),
    execute: new Set(),
    call: new Set(),
  };
}

/** The node, writing down what is made on it. */
function watched(node: RosNode, use: Record<Rule, Set<string>>): RosNode {
  return new Proxy(node, {
    get: (target, property) => {
      const value: unknown = Reflect.get(target, property);
      if (typeof value !== "function") return value;
      const rule = MAKERS[String(property)];
      return (...values: unknown[]): unknown => {
        if (rule !== undefined) use[rule].add(String(values[0]));
        return (value as (...values: unknown[]) => unknown).apply(target, values);
      };
    },
  });
}

/** Every way to run a node in which it needs something else. */
const VARIANTS: Readonly<Partial<Record<NodeName, readonly Readonly<Record<string, unknown>>[]>>> = {
  fusion: [{ method: "video" }, { method: "stack" }],
};

/** All nodes with what they use, whatever their parameters are; but for the topics that parameters name. */
export async function graphUse(): Promise<ReadonlyMap<NodeName, GraphUse>> {
  const uses = new Map<NodeName, Record<Rule, Set<string>>>(NODE_NAMES.map((name) => [name, unasked()]));
  const graph = new EmbeddedGraph({ sink: () => undefined });
  const catalog = new NodeCatalog();
  try {
    for (const name of NODE_NAMES)
      for (const [index, parameters] of (VARIANTS[name] ?? [{}]).entries()) {
        const node = await graph.createNode(name, { namespace: `/variant${index}`, parameters });
        const use = uses.get(name);
        if (use !== undefined) await (await catalog.start(name, watched(node, use))).ready;
      }
  } finally {
    await graph.shutdown();
  }
  return uses;
}
