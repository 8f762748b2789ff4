/**
 * The parameters of another node, through its services. rclnodejs' own client refuses namespaced nodes and sends 5 as an
 * integer even to a double.
 */
import { systemClock } from "../../core/clock.ts";
import { AutofocusError } from "../../core/errors.ts";
import { within } from "../deadline.ts";
import type { SetResult } from "../parameters.ts";
import type { ParameterClient, WaitOptions } from "../port.ts";
import type { Plain } from "./library.ts";
import { anyParameterValue, fromParameterValue, typeOfNumber } from "./parameter-values.ts";
import { createRawClient, type RawClient } from "./services.ts";
import type { NodeParts } from "./topics.ts";

/** The function returned as `close` ends the clients this one has made. */
export function createParameterClient(
  parts: NodeParts,
  fullName: string,
): ParameterClient & { readonly close: () => void } {
  const clients = new Map<string, RawClient>();
  const call = (name: string, type: string, request: Plain, ended: AbortSignal): Promise<Plain> => {
    const client =
      clients.get(name) ?? createRawClient(parts, `${fullName}/${name}`, `rcl_interfaces/srv/${type}`);
    clients.set(name, client);
    return client.call(request, ended);
  };
  const answered = <T>(work: (ended: AbortSignal) => Promise<T>, options?: WaitOptions): Promise<T> =>
    within(systemClock, `No answer from node ${fullName}`, work, options);

  return {
    list: (options) =>
      answered(async (ended) => {
        const request = { prefixes: [], depth: 0n };
        const { result } = await call("list_parameters", "ListParameters", request, ended);
        return (result as { readonly names: readonly string[] }).names;
      }, options),
    get: (names, options) =>
      answered(async (ended) => {
        const { values } = await call("get_parameters", "GetParameters", { names }, ended);
        return names.map((name, index) => {
          const message = (values as readonly Plain[])[index];
          const value = message === undefined ? undefined : fromParameterValue(message);
          if (value === undefined)
            throw new AutofocusError(
              "invalid_parameter",
              `${fullName} has no parameter ${JSON.stringify(name)}.`,
            );
          return value;
        });
      }, options),
    set: (values, options) =>
      answered(async (ended) => {
        const names = Object.keys(values);
        const { types } = await call("get_parameter_types", "GetParameterTypes", { names }, ended);
        const parameters = names.map((name, index) => {
          const type = typeOfNumber((types as ArrayLike<number>)[index] ?? 0);
          return { name, value: anyParameterValue(name, values[name], type) };
        });
        const request = { parameters };
        const { result } = await call("set_parameters_atomically", "SetParametersAtomically", request, ended);
        return result as SetResult;
      }, options),
    close: () => {
      for (const client of clients.values()) client.close();
      clients.clear();
    },
  };
}
