/**
 * The parameter services of a node, served by us and not by rclnodejs: descriptors then show their ranges, a refused
 * value says what is wrong with it, an integer is good enough for a double, and one call sets all or nothing.
 */
import type { ParameterDescriptor } from "../parameter-descriptors.ts";
import type { ParameterSchema, ParameterStore, ParameterValue, SetResult } from "../parameters.ts";
import { toTime } from "../time.ts";
import type { Plain } from "./library.ts";
import { fromParameterValue, NOT_SET, toParameterValue, typeNumber } from "./parameter-values.ts";
import { serve } from "./services.ts";
import type { NodeParts } from "./topics.ts";

export const USE_SIM_TIME = "use_sim_time";
const BOOL = 1;
/** Sent by every node when its parameters change (rcl_interfaces/msg/ParameterEvent). */
const EVENTS = "/parameter_events";

const USE_SIM_TIME_DESCRIPTOR: ParameterDescriptor = {
  name: USE_SIM_TIME,
  type: "bool",
  description: "Take the time from /clock.",
  readOnly: false,
  default: false,
};

type Store = ParameterStore<ParameterSchema>;

/** Serves the parameters of `fullName`; the function returned ends that. */
export function serveParameters(
  parts: NodeParts,
  fullName: string,
  store: () => Store | undefined,
): () => void {
  const view = new ParameterView(parts, store);
  const one = (name: string, type: string, answer: (request: Plain) => Plain) =>
    serve(parts, `${fullName}/${name}`, `rcl_interfaces/srv/${type}`, answer);
  const services = [
    one("describe_parameters", "DescribeParameters", ({ names }) => ({
      descriptors: (names as string[]).map((name) => descriptorMessage(name, view.descriptor(name))),
    })),
    one("get_parameter_types", "GetParameterTypes", ({ names }) => ({
      types: Uint8Array.from((names as string[]).map((name) => numberOf(view.descriptor(name)))),
    })),
    one("get_parameters", "GetParameters", ({ names }) => ({
      values: (names as string[]).map((name) =>
        toParameterValue(view.descriptor(name)?.type, view.get(name)),
      ),
    })),
    one("list_parameters", "ListParameters", ({ prefixes, depth }) => ({
      result: list(view.names, prefixes as string[], Number(depth)),
    })),
    one("set_parameters", "SetParameters", ({ parameters }) => ({
      results: (parameters as Plain[]).map((each) => view.set([each])),
    })),
    one("set_parameters_atomically", "SetParametersAtomically", ({ parameters }) => ({
      result: view.set(parameters as Plain[]),
    })),
  ];
  return () => {
    for (const service of services) service.close();
  };
}

/** Tells the graph of every change, first of the values declared; the function returned ends that. */
export function publishParameterEvents({ node }: NodeParts, fullName: string, store: Store): () => void {
  const publisher = node.createPublisher("rcl_interfaces/msg/ParameterEvent", EVENTS, {});
  let before: Readonly<Record<string, unknown>> | undefined;
  const subscription = store.values$.subscribe((values) => {
    const changed = store.descriptors
      .filter(({ name }) => JSON.stringify(values[name]) !== JSON.stringify(before?.[name]))
      .map(({ name, type }) => ({ name, value: toParameterValue(type, values[name] as ParameterValue) }));
    publisher.publish({
      stamp: toTime(Number(node.getClock().now().nanoseconds) / 1e6),
      node: fullName,
      new_parameters: before === undefined ? changed : [],
      changed_parameters: before === undefined ? [] : changed,
      deleted_parameters: [],
    });
    before = values;
  });
  return () => {
    subscription.unsubscribe();
    node.destroyPublisher(publisher);
  };
}

/** The declared parameters together with use_sim_time, which rclnodejs keeps. */
class ParameterView {
  readonly #parts: NodeParts;
  readonly #store: () => Store | undefined;

  constructor(parts: NodeParts, store: () => Store | undefined) {
    this.#parts = parts;
    this.#store = store;
  }

  get names(): string[] {
    return [...(this.#store()?.descriptors ?? []), USE_SIM_TIME_DESCRIPTOR].map(({ name }) => name);
  }

  descriptor(name: string): ParameterDescriptor | undefined {
    if (name === USE_SIM_TIME) return USE_SIM_TIME_DESCRIPTOR;
    return this.#store()?.descriptors.find((each) => each.name === name);
  }

  get(name: string): ParameterValue | undefined {
    if (name === USE_SIM_TIME) return this.#parts.node.getParameter(name).value === true;
    return this.descriptor(name) === undefined ? undefined : this.#store()?.get(name);
  }

  /** All of them, or none. */
  set(parameters: readonly Plain[]): SetResult {
    const changes: Record<string, unknown> = {};
    for (const { name, value } of parameters as readonly { name: string; value: Plain }[]) {
      const change = fromParameterValue(value);
      if (change === undefined)
        return { successful: false, reason: `${name} is declared by the node and cannot be deleted.` };
      changes[name] = change;
    }
    const { [USE_SIM_TIME]: simulated, ...declared } = changes;
    if (simulated !== undefined && typeof simulated !== "boolean")
      return { successful: false, reason: `${USE_SIM_TIME} is a boolean.` };
    const result =
      Object.keys(declared).length === 0 ? { successful: true, reason: "" } : this.#set(declared);
    if (!result.successful || simulated === undefined) return result;
    const { rcl, node } = this.#parts;
    return node.setParameter(new rcl.Parameter(USE_SIM_TIME, BOOL, simulated));
  }

  #set(changes: Readonly<Record<string, unknown>>): SetResult {
    const store = this.#store();
    if (store === undefined) return { successful: false, reason: "The node has declared no parameters yet." };
    return store.set(changes);
  }
}

function numberOf(descriptor: ParameterDescriptor | undefined): number {
  return descriptor === undefined ? NOT_SET : typeNumber(descriptor.type);
}

function descriptorMessage(name: string, descriptor: ParameterDescriptor | undefined): Plain {
  const { type, description = "", readOnly = false, minimum, maximum, choices } = descriptor ?? {};
  const bounded = minimum !== undefined || maximum !== undefined;
  const integer = type === "integer" || type === "integer_array";
  return {
    name,
    type: numberOf(descriptor),
    description,
    additional_constraints: choices === undefined ? "" : `one of ${choices.join(", ")}`,
    read_only: readOnly,
    dynamic_typing: false,
    floating_point_range:
      bounded && !integer
        ? [{ from_value: minimum ?? -Number.MAX_VALUE, to_value: maximum ?? Number.MAX_VALUE, step: 0 }]
        : [],
    integer_range:
      bounded && integer
        ? [
            {
              from_value: BigInt(Math.ceil(minimum ?? Number.MIN_SAFE_INTEGER)),
              to_value: BigInt(Math.floor(maximum ?? Number.MAX_SAFE_INTEGER)),
              step: 0n,
            },
          ]
        : [],
  };
}

/** `depth` counts the parts of a name between dots, after the prefix; 0 is any depth. */
function list(names: readonly string[], prefixes: readonly string[], depth: number): Plain {
  const parts = (name: string): number => name.split(".").length;
  const within = (name: string): boolean =>
    prefixes.length === 0
      ? depth === 0 || parts(name) <= depth
      : prefixes.some(
          (prefix) =>
            name === prefix ||
            (name.startsWith(`${prefix}.`) && (depth === 0 || parts(name) - parts(prefix) <= depth)),
        );
  const found = names.filter(within);
  const groups = found
    .filter((name) => name.includes("."))
    .map((name) => name.slice(0, name.lastIndexOf(".")));
  return { names: found, prefixes: [...new Set(groups)] };
}
