/**
 * The time in which a node is active. Its goals and services run only then: before and after, they are answered with
 * `inactive`, and what runs when the node is deactivated is told to end and waited for.
 */
import { AutofocusError } from "../core/errors.ts";
import { patiently } from "../ros/patience.ts";
import type { ActionHandlers, ActionType, RosNode, ServiceHandler, ServiceType } from "../ros/port.ts";
import type { ServiceTypes } from "../ros/messages.ts";

type Execute<A extends ActionType> = ActionHandlers<A>["execute"];

export class Activity {
  readonly #node: RosNode;
  readonly #works = new Set<Promise<unknown>>();
  /** While the node is active. */
  #controller: AbortController | undefined;
  /** What keeps the node from being active, where that is known. */
  obstacle: string | undefined;

  constructor(node: RosNode) {
    this.#node = node;
  }

  get isActive(): boolean {
    return this.#controller !== undefined;
  }

  begin(): void {
    this.#controller ??= new AbortController();
  }

  /** Tells what runs to end, and waits until it has, for a bounded time. */
  async end(): Promise<void> {
    this.#controller?.abort(
      new AutofocusError("inactive", `The node ${this.#node.fullName} was deactivated.`),
    );
    this.#controller = undefined;
    await patiently(this.#node.log, "goals and services", Promise.allSettled(this.#works));
  }

  /** A goal handler that runs only while the node is active; its signal aborts with `inactive` when that ends. */
  goal<A extends ActionType>(execute: Execute<A>): Execute<A> {
    return (handle) =>
      this.#run((ended) => execute({ ...handle, signal: AbortSignal.any([handle.signal, ended]) }));
  }

  /** A service handler that runs only while the node is active; its signal aborts with `inactive` when that ends. */
  service<S extends ServiceType>(
    handler: (
      request: ServiceTypes[S]["request"],
      ended: AbortSignal,
    ) => Promise<ServiceTypes[S]["response"]>,
  ): ServiceHandler<S> {
    return (request) => this.#run((ended) => handler(request, ended));
  }

  async #run<T>(work: (ended: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#controller === undefined) throw this.#inactive();
    const running = work(this.#controller.signal);
    this.#works.add(running);
    try {
      return await running;
    } finally {
      this.#works.delete(running);
    }
  }

  #inactive(): AutofocusError {
    const { fullName } = this.#node;
    if (this.obstacle !== undefined)
      return new AutofocusError("inactive", `The node ${fullName} is not active: ${this.obstacle}`);
    return new AutofocusError("inactive", `The node ${fullName} is not active.`, {
      cure: `Activate it: ros2 lifecycle set ${fullName} activate.`,
    });
  }
}
