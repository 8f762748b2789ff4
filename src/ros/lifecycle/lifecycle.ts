/**
 * The managed life of a node: takes wishes for transitions, has the node carry them out, and ends in the state that the
 * outcome leads to. One transition at a time; a wish that comes during another is refused.
 */
import { Subject, type Observable } from "rxjs";
import { AutofocusError } from "../../core/errors.ts";
import {
  concluding,
  requested,
  type Command,
  type LifecycleState,
  type Outcome,
  type Transition,
} from "./state-machine.ts";

/**
 * What a node does in each transition. An AutofocusError says why it cannot be done now, and the node stays in the state
 * it was in; anything else that is thrown is an error, upon which `recover` has to let go of everything.
 */
export type LifecycleWork = Readonly<Record<Command, () => Promise<void>>> & {
  /** Back to `unconfigured` whatever state the node is in; throwing ends in `finalized`. */
  readonly recover: () => Promise<void>;
  /** Told why a transition was not made. */
  readonly onProblem: (command: Command, error: unknown) => void;
};

export class Lifecycle {
  readonly #work: LifecycleWork;
  readonly #transitions = new Subject<Transition>();
  #state: LifecycleState = "unconfigured";
  #current: Promise<unknown> = Promise.resolve();

  constructor(work: LifecycleWork) {
    this.#work = work;
  }

  get state(): LifecycleState {
    return this.#state;
  }

  /** Every step from one state to the next, as it is made. */
  get transitions$(): Observable<Transition> {
    return this.#transitions.asObservable();
  }

  /**
   * Carries out the transition that is asked for, by label or number (`requested`). Resolves when the node is in a primary
   * state again: true when it was done, false when the state does not allow it, it was refused or it failed.
   */
  async request(wanted: { readonly id: number; readonly label: string }): Promise<boolean> {
    const transition = requested(this.#state, wanted);
    if (transition === undefined) return false;
    const work = this.#make(transition);
    this.#current = work;
    return work;
  }

  /** `request` by what is to be done. */
  command(command: Command): Promise<boolean> {
    return this.request({ id: 0, label: command });
  }

  /** Ends in `finalized`, after a transition that is going on; a shutdown that goes wrong is tried once more from where it led. */
  async end(): Promise<void> {
    await this.#current;
    for (let attempt = 0; attempt < 2 && this.#state !== "finalized"; attempt++)
      await this.command("shutdown");
    this.#transitions.complete();
  }

  async #make(transition: Transition): Promise<boolean> {
    this.#enter(transition);
    const command = transition.label as Command;
    const outcome = await this.#outcomeOf(command);
    this.#conclude(outcome);
    if (this.#state === "errorprocessing")
      this.#conclude(
        await this.#work.recover().then(
          () => "success",
          () => "failure",
        ),
      );
    return outcome === "success";
  }

  async #outcomeOf(command: Command): Promise<Outcome> {
    try {
      await this.#work[command]();
      return "success";
    } catch (error) {
      this.#work.onProblem(command, error);
      return error instanceof AutofocusError && error.code !== "internal" ? "failure" : "error";
    }
  }

  #conclude(outcome: Outcome): void {
    const transition = concluding(this.#state, outcome);
    if (transition === undefined)
      throw new AutofocusError("internal", `Nothing follows ${outcome} in the state ${this.#state}.`);
    this.#enter(transition);
  }

  #enter(transition: Transition): void {
    this.#state = transition.goal;
    this.#transitions.next(transition);
  }
}
