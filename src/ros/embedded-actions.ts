/** Actions of the embedded graph: what goal-runner.ts decides, carried between clients and servers. */
import { randomUUID } from "node:crypto";
import type { Clock } from "../core/clock.ts";
import { AutofocusError } from "../core/errors.ts";
import { explain } from "./callback-guard.ts";
import { within } from "./deadline.ts";
import { GoalRunner, type RunningGoal } from "./goal-runner.ts";
import { complete, definitionKey, validate } from "./message.ts";
import type {
  ActionClient,
  ActionHandlers,
  ActionServer,
  ActionType,
  Feedback,
  Goal,
  GoalOptions,
  Init,
  Log,
  SentGoal,
} from "./port.ts";
import { Registry, typedName } from "./registry.ts";
import { nextTurn } from "./turn.ts";

export class EmbeddedActions {
  readonly #clock: Clock;
  /** Values are GoalRunners of the type that their key names. */
  readonly #servers = new Registry<unknown>("action");

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  serve<A extends ActionType>(name: string, type: A, handlers: ActionHandlers<A>, log: Log): ActionServer {
    const runner = new GoalRunner(type, handlers, log);
    const remove = this.#servers.add(typedName(name, type), runner);
    return {
      name,
      get activeGoals() {
        return runner.active;
      },
      close: async () => {
        remove();
        await runner.close();
      },
    };
  }

  client<A extends ActionType>(name: string, type: A, log: Log): ActionClient<A> {
    const key = typedName(name, type);
    const find = (): GoalRunner<A> | undefined => this.#servers.get(key) as GoalRunner<A> | undefined;
    return {
      name,
      get serverAvailable() {
        return find() !== undefined;
      },
      sendGoal: async (init = {}, options = {}) => {
        const goal = checkedGoal(type, init);
        const offer = async (ended: AbortSignal): Promise<SentGoal<A>> => {
          const runner = (await this.#servers.appears(key, ended)) as GoalRunner<A>;
          await nextTurn(this.#clock);
          return offerGoal({ clock: this.#clock, log, name, runner }, goal, options, ended);
        };
        return within(this.#clock, `No answer from action server ${name}`, offer, options);
      },
      close: () => undefined,
    };
  }
}

function checkedGoal<A extends ActionType>(type: A, init: Init<Goal<A>>): Goal<A> {
  const key = definitionKey(type, "Goal");
  const goal = complete(key, init);
  validate(key, goal);
  return goal as Goal<A>;
}

interface Server<A extends ActionType> {
  readonly clock: Clock;
  readonly log: Log;
  readonly name: string;
  readonly runner: GoalRunner<A>;
}

async function offerGoal<A extends ActionType>(
  server: Server<A>,
  goal: Goal<A>,
  { onFeedback, signal }: GoalOptions<A>,
  ended: AbortSignal,
): Promise<SentGoal<A>> {
  const { clock, log, name, runner } = server;
  if (ended.aborted || !(await runner.accept(goal)))
    throw new AutofocusError("goal_rejected", `The action server ${name} rejected the goal.`);
  const id = randomUUID();
  const tell = (feedback: Feedback<A>): void => {
    try {
      onFeedback?.(feedback);
    } catch (error) {
      log.error(`A feedback callback of ${name} failed: ${explain(error)}`);
    }
  };
  const running = runner.run(id, goal, (feedback) => void nextTurn(clock).then(() => tell(feedback)));
  return sentGoal(id, running, clock, signal, ended);
}

function sentGoal<A extends ActionType>(
  id: string,
  running: RunningGoal<A>,
  clock: Clock,
  signal: AbortSignal | undefined,
  ended: AbortSignal,
): SentGoal<A> {
  const cancel = (): void => void running.cancel();
  // Whoever gave up waiting for the answer knows nothing of the goal, so it must not go on.
  if (ended.aborted || signal?.aborted === true) cancel();
  else signal?.addEventListener("abort", cancel, { once: true });
  const outcome = running.outcome.then(async (value) => {
    signal?.removeEventListener("abort", cancel);
    // The result follows all feedback.
    await nextTurn(clock);
    return value;
  });
  const cancelGoal = async (): Promise<boolean> => {
    await nextTurn(clock);
    return running.cancel();
  };
  return { id, outcome, cancel: cancelGoal };
}
