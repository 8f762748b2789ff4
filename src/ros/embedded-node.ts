/** A node of the embedded graph. */
import { Observable, Subject, takeUntil } from "rxjs";
import { z } from "zod";
import type { Clock } from "../core/clock.ts";
import { AutofocusError } from "../core/errors.ts";
import { within } from "./deadline.ts";
import { completeQos, declaredParameters, publisherQos } from "./declare.ts";
import type { EmbeddedGraph } from "./embedded-graph.ts";
import { nodeLog } from "./logging.ts";
import { definitionKey } from "./message.ts";
import type { MessageTypes } from "./messages.ts";
import { endNode } from "./node-end.ts";
import { checkNodeName, join, NameResolver, normalizeNamespace } from "./names.ts";
import { ParameterStore, type ParameterSchema } from "./parameters.ts";
import {
  type ActionClient,
  type ActionHandlers,
  type ActionServer,
  type ActionType,
  type Log,
  type MessageType,
  type NodeOptions,
  type ParameterClient,
  type Publisher,
  type Qos,
  type RosNode,
  type Service,
  type ServiceClient,
  type ServiceHandler,
  type ServiceType,
  type WaitOptions,
} from "./port.ts";
import { nextTurn } from "./turn.ts";

/** What a node without parameters answers with. */
const NO_PARAMETERS = new ParameterStore<ParameterSchema>(z.object({}));

export class EmbeddedNode implements RosNode {
  readonly name: string;
  readonly namespace: string;
  readonly fullName: string;
  readonly log: Log;
  readonly clock: Clock;
  readonly #graph: EmbeddedGraph;
  readonly #names: NameResolver;
  readonly #given: Readonly<Record<string, unknown>>;
  readonly #ended = new Subject<void>();
  readonly #cleanups: (() => void)[] = [];
  readonly #actionServers = new Set<ActionServer>();
  readonly #callbacks: (() => void | Promise<void>)[] = [];
  #parameters: ParameterStore<ParameterSchema> | undefined;
  #shutdown: Promise<void> | undefined;

  /** @throws AutofocusError `invalid_input` for a malformed name or one that is taken. */
  constructor(
    graph: EmbeddedGraph,
    name: string,
    { namespace = "/", parameters = {}, remaps = [] }: NodeOptions,
  ) {
    this.#graph = graph;
    this.#given = parameters;
    this.name = checkNodeName(name);
    this.namespace = normalizeNamespace(namespace);
    this.fullName = join(this.namespace, name);
    this.clock = graph.clock;
    this.log = nodeLog(this.fullName, graph.clock, graph.sink);
    this.#names = new NameResolver(this.namespace, name, remaps);
    this.#cleanups.push(graph.nodes.add(this.fullName, this));
  }

  resolve(name: string): string {
    return this.#names.resolve(name);
  }

  publish<M extends MessageType>(topic: string, type: M, qos: Partial<Qos> = {}): Publisher<MessageTypes[M]> {
    this.#checkAlive();
    const publisher = this.#graph.topics.publisher<MessageTypes[M]>(
      this.resolve(topic),
      type,
      definitionKey(type),
      publisherQos(qos),
      this.log,
    );
    this.#cleanups.push(() => publisher.close());
    return publisher;
  }

  subscribe<M extends MessageType>(
    topic: string,
    type: M,
    qos: Partial<Qos> = {},
  ): Observable<MessageTypes[M]> {
    this.#checkAlive();
    const name = this.resolve(topic);
    const complete = completeQos(qos);
    const messages = new Observable<MessageTypes[M]>((subscriber) =>
      this.#graph.topics.subscribe(name, type, complete, this.log, (message) =>
        subscriber.next(message as MessageTypes[M]),
      ),
    );
    return messages.pipe(takeUntil(this.#ended));
  }

  service<S extends ServiceType>(name: string, type: S, handler: ServiceHandler<S>): Service {
    this.#checkAlive();
    const service = this.#graph.services.serve(this.resolve(name), type, handler, this.log);
    this.#cleanups.push(() => service.close());
    return service;
  }

  client<S extends ServiceType>(name: string, type: S): ServiceClient<S> {
    return this.#graph.services.client(this.resolve(name), type);
  }

  actionServer<A extends ActionType>(name: string, type: A, handlers: ActionHandlers<A>): ActionServer {
    this.#checkAlive();
    const server = this.#graph.actions.serve(this.resolve(name), type, handlers, this.log);
    this.#actionServers.add(server);
    return server;
  }

  actionClient<A extends ActionType>(name: string, type: A): ActionClient<A> {
    return this.#graph.actions.client(this.resolve(name), type, this.log);
  }

  declareParameters<S extends ParameterSchema>(schema: S): ParameterStore<S> {
    if (this.#parameters !== undefined)
      throw new AutofocusError("internal", `The parameters of ${this.fullName} are declared already.`);
    const store = declaredParameters(schema, this.#given, this.log);
    this.#parameters = store;
    return store;
  }

  parameterClient(node: string): ParameterClient {
    const name = this.resolve(node);
    const withStore = <T>(
      use: (store: ParameterStore<ParameterSchema>) => T,
      options?: WaitOptions,
    ): Promise<T> =>
      within(
        this.clock,
        `No answer from node ${name}`,
        async (ended) => {
          const found = await this.#graph.nodes.appears(name, ended);
          await nextTurn(this.clock);
          return use(found.#parameters ?? NO_PARAMETERS);
        },
        options,
      );
    return {
      list: (options) => withStore((store) => store.descriptors.map((each) => each.name), options),
      get: (names, options) => withStore((store) => names.map((each) => store.get(each)), options),
      set: (values, options) => withStore((store) => store.set(values), options),
    };
  }

  onShutdown(callback: () => void | Promise<void>): void {
    this.#callbacks.push(callback);
  }

  shutdown(): Promise<void> {
    this.#shutdown ??= endNode({
      log: this.log,
      actionServers: this.#actionServers,
      callbacks: this.#callbacks,
      ended: this.#ended,
      cleanups: this.#cleanups,
    });
    return this.#shutdown;
  }

  #checkAlive(): void {
    if (this.#shutdown !== undefined)
      throw new AutofocusError("canceled", `The node ${this.fullName} has been shut down.`);
  }
}
