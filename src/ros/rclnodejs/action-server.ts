/** The server side of an action over rclnodejs: goal-runner.ts decides, this carries goals in and outcomes out. */
import { setImmediate as turn } from "node:timers/promises";
import { GoalRunner, type RunningGoal } from "../goal-runner.ts";
import { definitionKey } from "../message.ts";
import type { ActionHandlers, ActionServer, ActionType, Goal } from "../port.ts";
import { fromRclnodejs, toRclnodejs } from "./convert.ts";
import { guarded } from "./guard.ts";
import type { RclActionServer, RclServerGoal } from "./library.ts";
import type { NodeParts } from "./topics.ts";

/** How long a result can be asked for, s. Results may hold pictures, so not the 15 minutes of rclnodejs. */
const RESULT_TIMEOUT = 60;
/** The state in which rcl takes feedback (action_msgs/GoalStatus STATUS_EXECUTING). */
const EXECUTING = 2;

export function createActionServer<A extends ActionType>(
  parts: NodeParts,
  name: string,
  type: A,
  handlers: ActionHandlers<A>,
): ActionServer {
  const { log } = parts;
  const goalKey = definitionKey(type, "Goal");
  const runner = new GoalRunner(type, handlers, log);
  const ending = new Set<Promise<unknown>>();
  const goalOf = (plain: object): Goal<A> => fromRclnodejs(goalKey, plain as never) as Goal<A>;

  const start = (goal: RclServerGoal): RunningGoal<A> =>
    runner.run(goalId(goal), goalOf(goal.request.toPlainObject(true)), (feedback) => {
      if (goal.isActive && goal.status === EXECUTING) goal.publishFeedback(toRclnodejs(feedback));
    });
  const server = rclServer(parts, name, type, {
    accept: (plain) => runner.accept(goalOf(plain)),
    start,
    ending,
  });
  return {
    name,
    get activeGoals() {
      return runner.active;
    },
    close: async () => {
      await runner.close();
      await Promise.all(ending);
      if (!server.isDestroyed()) server.destroy();
    },
  };
}

interface Decisions<A extends ActionType> {
  accept(goal: object): Promise<boolean>;
  start(goal: RclServerGoal): RunningGoal<A>;
  /** Goals on their way out. */
  readonly ending: Set<Promise<unknown>>;
}

function rclServer<A extends ActionType>(
  { rcl, node, log }: NodeParts,
  name: string,
  type: A,
  decisions: Decisions<A>,
): RclActionServer {
  const running = new Map<string, RunningGoal<A>>();
  let accepted = false;

  const execute = async (goal: RclServerGoal): Promise<unknown> => {
    const id = goalId(goal);
    const run = decisions.start(goal);
    running.set(id, run);
    const { status, result } = await run.outcome;
    running.delete(id);
    // rclnodejs marks a goal as being canceled just after its cancel callback has returned; a goal that ended in
    // between would make rcl throw where nobody catches it.
    await turn();
    if (status === "succeeded") goal.succeed();
    else if (status === "canceled" && goal.isCancelRequested) goal.canceled();
    else goal.abort();
    return new (rcl.require(type).Result)(toRclnodejs(result));
  };

  /** rclnodejs wants an answer at once; ours may take time, so the goal itself is held back. */
  class PatientActionServer extends rcl.ActionServer {
    override processGoalRequest(
      header: unknown,
      request: Parameters<RclActionServer["processGoalRequest"]>[1],
    ): void {
      guarded(log, `Deciding about a goal of ${name}`, async () => {
        const decision = await decisions.accept(request.goal.toPlainObject(true));
        if (this.isDestroyed()) return;
        accepted = decision;
        super.processGoalRequest(header, request);
      })();
    }
  }

  return new PatientActionServer(
    node,
    type,
    name,
    (goal) => {
      const ended = execute(goal);
      // The result is handed over in the turn after it is there.
      const handedOver = ended.then(
        () => turn(),
        () => turn(),
      );
      decisions.ending.add(handedOver);
      void handedOver.then(() => decisions.ending.delete(handedOver));
      return ended;
    },
    () => (accepted ? rcl.GoalResponse.ACCEPT : rcl.GoalResponse.REJECT),
    undefined,
    (goal) =>
      running.get(goalId(goal))?.cancel() === true ? rcl.CancelResponse.ACCEPT : rcl.CancelResponse.REJECT,
    { resultTimeout: RESULT_TIMEOUT },
  );
}

function goalId({ goalId: { uuid } }: RclServerGoal): string {
  return Buffer.from(uuid).toString("hex");
}
