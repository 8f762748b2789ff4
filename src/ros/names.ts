/**
 * Names on the ROS graph (https://design.ros2.org/articles/topic_and_service_names.html): relative names live in the
 * node's namespace, `~` in the node's own, names that start with `/` are absolute. Remappings are compared after
 * resolving, as rcl does.
 */
import { AutofocusError } from "../core/errors.ts";
import type { Remap } from "./port.ts";

const TOKEN = "[A-Za-z_][A-Za-z0-9_]*";
const NODE_NAME = new RegExp(`^${TOKEN}$`);
const NAMESPACE = new RegExp(`^/(?:${TOKEN}(?:/${TOKEN})*)?$`);
const NAME = new RegExp(`^(?:~|(?:~/|/)?${TOKEN}(?:/${TOKEN})*)$`);

function malformed(what: string, name: string, rule: string): AutofocusError {
  return new AutofocusError("invalid_input", `${JSON.stringify(name)} is not a valid ${what}: ${rule}.`);
}

/** @throws AutofocusError `invalid_input`. */
export function checkNodeName(name: string): string {
  if (!NODE_NAME.test(name))
    throw malformed("node name", name, "letters, digits and underscores, not a digit first");
  return name;
}

/**
 * An absolute namespace; a missing slash in front is added and one at the end taken away.
 * @throws AutofocusError `invalid_input`.
 */
export function normalizeNamespace(namespace: string): string {
  const absolute = namespace.startsWith("/") ? namespace : `/${namespace}`;
  const trimmed = absolute.length > 1 ? absolute.replace(/\/$/, "") : absolute;
  if (!NAMESPACE.test(trimmed)) throw malformed("namespace", namespace, "node names joined by slashes");
  return trimmed;
}

export function join(namespace: string, name: string): string {
  return namespace === "/" ? `/${name}` : `${namespace}/${name}`;
}

/** Turns names into absolute ones for the node `name` in `namespace`. */
export class NameResolver {
  readonly #namespace: string;
  readonly #node: string;
  readonly #remaps: ReadonlyMap<string, string>;

  /** @throws AutofocusError `invalid_input` for a malformed remapping. */
  constructor(namespace: string, node: string, remaps: readonly Remap[] = []) {
    this.#namespace = namespace;
    this.#node = node;
    const pairs = remaps.map(({ from, to }) => [this.#expand(from), this.#expand(to)] as const);
    // The first rule that matches wins, so it must be the last to enter the map.
    this.#remaps = new Map(pairs.reverse());
  }

  /** @throws AutofocusError `invalid_input` for a malformed name. */
  resolve(name: string): string {
    const absolute = this.#expand(name);
    return this.#remaps.get(absolute) ?? absolute;
  }

  #expand(name: string): string {
    if (!NAME.test(name))
      throw malformed("topic, service or action name", name, "tokens of letters, digits and underscores");
    if (name.startsWith("/")) return name;
    if (name.startsWith("~")) return join(this.#namespace, `${this.#node}${name.slice(1)}`);
    return join(this.#namespace, name);
  }
}
