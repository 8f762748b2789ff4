/** Services and their clients over rclnodejs. */
import { systemClock } from "../../core/clock.ts";
import { AutofocusError } from "../../core/errors.ts";
import { explain } from "../callback-guard.ts";
import { within } from "../deadline.ts";
import { failed } from "../failure.ts";
import { complete, definitionKey, validate } from "../message.ts";
import type { ServiceTypes } from "../messages.ts";
import type { Service, ServiceClient, ServiceHandler, ServiceType, WaitOptions } from "../port.ts";
import { fromRclnodejs, toRclnodejs } from "./convert.ts";
import { guarded } from "./guard.ts";
import type { Plain } from "./library.ts";
import type { NodeParts } from "./topics.ts";

/** How often a client looks for its server, ms. */
const LOOK_EVERY = 20;

/** Serves requests of any type; `answer` makes the response, whatever happens. */
export function serve(
  { node, log }: NodeParts,
  name: string,
  type: string,
  answer: (request: Plain) => Plain | Promise<Plain>,
): Service {
  let closed = false;
  const service = node.createService(
    type,
    name,
    {},
    guarded(log, `Service ${name}`, async (request, response) => {
      const answered = await answer(request);
      if (!closed) response.send(answered);
    }),
  );
  return {
    name,
    close: () => {
      if (closed) return;
      closed = true;
      node.destroyService(service);
    },
  };
}

export function createService<S extends ServiceType>(
  parts: NodeParts,
  name: string,
  type: S,
  handler: ServiceHandler<S>,
): Service {
  const requestKey = definitionKey(type, "Request");
  const responseKey = definitionKey(type, "Response");
  return serve(parts, name, type, async (request) => {
    try {
      const response = await handler(fromRclnodejs(requestKey, request) as ServiceTypes[S]["request"]);
      validate(responseKey, response);
      return toRclnodejs(response);
    } catch (error) {
      parts.log.error(`Service ${name} failed: ${explain(error)}`);
      return toRclnodejs(failed(responseKey, error));
    }
  });
}

/** A client for requests of any type. */
export interface RawClient {
  /** Waits for the server and for its answer, until `ended` aborts. */
  call(request: Plain, ended: AbortSignal): Promise<Plain>;
  close(): void;
}

export function createRawClient({ node }: NodeParts, name: string, type: string): RawClient {
  const client = node.createClient(type, name);
  let closed = false;
  return {
    call: async (request, ended) => {
      await until(() => closed || client.isServiceServerAvailable(), ended);
      if (closed) throw new AutofocusError("canceled", `The client of ${name} was closed.`);
      return client.sendRequestAsync(request, { signal: ended });
    },
    close: () => {
      if (closed) return;
      closed = true;
      node.destroyClient(client);
    },
  };
}

export function createClient<S extends ServiceType>(
  parts: NodeParts,
  name: string,
  type: S,
): ServiceClient<S> {
  const requestKey = definitionKey(type, "Request");
  const responseKey = definitionKey(type, "Response");
  const client = createRawClient(parts, name, type);
  return {
    name,
    call: async (init = {}, options: WaitOptions = {}) => {
      const request = complete(requestKey, init);
      validate(requestKey, request);
      // Real time: a wait must end even when simulated time stands still.
      const response = await within(
        systemClock,
        `No answer from service ${name}`,
        (ended) => client.call(toRclnodejs(request), ended),
        options,
      );
      return fromRclnodejs(responseKey, response) as ServiceTypes[S]["response"];
    },
    close: () => client.close(),
  };
}

/** Resolves once `condition` holds; rejects with `canceled` when `ended` aborts. */
export async function until(condition: () => boolean, ended: AbortSignal): Promise<void> {
  while (!condition()) await systemClock.sleep(LOOK_EVERY, ended);
}
