/**
 * ROS 2 as the nodes of this package see it. Two adapters implement it with the same semantics: the embedded
 * in-process graph (embedded-graph.ts) and rclnodejs where ROS 2 is installed. One contract suite
 * (test/contract/ros-port.ts) runs over both.
 *
 * What every adapter keeps:
 * - Types are named as in ROS (`sensor_msgs/msg/Image`) and typed by the maps of messages.ts.
 * - Topic, service and action names are relative (`image_raw`), private (`~/state`) or absolute (`/camera/image_raw`).
 * - Messages arrive asynchronously, in order, at most `depth` of them waiting; the oldest is dropped first. They are
 *   handed over by reference inside one process: nobody changes a message after publishing or receiving it.
 * - A message that does not fit its type throws `invalid_input` where it is published. A callback that throws is
 *   logged and never takes the node or the process down.
 */
import type { Observable } from "rxjs";
import type { Clock } from "../core/clock.ts";
import type { Milliseconds } from "../core/units.ts";
import type { ActionTypes, MessageTypes, ServiceTypes } from "./messages.ts";
import type { ParameterSchema, ParameterStore, ParameterValue, SetResult } from "./parameters.ts";

export type MessageType = keyof MessageTypes;
export type ServiceType = keyof ServiceTypes;
export type ActionType = keyof ActionTypes;

export type Goal<A extends ActionType> = ActionTypes[A]["goal"];
export type Result<A extends ActionType> = ActionTypes[A]["result"];
export type Feedback<A extends ActionType> = ActionTypes[A]["feedback"];

/** A message with any fields left out, at any depth; those take the defaults of the definition. */
export type Init<T> = {
  readonly [K in keyof T]?: T[K] extends
    ArrayBufferView | readonly unknown[] | string | number | bigint | boolean
    ? T[K]
    : Init<T[K]>;
};

export interface Qos {
  /** Messages kept for a reader that is slower than the writer; at least 1. */
  readonly depth: number;
  /**
   * A reliable subscription hears no best-effort publisher (logged as a warning). `match`, for subscriptions only,
   * takes what the publishers of the topic offer: reliable if all are, else best effort.
   */
  readonly reliability: "reliable" | "best-effort" | "match";
  /** `transient-local` hands the last `depth` messages to late subscriptions that ask for it too. */
  readonly durability: "volatile" | "transient-local";
}

/** Reliable, keep the last 10, nothing kept for late subscribers: the default of ROS 2. */
export const DEFAULT_QOS: Qos = { depth: 10, reliability: "reliable", durability: "volatile" };
/** Pictures: published reliable, keep the last 5; subscriptions take what is offered. */
export const IMAGE_QOS: Qos = { depth: 5, reliability: "reliable", durability: "volatile" };
export const IMAGE_SUBSCRIPTION_QOS: Qos = { depth: 5, reliability: "match", durability: "volatile" };
/** States and maps that late subscribers need at once. */
export const LATCHED_QOS: Qos = { depth: 1, reliability: "reliable", durability: "transient-local" };

export interface Publisher<T> {
  /** The name after remapping. */
  readonly topic: string;
  /** How many subscriptions listen now; test it before making an expensive message. */
  readonly subscriptionCount: number;
  /** @throws AutofocusError `invalid_input` naming the field that does not fit the type. */
  publish(message: T): void;
  close(): void;
}

export interface Service {
  readonly name: string;
  close(): void;
}

/**
 * Answers a request. Throwing answers with the default response, whose `success`, `error_code`, `error_msg`,
 * `message` and `status_message` fields, where the type has them, tell what was wrong.
 */
export type ServiceHandler<S extends ServiceType> = (
  request: ServiceTypes[S]["request"],
) => ServiceTypes[S]["response"] | Promise<ServiceTypes[S]["response"]>;

export interface WaitOptions {
  /** Default 5000 ms for finding a server and for its answer. */
  readonly timeout?: Milliseconds;
  readonly signal?: AbortSignal;
}

export interface ServiceClient<S extends ServiceType> {
  readonly name: string;
  /**
   * Waits for the server, calls it, waits for the answer.
   * @throws AutofocusError `timeout` (no server, or no answer in time), `canceled`, `invalid_input`.
   */
  call(
    request?: Init<ServiceTypes[S]["request"]>,
    options?: WaitOptions,
  ): Promise<ServiceTypes[S]["response"]>;
  close(): void;
}

export type GoalStatus = "succeeded" | "aborted" | "canceled";

export interface Outcome<R> {
  readonly status: GoalStatus;
  readonly result: R;
}

/** A goal being carried out, as the server sees it. */
export interface GoalHandle<A extends ActionType> {
  readonly id: string;
  readonly goal: Goal<A>;
  /**
   * Aborts when the goal should end: its `reason` is an AutofocusError, `canceled` (a client asked, or the node shuts
   * down) or `preempted` (a newer goal took over).
   */
  readonly signal: AbortSignal;
  /** @throws AutofocusError `invalid_input` for feedback that does not fit its type. */
  feedback(feedback: Init<Feedback<A>>): void;
}

export interface ActionHandlers<A extends ActionType> {
  /**
   * What a new goal means for the one that runs: `preempt` ends it and runs the new one once it has ended, `concurrent`
   * runs both, `reject` refuses the new one. Default `preempt`.
   */
  readonly whenBusy?: "preempt" | "concurrent" | "reject";
  /** Decides whether to take a goal; default yes. ROS tells a rejected client no reason, so prefer to accept and fail. */
  accept?(goal: Goal<A>): boolean | Promise<boolean>;
  /**
   * Carries the goal out. Throwing ends it: `canceled` if the client had asked for that, else aborted, with the default
   * result whose `success`, `error_code` and `error_msg` fields tell what was wrong.
   */
  execute(handle: GoalHandle<A>): Promise<Outcome<Init<Result<A>>>>;
  /** Whether a client's wish to cancel is granted; default yes. */
  cancel?(handle: GoalHandle<A>): boolean;
}

export interface ActionServer {
  readonly name: string;
  /** Goals accepted and not ended. */
  readonly activeGoals: number;
  /** Takes no more goals, ends those that run as canceled, waits for them. */
  close(): Promise<void>;
}

/** A goal accepted by a server, as the client sees it. */
export interface SentGoal<A extends ActionType> {
  readonly id: string;
  /** Settles when the goal ends; rejects with `canceled` only if the server goes away. */
  readonly outcome: Promise<Outcome<Result<A>>>;
  /** Asks the server to end the goal; true if it agrees. The outcome still comes. */
  cancel(): Promise<boolean>;
}

export interface GoalOptions<A extends ActionType> extends WaitOptions {
  readonly onFeedback?: (feedback: Feedback<A>) => void;
}

export interface ActionClient<A extends ActionType> {
  readonly name: string;
  /** True when a server is there now. */
  readonly serverAvailable: boolean;
  /**
   * Waits for the server and offers it a goal; missing fields take their defaults. `signal` ends the waiting for
   * acceptance, and after it cancels the goal.
   * @throws AutofocusError `timeout` (no server), `goal_rejected`, `canceled`, `invalid_input`.
   */
  sendGoal(goal?: Init<Goal<A>>, options?: GoalOptions<A>): Promise<SentGoal<A>>;
  close(): void;
}

export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
  fatal(message: string): void;
}

/** The parameters of another node of the graph. */
export interface ParameterClient {
  list(options?: WaitOptions): Promise<readonly string[]>;
  /** @throws AutofocusError `timeout` when the node is not there, `invalid_parameter` for a name it does not have. */
  get(names: readonly string[], options?: WaitOptions): Promise<readonly ParameterValue[]>;
  /** All or nothing. */
  set(values: Readonly<Record<string, unknown>>, options?: WaitOptions): Promise<SetResult>;
}

export interface RosNode {
  readonly name: string;
  /** Absolute, `/` at the root. */
  readonly namespace: string;
  /** Namespace and name, `/camera/autofocus`. */
  readonly fullName: string;
  readonly log: Log;
  /** The time of the graph; simulated where the graph runs on simulated time. */
  readonly clock: Clock;

  /** The absolute name that a topic, service or action name stands for in this node, after remapping. */
  resolve(name: string): string;
  publish<M extends MessageType>(topic: string, type: M, qos?: Partial<Qos>): Publisher<MessageTypes[M]>;
  /** Subscribes when it is subscribed to and ends the subscription with it. Completes when the node shuts down. */
  subscribe<M extends MessageType>(topic: string, type: M, qos?: Partial<Qos>): Observable<MessageTypes[M]>;
  service<S extends ServiceType>(name: string, type: S, handler: ServiceHandler<S>): Service;
  client<S extends ServiceType>(name: string, type: S): ServiceClient<S>;
  actionServer<A extends ActionType>(name: string, type: A, handlers: ActionHandlers<A>): ActionServer;
  actionClient<A extends ActionType>(name: string, type: A): ActionClient<A>;
  /**
   * Declares the node's parameters, once, with the values given from outside (files, command line) over the defaults.
   * @throws AutofocusError `invalid_parameter` naming every value that is refused.
   */
  declareParameters<S extends ParameterSchema>(schema: S): ParameterStore<S>;
  parameterClient(node: string): ParameterClient;
  /** Runs on shutdown, last registered first, one after the other; one that throws or does not end is logged. */
  onShutdown(callback: () => void | Promise<void>): void;
  /**
   * Ends the goals of its action servers, runs the shutdown callbacks, then ends everything the node has on the graph:
   * subscriptions complete, servers go. Safe to call twice.
   */
  shutdown(): Promise<void>;
}

export interface NodeOptions {
  readonly namespace?: string;
  /** Parameter values given from outside, by name. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** `{ from: "image_raw", to: "/usb_cam/image" }`; names are resolved before they are compared. */
  readonly remaps?: readonly Remap[];
}

export interface Remap {
  readonly from: string;
  readonly to: string;
}

/** What an adapter is: a place where nodes are made. */
export interface RosContext {
  /** @throws AutofocusError `invalid_input` for a malformed name or one that is taken. */
  createNode(name: string, options?: NodeOptions): Promise<RosNode>;
  /** Shuts the nodes down, last made first, then the graph. Safe to call twice. */
  shutdown(): Promise<void>;
}
