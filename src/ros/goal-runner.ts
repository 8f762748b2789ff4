/**
 * The server side of an action, the same for every adapter: whether a goal is taken, what a new goal means for those
 * that run, and how a goal ends whatever its handler does. The adapter only carries goals in and outcomes out.
 */
import { AutofocusError } from "../core/errors.ts";
import { explain } from "./callback-guard.ts";
import { failed } from "./failure.ts";
import { complete, definitionKey, validate } from "./message.ts";
import type { ActionHandlers, ActionType, Feedback, Goal, GoalHandle, Log, Outcome, Result } from "./port.ts";

export interface RunningGoal<A extends ActionType> {
  readonly outcome: Promise<Outcome<Result<A>>>;
  /** A client's wish to cancel; false when it is not granted or the goal has ended. */
  cancel(): boolean;
}

interface Entry<A extends ActionType> {
  readonly handle: GoalHandle<A>;
  readonly controller: AbortController;
  /** A client asked for the end and the server agreed: only then may the goal end as canceled. */
  canceling: boolean;
  /** Settles when the goal has ended. */
  ended: Promise<unknown>;
}

export class GoalRunner<A extends ActionType> {
  readonly #type: A;
  readonly #handlers: ActionHandlers<A>;
  readonly #log: Log;
  readonly #active = new Set<Entry<A>>();
  /** Goals accepted that `run` has not been called for yet. */
  #accepted = 0;
  #closed = false;

  constructor(type: A, handlers: ActionHandlers<A>, log: Log) {
    this.#type = type;
    this.#handlers = handlers;
    this.#log = log;
  }

  get active(): number {
    return this.#active.size;
  }

  /** Whether to take a goal; `run` must follow a yes. A decision that throws is a no, and is logged. */
  async accept(goal: Goal<A>): Promise<boolean> {
    if (this.#refusesNow()) return false;
    try {
      const accepted = (await this.#handlers.accept?.(goal)) ?? true;
      // The server may have closed or become busy while it was deciding.
      if (!accepted || this.#refusesNow()) return false;
      this.#accepted++;
      return true;
    } catch (error) {
      this.#log.warn(`A goal of ${this.#type} was rejected: ${explain(error)}`);
      return false;
    }
  }

  #refusesNow(): boolean {
    return this.#closed || (this.#handlers.whenBusy === "reject" && this.#active.size + this.#accepted > 0);
  }

  /** Carries out a goal that was accepted. */
  run(id: string, goal: Goal<A>, onFeedback: (feedback: Feedback<A>) => void): RunningGoal<A> {
    const controller = new AbortController();
    const feedbackKey = definitionKey(this.#type, "Feedback");
    const handle: GoalHandle<A> = {
      id,
      goal,
      signal: controller.signal,
      feedback: (init) => {
        const feedback = complete(feedbackKey, init);
        validate(feedbackKey, feedback);
        if (this.#active.has(entry)) onFeedback(feedback as Feedback<A>);
      },
    };
    const entry: Entry<A> = { handle, controller, canceling: false, ended: Promise.resolve() };
    const others = (this.#handlers.whenBusy ?? "preempt") === "preempt" ? [...this.#active] : [];
    for (const other of others)
      other.controller.abort(new AutofocusError("preempted", "A newer goal took over."));
    this.#accepted--;
    this.#active.add(entry);
    if (this.#closed) controller.abort(shuttingDown());
    const outcome = this.#carryOut(entry, others).finally(() => this.#active.delete(entry));
    entry.ended = outcome;
    return { outcome, cancel: () => this.#cancel(entry) };
  }

  async #carryOut(entry: Entry<A>, others: readonly Entry<A>[]): Promise<Outcome<Result<A>>> {
    // A goal that is itself told to end does not wait for the others, whose handlers may take their time.
    await Promise.race([Promise.all(others.map(({ ended }) => ended)), aborted(entry.controller.signal)]);
    const resultKey = definitionKey(this.#type, "Result");
    try {
      entry.controller.signal.throwIfAborted();
      const { status, result } = await this.#handlers.execute(entry.handle);
      const completed = complete(resultKey, result);
      validate(resultKey, completed);
      const allowed = status === "canceled" && !entry.canceling ? "aborted" : status;
      return { status: allowed, result: completed as Result<A> };
    } catch (error) {
      if (!entry.controller.signal.aborted)
        this.#log.error(`A goal of ${this.#type} failed: ${explain(error)}`);
      const status = entry.canceling ? "canceled" : "aborted";
      return { status, result: failed(resultKey, error) as Result<A> };
    }
  }

  #cancel(entry: Entry<A>): boolean {
    if (!this.#active.has(entry)) return false;
    try {
      if (!(this.#handlers.cancel?.(entry.handle) ?? true)) return false;
    } catch (error) {
      this.#log.error(`Canceling a goal of ${this.#type} failed: ${explain(error)}`);
      return false;
    }
    entry.canceling = true;
    entry.controller.abort(new AutofocusError("canceled", "The goal was canceled by a client."));
    return true;
  }

  /** Takes no more goals and ends those that run; resolves when they have ended. */
  async close(): Promise<void> {
    this.#closed = true;
    const running = [...this.#active];
    for (const { controller } of running) controller.abort(shuttingDown());
    await Promise.all(running.map(({ ended }) => ended));
  }
}

function shuttingDown(): AutofocusError {
  return new AutofocusError("canceled", "The action server is shutting down.");
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
