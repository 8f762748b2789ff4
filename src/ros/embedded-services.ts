/** Services of the embedded graph. */
import type { Clock } from "../core/clock.ts";
import { explain } from "./callback-guard.ts";
import { within } from "./deadline.ts";
import { failed } from "./failure.ts";
import { complete, definitionKey, validate } from "./message.ts";
import type { Log, Service, ServiceClient, ServiceHandler, ServiceType } from "./port.ts";
import { Registry, typedName } from "./registry.ts";
import type { ServiceTypes } from "./messages.ts";
import { nextTurn } from "./turn.ts";

type Answer = (request: object) => Promise<object>;

export class EmbeddedServices {
  readonly #clock: Clock;
  readonly #servers = new Registry<Answer>("service");

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  serve<S extends ServiceType>(name: string, type: S, handler: ServiceHandler<S>, log: Log): Service {
    const key = definitionKey(type, "Response");
    const answer: Answer = async (request) => {
      try {
        const response = await handler(request as ServiceTypes[S]["request"]);
        validate(key, response);
        return response;
      } catch (error) {
        log.error(`Service ${name} failed: ${explain(error)}`);
        return failed(key, error);
      }
    };
    return { name, close: this.#servers.add(typedName(name, type), answer) };
  }

  client<S extends ServiceType>(name: string, type: S): ServiceClient<S> {
    return {
      name,
      call: async (init = {}, options) => {
        const key = definitionKey(type, "Request");
        const request = complete(key, init);
        validate(key, request);
        const work = async (ended: AbortSignal): Promise<object> => {
          const answer = await this.#servers.appears(typedName(name, type), ended);
          await nextTurn(this.#clock);
          return answer(request);
        };
        const response = await within(this.#clock, `No answer from service ${name}`, work, options);
        return response as ServiceTypes[S]["response"];
      },
      close: () => undefined,
    };
  }
}
