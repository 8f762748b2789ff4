/** What nodes on every adapter check when something of theirs is declared. */
import { AutofocusError } from "../core/errors.ts";
import { ParameterStore, type ParameterSchema } from "./parameters.ts";
import { DEFAULT_QOS, type Log, type Qos } from "./port.ts";

/** @throws AutofocusError `invalid_input` for a depth that is not a whole number from 1. */
export function completeQos(qos: Partial<Qos>): Qos {
  const complete = { ...DEFAULT_QOS, ...qos };
  if (!Number.isInteger(complete.depth) || complete.depth < 1)
    throw new AutofocusError("invalid_input", `A QoS depth is a whole number from 1, not ${complete.depth}.`);
  return complete;
}

/** @throws AutofocusError `invalid_input`. */
export function publisherQos(qos: Partial<Qos>): Qos & { readonly reliability: "reliable" | "best-effort" } {
  const complete = completeQos(qos);
  const { reliability } = complete;
  if (reliability === "match")
    throw new AutofocusError("invalid_input", "A publisher cannot match a reliability: it offers one.");
  return { ...complete, reliability };
}

/**
 * The parameters of a node with the values given from outside. Values for parameters that the node does not have are
 * left out with a warning, because parameter files are often shared between nodes.
 * @throws AutofocusError `invalid_parameter` naming every value that is refused.
 */
export function declaredParameters<S extends ParameterSchema>(
  schema: S,
  given: Readonly<Record<string, unknown>>,
  log: Log,
): ParameterStore<S> {
  const known = Object.entries(given).filter(([name]) => name in schema.shape);
  const store = new ParameterStore(schema, Object.fromEntries(known));
  for (const name of Object.keys(given))
    if (!(name in schema.shape)) log.warn(`There is no parameter ${JSON.stringify(name)}: ignored.`);
  return store;
}
