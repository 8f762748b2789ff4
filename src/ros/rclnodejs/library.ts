/**
 * The parts of rclnodejs 2 that the adapter uses, typed by what they are. The package's own types exist only where
 * ROS 2 is installed, so nothing here refers to them.
 */

/** A message, request, goal or part of one as rclnodejs takes and hands out: a plain object. */
export type Plain = Readonly<Record<string, unknown>>;

export interface RclContext {
  shutdown(): void;
}

/** Opaque to us; made by `new QoS(history, depth, reliability, durability)`. */
export type RclQos = object;

export interface RclPublisher {
  readonly subscriptionCount: number;
  publish(message: Plain | Buffer): void;
}

export interface RclSubscription {
  readonly publisherCount: number;
}

export interface RclService {
  readonly serviceName: string;
}

export interface RclResponse {
  send(response: Plain): void;
}

export interface RclClient {
  isServiceServerAvailable(): boolean;
  sendRequestAsync(request: Plain, options: { readonly signal: AbortSignal }): Promise<Plain>;
}

export interface RclLogger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
  fatal(message: string): void;
}

/** The log level of a logger, 10 (debug) to 50 (fatal). */
export interface RclLogLevel {
  readonly loggerEffectiveLevel: number;
  setLoggerLevel(level: number): void;
}

export interface RclClock {
  /** True on simulated time. */
  readonly isRosTimeActive: boolean;
  now(): { readonly nanoseconds: bigint };
}

export interface EndpointInfo {
  readonly qos_profile: { readonly reliability: number };
}

export interface RclNode {
  getLogger(): RclLogger;
  getClock(): RclClock;
  createPublisher(type: string, topic: string, options: { readonly qos?: RclQos }): RclPublisher;
  createSubscription(
    type: string,
    topic: string,
    options: { readonly qos: RclQos },
    callback: (message: Plain) => void,
  ): RclSubscription;
  createService(
    type: string,
    name: string,
    options: object,
    callback: (request: Plain, response: RclResponse) => void,
  ): RclService;
  createClient(type: string, name: string): RclClient;
  destroyPublisher(publisher: RclPublisher): void;
  destroySubscription(subscription: RclSubscription): void;
  destroyService(service: RclService): void;
  destroyClient(client: RclClient): void;
  getPublishersInfoByTopic(topic: string): readonly EndpointInfo[];
  getParameter(name: string): { readonly value: unknown };
  setParameter(parameter: object): { readonly successful: boolean; readonly reason: string };
  /** Starts to serve callbacks; returns at once. */
  spin(): void;
  destroy(): void;
}

/** A struct of rclnodejs' generated code, and the plain object it stands for. */
export interface RclStruct {
  toPlainObject(typedArrays: boolean): Plain;
}

/** A goal as the server holds it. */
export interface RclServerGoal {
  readonly goalId: { readonly uuid: Uint8Array };
  readonly request: RclStruct;
  readonly isActive: boolean;
  readonly isCancelRequested: boolean;
  readonly status: number;
  publishFeedback(feedback: Plain): void;
  succeed(): void;
  abort(): void;
  canceled(): void;
}

export interface RclActionServer {
  /** Called by the node with every goal that arrives. */
  processGoalRequest(header: unknown, request: { readonly goal: RclStruct }): void;
  isDestroyed(): boolean;
  destroy(): void;
}

export type RclActionServerClass = new (
  node: RclNode,
  type: string,
  name: string,
  execute: (goal: RclServerGoal) => Promise<unknown>,
  onGoal: () => number,
  onAccepted: undefined,
  onCancel: (goal: RclServerGoal) => number,
  options: { readonly resultTimeout: number },
) => RclActionServer;

/** A goal as the client holds it. */
export interface RclClientGoal {
  readonly goalId: { readonly uuid: Uint8Array };
  readonly status: number;
  isAccepted(): boolean;
  cancelGoal(): Promise<{ readonly goals_canceling: readonly unknown[] }>;
  getResult(): Promise<Plain>;
}

export interface RclActionClient {
  isActionServerAvailable(): boolean;
  sendGoal(goal: Plain, onFeedback: (feedback: Plain) => void): Promise<RclClientGoal>;
  destroy(): void;
}

/** What `import("rclnodejs")` has as its default. */
export interface Rclnodejs {
  readonly Context: new () => RclContext;
  readonly Node: new (
    name: string,
    namespace: string,
    context: RclContext,
    options: {
      readonly startParameterServices: boolean;
      readonly parameterOverrides: readonly object[];
    },
  ) => RclNode;
  readonly Parameter: new (name: string, type: number, value: unknown) => object;
  readonly QoS: new (history: number, depth: number, reliability: number, durability: number) => RclQos;
  readonly ActionServer: RclActionServerClass;
  readonly ActionClient: new (node: RclNode, type: string, name: string) => RclActionClient;
  readonly GoalResponse: { readonly ACCEPT: number; readonly REJECT: number };
  readonly CancelResponse: { readonly ACCEPT: number; readonly REJECT: number };
  readonly logging: { getLogger(name: string): RclLogLevel };
  init(context: RclContext, argv: readonly string[]): Promise<void>;
  removeSignalHandlers(): void;
  /** The generated class of a message, service or action type. */
  require(type: string): { readonly Result: new (plain: Plain) => unknown };
}
