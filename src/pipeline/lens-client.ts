/**
 * The lens as the other nodes see it: the latest `lens/state`, and moves by the action `lens/move`, each ending within
 * a bounded time. Whoever moves the lens last owns it: a move of another client ends this one's with `preempted`.
 */
import { BehaviorSubject, filter, firstValueFrom, type Observable, type Subscription } from "rxjs";
import { AutofocusError, ERROR_CODES, type ErrorCode } from "../core/errors.ts";
import type { Milliseconds, Steps } from "../core/units.ts";
import type { LensStateMsg } from "../ros/messages.ts";
import { LATCHED_QOS, type ActionClient, type RosNode } from "../ros/port.ts";
import { bounded } from "../core/bounded.ts";

const MOVE_LENS = "intelligent_autofocus/action/MoveLens";

/** For the answer of the motor after the time of a move is over. */
const ANSWER_PATIENCE: Milliseconds = 3000;

export interface LensWait {
  readonly timeout: Milliseconds;
  readonly signal?: AbortSignal | undefined;
}

export class LensClient {
  readonly #node: RosNode;
  readonly #move: ActionClient<typeof MOVE_LENS>;
  readonly #state = new BehaviorSubject<LensStateMsg | undefined>(undefined);
  readonly #subscription: Subscription;
  #target: Steps = NaN;

  constructor(node: RosNode) {
    this.#node = node;
    this.#move = node.actionClient("lens/move", MOVE_LENS);
    this.#subscription = node
      .subscribe("lens/state", "intelligent_autofocus/msg/LensState", LATCHED_QOS)
      .subscribe((state) => this.#state.next(state));
  }

  /** The latest state, undefined before the first. */
  get state(): LensStateMsg | undefined {
    return this.#state.value;
  }

  /** The states from now on. */
  get state$(): Observable<LensStateMsg> {
    return this.#state.pipe(filter((state) => state !== undefined));
  }

  /** Where this client last sent the lens, NaN before that. */
  get target(): Steps {
    return this.#target;
  }

  /**
   * The state, once there is one.
   * @throws AutofocusError `lens_timeout` when none comes, `canceled`.
   */
  known({ timeout, signal }: LensWait): Promise<LensStateMsg> {
    const late = (): AutofocusError =>
      new AutofocusError("lens_timeout", `The state of the lens did not come within ${timeout} ms.`, {
        cure: "Check that motor_driver runs in the same namespace.",
      });
    return bounded({ clock: this.#node.clock, timeout, signal, late }, () => firstValueFrom(this.state$));
  }

  /**
   * Moves and resolves with the state once the lens stands there.
   * @throws AutofocusError what `lens/move` answers with (`invalid_input`, `lens_timeout`, `lens_fault`, `preempted`),
   *   `lens_timeout` when it does not answer in time, `canceled`.
   */
  async moveTo(position: Steps, { timeout, signal }: LensWait): Promise<LensStateMsg> {
    this.#target = position;
    const { clock } = this.#node;
    const late = (): AutofocusError =>
      new AutofocusError("lens_timeout", `The lens did not reach ${position} within ${timeout} ms.`, {
        cure: "Check motor_driver and the lens, or allow more time.",
      });
    // The motor keeps the time; this side allows it a little longer to say so.
    const patience = timeout + ANSWER_PATIENCE;
    return bounded({ clock, timeout: patience, signal, late }, async (ended) => {
      const goal = { position, timeout: timeout / 1000 };
      const sent = await this.#move.sendGoal(goal, { timeout, signal: ended });
      const { result } = await sent.outcome;
      if (result.error_code !== ERROR_CODES.none) throw fromResult(result.error_code, result.error_msg);
      return result.state;
    });
  }

  close(): void {
    this.#subscription.unsubscribe();
    this.#move.close();
  }
}

/** The error that a result tells of. */
function fromResult(number: number, message: string): AutofocusError {
  const code = (Object.keys(ERROR_CODES) as ErrorCode[]).find((each) => ERROR_CODES[each] === number);
  return new AutofocusError(code ?? "internal", message);
}
