/** A node of the port on rclnodejs. */
import { Observable, Subject, takeUntil } from "rxjs";
import type { Clock } from "../../core/clock.ts";
import { AutofocusError } from "../../core/errors.ts";
import { completeQos, declaredParameters, publisherQos } from "../declare.ts";
import type { MessageTypes } from "../messages.ts";
import { checkNodeName, join, NameResolver, normalizeNamespace } from "../names.ts";
import { endNode } from "../node-end.ts";
import type { ParameterSchema, ParameterStore } from "../parameters.ts";
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
} from "../port.ts";
import { createActionClient } from "./action-client.ts";
import { createActionServer } from "./action-server.ts";
import { RclnodejsClock } from "./clock.ts";
import { withKnownType } from "./known-type.ts";
import type { Rclnodejs, RclContext, RclNode } from "./library.ts";
import { nodeLogger } from "./log.ts";
import { serveLoggers } from "./logger-services.ts";
import { createParameterClient } from "./parameter-client.ts";
import { publishParameterEvents, serveParameters, USE_SIM_TIME } from "./parameter-services.ts";
import { createClient, createService } from "./services.ts";
import type { SharedFrames } from "./shared-frames.ts";
import { createPublisher, createSubscription, type NodeParts } from "./topics.ts";

const BOOL = 1;

export class RclnodejsNode implements RosNode {
  readonly name: string;
  readonly namespace: string;
  readonly fullName: string;
  readonly log: Log;
  readonly clock: Clock;
  readonly #parts: NodeParts;
  readonly #node: RclNode;
  readonly #names: NameResolver;
  readonly #given: Readonly<Record<string, unknown>>;
  readonly #ended = new Subject<void>();
  readonly #cleanups: (() => void)[] = [];
  readonly #actionServers = new Set<ActionServer>();
  readonly #callbacks: (() => void | Promise<void>)[] = [];
  #parameters: ParameterStore<ParameterSchema> | undefined;
  #shutdown: Promise<void> | undefined;

  /** @throws AutofocusError `invalid_input` for a malformed name. */
  constructor(
    rcl: Rclnodejs,
    context: RclContext,
    frames: SharedFrames,
    name: string,
    { namespace = "/", parameters = {}, remaps = [] }: NodeOptions,
  ) {
    this.name = checkNodeName(name);
    this.namespace = normalizeNamespace(namespace);
    this.fullName = join(this.namespace, name);
    this.#names = new NameResolver(this.namespace, name, remaps);
    const { [USE_SIM_TIME]: simulated = false, ...given } = parameters;
    this.#given = given;
    this.#node = new rcl.Node(name, this.namespace, context, {
      startParameterServices: false,
      parameterOverrides: [new rcl.Parameter(USE_SIM_TIME, BOOL, simulated === true)],
    });
    const clock = new RclnodejsClock(this.#node.getClock());
    this.clock = clock;
    const logger = nodeLogger(this.#node.getLogger());
    this.log = logger;
    this.#parts = { rcl, node: this.#node, log: this.log, frames };
    this.#cleanups.push(() => {
      clock.end();
      logger.end();
      this.#node.destroy();
    });
    this.#cleanups.push(serveLoggers(this.#parts, this.fullName));
    this.#cleanups.push(serveParameters(this.#parts, this.fullName, () => this.#parameters));
    this.#node.spin();
  }

  resolve(name: string): string {
    return this.#names.resolve(name);
  }

  publish<M extends MessageType>(topic: string, type: M, qos: Partial<Qos> = {}): Publisher<MessageTypes[M]> {
    this.#checkAlive();
    const name = this.resolve(topic);
    const complete = publisherQos(qos);
    return this.#kept(type, () => createPublisher<MessageTypes[M]>(this.#parts, name, type, complete));
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
      withKnownType(type, () =>
        createSubscription(this.#parts, name, type, complete, (message) =>
          subscriber.next(message as MessageTypes[M]),
        ),
      ),
    );
    return messages.pipe(takeUntil(this.#ended));
  }

  service<S extends ServiceType>(name: string, type: S, handler: ServiceHandler<S>): Service {
    this.#checkAlive();
    return this.#kept(type, () => createService(this.#parts, this.resolve(name), type, handler));
  }

  client<S extends ServiceType>(name: string, type: S): ServiceClient<S> {
    this.#checkAlive();
    return this.#kept(type, () => createClient(this.#parts, this.resolve(name), type));
  }

  actionServer<A extends ActionType>(name: string, type: A, handlers: ActionHandlers<A>): ActionServer {
    this.#checkAlive();
    const server = withKnownType(type, () =>
      createActionServer(this.#parts, this.resolve(name), type, handlers),
    );
    this.#actionServers.add(server);
    return server;
  }

  actionClient<A extends ActionType>(name: string, type: A): ActionClient<A> {
    this.#checkAlive();
    return this.#kept(type, () => createActionClient(this.#parts, this.resolve(name), type));
  }

  declareParameters<S extends ParameterSchema>(schema: S): ParameterStore<S> {
    if (this.#parameters !== undefined)
      throw new AutofocusError("internal", `The parameters of ${this.fullName} are declared already.`);
    const store = declaredParameters(schema, this.#given, this.log);
    this.#parameters = store;
    this.#cleanups.push(publishParameterEvents(this.#parts, this.fullName, store));
    return store;
  }

  parameterClient(node: string): ParameterClient {
    this.#checkAlive();
    return this.#kept("rcl_interfaces", () => createParameterClient(this.#parts, this.resolve(node)));
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

  /** Makes an entity that is closed with the node. */
  #kept<T extends { close(): void }>(type: string, make: () => T): T {
    const entity = withKnownType(type, make);
    this.#cleanups.push(() => entity.close());
    return entity;
  }

  #checkAlive(): void {
    if (this.#shutdown !== undefined)
      throw new AutofocusError("canceled", `The node ${this.fullName} has been shut down.`);
  }
}
