/** The client side of an action over rclnodejs. */
import { systemClock } from "../../core/clock.ts";
import { AutofocusError } from "../../core/errors.ts";
import { within } from "../deadline.ts";
import { complete, definitionKey, validate } from "../message.ts";
import type {
  ActionClient,
  ActionType,
  Feedback,
  GoalOptions,
  GoalStatus,
  Outcome,
  Result,
  SentGoal,
} from "../port.ts";
import { fromRclnodejs, toRclnodejs } from "./convert.ts";
import { guarded } from "./guard.ts";
import type { Plain, RclActionClient, RclClientGoal } from "./library.ts";
import { until } from "./services.ts";
import type { NodeParts } from "./topics.ts";

/** action_msgs/GoalStatus. */
const STATUS: Readonly<Record<number, GoalStatus>> = { 4: "succeeded", 5: "canceled", 6: "aborted" };
/** How often the client of a running goal looks whether the server is still there, ms. */
const LOOK_EVERY = 500;
/** How long a server may take to answer a wish to cancel, ms. */
const CANCEL_TIMEOUT = 5000;

export function createActionClient<A extends ActionType>(
  { rcl, node, log }: NodeParts,
  name: string,
  type: A,
): ActionClient<A> {
  const goalKey = definitionKey(type, "Goal");
  const feedbackKey = definitionKey(type, "Feedback");
  const client = new rcl.ActionClient(node, type, name);
  let closed = false;

  const offer = async (goal: Plain, options: GoalOptions<A>, ended: AbortSignal): Promise<SentGoal<A>> => {
    await until(() => closed || client.isActionServerAvailable(), ended);
    if (closed) throw new AutofocusError("canceled", `The client of ${name} was closed.`);
    const onFeedback = guarded(log, `A feedback callback of ${name}`, (feedback: Plain) =>
      options.onFeedback?.(fromRclnodejs(feedbackKey, feedback) as Feedback<A>),
    );
    const sent = await client.sendGoal(goal, onFeedback);
    if (!sent.isAccepted())
      throw new AutofocusError("goal_rejected", `The action server ${name} rejected the goal.`);
    const cancel = guarded(log, `Canceling a goal of ${name}`, async () => {
      await sent.cancelGoal();
    });
    const outcome = outcomeOf<A>(client, () => closed, sent, name, type);
    // Whoever gave up waiting for the answer knows nothing of the goal, so it must not go on.
    if (ended.aborted || options.signal?.aborted === true) cancel();
    else options.signal?.addEventListener("abort", cancel, { once: true });
    const forget = (): void => options.signal?.removeEventListener("abort", cancel);
    outcome.then(forget, forget);
    return {
      id: Buffer.from(sent.goalId.uuid).toString("hex"),
      outcome,
      cancel: () => cancelGoal(sent, name),
    };
  };

  return {
    name,
    get serverAvailable() {
      return !closed && client.isActionServerAvailable();
    },
    sendGoal: async (init = {}, options = {}) => {
      const goal = complete(goalKey, init);
      validate(goalKey, goal);
      const work = (ended: AbortSignal): Promise<SentGoal<A>> => offer(toRclnodejs(goal), options, ended);
      return within(systemClock, `No answer from action server ${name}`, work, options);
    },
    close: () => {
      if (closed) return;
      closed = true;
      client.destroy();
    },
  };
}

/** Asks for the result, and gives up when the server goes away. */
async function outcomeOf<A extends ActionType>(
  client: RclActionClient,
  closed: () => boolean,
  sent: RclClientGoal,
  name: string,
  type: A,
): Promise<Outcome<Result<A>>> {
  const gone = new AbortController();
  const lost = watch(client, closed, gone.signal).then(() => {
    throw new AutofocusError("canceled", `The action server ${name} went away with a goal.`);
  });
  try {
    const result = await Promise.race([sent.getResult(), lost]);
    const status = STATUS[sent.status];
    if (status === undefined)
      throw new AutofocusError("canceled", `The action server ${name} knows nothing of the goal any more.`);
    return { status, result: fromRclnodejs(definitionKey(type, "Result"), result) as Result<A> };
  } finally {
    gone.abort();
  }
}

/** Resolves when the server has been missing twice in a row, or the client was closed; never when `ended` aborts first. */
async function watch(client: RclActionClient, closed: () => boolean, ended: AbortSignal): Promise<void> {
  let missing = 0;
  while (missing < 2) {
    try {
      await systemClock.sleep(LOOK_EVERY, ended);
    } catch {
      return new Promise<never>(() => {});
    }
    if (closed()) return;
    missing = client.isActionServerAvailable() ? 0 : missing + 1;
  }
}

async function cancelGoal(sent: RclClientGoal, name: string): Promise<boolean> {
  const { goals_canceling } = await within(
    systemClock,
    `No answer to a cancel request from action server ${name}`,
    () => sent.cancelGoal(),
    { timeout: CANCEL_TIMEOUT },
  );
  return goals_canceling.length > 0;
}
