/**
 * Carries out the commands to the lens: the goals of `lens/move` and the services `lens/home` and `lens/stop`. Every
 * command ends within a bounded time, and with the state of the lens as it then is.
 */
import type { Clock } from "../core/clock.ts";
import { AutofocusError, expected } from "../core/errors.ts";
import type { Milliseconds, Steps } from "../core/units.ts";
import type { LensDriver, LensState } from "../drivers/lens.ts";
import { bounded } from "../core/bounded.ts";
import type { MoveLensGoalMsg } from "../ros/messages.ts";

/** The longest timeout of a goal, seconds. */
const LONGEST = 3600;

/** How long a halt may take before the command that needed it ends all the same. */
const HALT_PATIENCE: Milliseconds = 2000;

export class LensMover {
  readonly #clock: Clock;
  readonly #lens: () => { readonly driver: LensDriver; readonly state: LensState };

  /** @param lens the open driver and its latest state; throws while there is none. */
  constructor(clock: Clock, lens: () => { readonly driver: LensDriver; readonly state: LensState }) {
    this.#clock = clock;
    this.#lens = lens;
  }

  /**
   * Moves as the goal says. When `signal` aborts, a canceled goal halts the lens; a preempted one leaves it to the goal
   * that took over, which need not wait for a halt.
   * @throws AutofocusError `invalid_input`, `lens_timeout`, `lens_fault`, `canceled`, `preempted`.
   */
  async move(goal: MoveLensGoalMsg, defaultTimeout: Milliseconds, signal: AbortSignal): Promise<LensState> {
    const { driver, state } = this.#lens();
    try {
      checkTimeout(goal);
      const target = targetOf(goal, driver, state.position);
      const timeout = goal.timeout > 0 ? 1000 * goal.timeout : defaultTimeout;
      const failure = `The lens did not reach ${target}`;
      return await this.#within(timeout, signal, failure, driver, () => driver.moveTo(target));
    } catch (error) {
      // A refused goal may have preempted one whose movement still goes on.
      if (error instanceof AutofocusError && error.code === "invalid_input") await this.#halt(driver);
      throw error;
    }
  }

  /** @throws AutofocusError `lens_timeout`, `lens_fault`, `canceled` by a later command. */
  async home(timeout: Milliseconds, signal?: AbortSignal): Promise<LensState> {
    const { driver } = this.#lens();
    return this.#within(timeout, signal, "The lens did not reach its reference", driver, (ended) =>
      driver.home(ended),
    );
  }

  /** Halts the lens, which ends a goal that moves it. */
  async stop(timeout: Milliseconds, signal?: AbortSignal): Promise<LensState> {
    const { driver } = this.#lens();
    return this.#within(timeout, signal, "The lens did not stop", driver, () => driver.stop());
  }

  async #within(
    timeout: Milliseconds,
    signal: AbortSignal | undefined,
    failure: string,
    driver: LensDriver,
    work: (ended: AbortSignal) => Promise<LensState>,
  ): Promise<LensState> {
    const late = (): AutofocusError =>
      new AutofocusError("lens_timeout", `${failure} within ${timeout} ms.`, {
        cure: "Check that the lens moves freely and has power, or allow more time.",
      });
    try {
      return await bounded({ clock: this.#clock, timeout, signal, late }, work);
    } catch (error) {
      const isPreempted = error instanceof AutofocusError && error.code === "preempted";
      const isAbandoned =
        error instanceof AutofocusError && (error.code === "lens_timeout" || signal?.aborted === true);
      // Nobody waits for this movement any more, so the lens must not go on with it.
      if (isAbandoned && !isPreempted) await this.#halt(driver);
      throw error;
    }
  }

  /** Stops the lens where it moves; the error that led here is the one that counts, not one of the halt. */
  async #halt(driver: LensDriver): Promise<void> {
    const late = (): AutofocusError => new AutofocusError("lens_timeout", "The lens did not stop.");
    await bounded({ clock: this.#clock, timeout: HALT_PATIENCE, late }, () => driver.stop()).catch(
      () => undefined,
    );
  }
}

/** @throws AutofocusError `invalid_input` outside the range of the lens. */
function targetOf({ position, relative }: MoveLensGoalMsg, driver: LensDriver, current: Steps): Steps {
  const { min, max } = driver.capabilities();
  const target = relative ? current + position : position;
  // The empty goal asks for 0; where the lens cannot go there, it settles where it stands.
  if (position === 0 && !relative && (min > 0 || max < 0)) return current;
  if (!(target >= min && target <= max))
    throw expected("invalid_input", `a position from ${min} to ${max}`, "position", target, {
      cure: "Positions are motor steps; lens/state tells the range.",
    });
  return target;
}

/** A timeout that is no time at all is refused; 0 stands for the default. */
function checkTimeout({ timeout }: MoveLensGoalMsg): void {
  if (!(timeout >= 0 && timeout <= LONGEST))
    throw expected("invalid_input", `seconds from 0 to ${LONGEST}`, "timeout", timeout);
}
