/** A motorised lens without hardware, see Motor for its mechanics. Its time is the clock it is given. */
import { BehaviorSubject, type Observable } from "rxjs";
import type { Range } from "../../algorithms/optics/lens-model.ts";
import type { Clock } from "../../core/clock.ts";
import { AutofocusError, expected } from "../../core/errors.ts";
import type { Milliseconds, Steps } from "../../core/units.ts";
import type { LensCapabilities, LensDriver, LensState } from "../lens.ts";
import { Motor, type MotorOptions } from "./motor.ts";

export interface SimulatedLensOptions extends Partial<MotorOptions> {
  /** Positions the lens can take. */
  readonly range: Range;
  /** Where it stands when it is opened; the middle of the range by default. */
  readonly start?: Steps;
  readonly clock: Clock;
}

/** A small stepping motor: the range of the 25 mm lens of paper 1 in about half a second. */
const STEPPER: MotorOptions = { speed: 2000, settlingTime: 30, backlash: 0, overshoot: 0.02 };

/** How often a moving lens reports. */
const REPORT_PERIOD: Milliseconds = 10;
/** A lens that has not arrived this long after it should have is given up. */
const PATIENCE: Milliseconds = 500;

export class SimulatedLens implements LensDriver {
  readonly state$: Observable<LensState>;
  readonly #options: MotorOptions & SimulatedLensOptions;
  readonly #states: BehaviorSubject<LensState>;
  #motor: Motor;
  #phase: "new" | "open" | "closed" = "new";
  #target: Steps;
  #fault: string | undefined;
  /** Ends the movement under way. */
  #interrupt = new AbortController();

  constructor(options: SimulatedLensOptions) {
    this.#options = { ...STEPPER, ...options };
    const { range } = options;
    this.#target = options.start ?? Math.round((range.min + range.max) / 2);
    this.#motor = new Motor(this.#target, this.#options);
    this.#states = new BehaviorSubject(this.#state());
    this.state$ = this.#states.asObservable();
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- an async function turns a throw into a rejection
  async open(): Promise<void> {
    const { range, speed, settlingTime, backlash, overshoot } = this.#options;
    const refuse = (what: string, name: string, value: number): AutofocusError =>
      expected("lens_open_failed", what, `${name} of the simulated lens`, value, {
        cure: "Correct the parameters of the simulated lens.",
      });
    if (!(range.max > range.min)) throw refuse("a position above range.min", "range.max", range.max);
    if (!(this.#target >= range.min && this.#target <= range.max))
      throw refuse(`a position from ${range.min} to ${range.max}`, "start", this.#target);
    if (!(speed > 0)) throw refuse("steps a second above 0", "speed", speed);
    for (const [name, value] of Object.entries({ settlingTime, backlash, overshoot }))
      if (!(value >= 0 && Number.isFinite(value))) throw refuse("a number of at least 0", name, value);
    this.#phase = "open";
    this.#publish();
  }

  capabilities(): LensCapabilities {
    const { range, speed, settlingTime, backlash } = this.#options;
    return { min: range.min, max: range.max, speed, settlingTime, backlash };
  }

  async moveTo(position: Steps, signal?: AbortSignal): Promise<LensState> {
    this.#requireOpen();
    const { range, speed, settlingTime, clock } = this.#options;
    if (!(position >= range.min && position <= range.max))
      throw expected("invalid_input", `a position from ${range.min} to ${range.max}`, "moveTo", position);
    if (signal?.aborted === true) throw canceled();
    const target = Math.round(position);
    const distance = Math.abs(target - this.#motor.motorAt(clock.now()));
    if (distance === 0 && !this.#state().moving) return this.#publish();
    const interrupt = this.#begin(target);
    await this.#settle(interrupt, signal);
    if (this.#motor.destination === target) return this.#states.value;
    await this.#wait(PATIENCE, interrupt, signal);
    this.#fault = `stuck at ${this.#motor.destination}`;
    this.#publish();
    const allowed = Math.round((1000 * distance) / speed + settlingTime + PATIENCE);
    throw new AutofocusError(
      "lens_timeout",
      `The lens did not reach ${target} within ${allowed} ms; it stands at ${this.#motor.destination}.`,
      { cure: "Check that the lens moves freely and has power." },
    );
  }

  async stop(): Promise<LensState> {
    this.#requireOpen();
    if (this.#state().moving) await this.#halt();
    return this.#states.value;
  }

  async home(signal?: AbortSignal): Promise<LensState> {
    return this.moveTo(this.#options.range.min, signal);
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- an async function turns a throw into a rejection
  async close(): Promise<void> {
    if (this.#phase === "closed") return;
    this.#phase = "closed";
    if (this.#state().moving) this.#begin(this.#motor.motorAt(this.#options.clock.now()));
    this.#interrupt.abort();
    this.#publish();
    this.#states.complete();
  }

  /** Where the glass stands at a time not long ago, which is what a camera behind it sees. */
  positionAt(time: Milliseconds): Steps {
    return this.#motor.lensAt(time);
  }

  /** Starts a movement, which ends the one under way; the signal returned ends this one. */
  #begin(target: Steps): AbortSignal {
    this.#interrupt.abort();
    this.#interrupt = new AbortController();
    this.#target = target;
    this.#fault = undefined;
    this.#motor.start(this.#options.clock.now(), target);
    return this.#interrupt.signal;
  }

  /** Stops where the motor is and resolves when the lens has settled there. */
  #halt(): Promise<void> {
    return this.#settle(this.#begin(this.#motor.motorAt(this.#options.clock.now())));
  }

  /** Reports until the motor has arrived and the lens has settled. */
  async #settle(interrupt: AbortSignal, signal?: AbortSignal): Promise<void> {
    for (;;) {
      const { stamp } = this.#publish();
      const left = this.#motor.settledAt - stamp;
      if (left <= 0) return;
      await this.#wait(Math.min(left, REPORT_PERIOD), interrupt, signal);
    }
  }

  /** Waits within a movement; an abort of the caller's `signal` halts the lens. */
  async #wait(duration: Milliseconds, interrupt: AbortSignal, signal?: AbortSignal): Promise<void> {
    try {
      const either = signal === undefined ? interrupt : AbortSignal.any([signal, interrupt]);
      await this.#options.clock.sleep(duration, either);
    } catch (error) {
      // A movement ended by the caller halts the lens; whatever ends the halt in turn reports for itself.
      if (!interrupt.aborted) this.#halt().catch(() => undefined);
      throw error;
    }
    if (interrupt.aborted) throw canceled();
  }

  #requireOpen(): void {
    if (this.#phase === "open") return;
    const why = this.#phase === "new" ? "has not been opened" : "has been closed";
    throw new AutofocusError("lens_fault", `The simulated lens ${why}.`, { cure: "Open the lens first." });
  }

  #publish(): LensState {
    const state = this.#state();
    this.#states.next(state);
    return state;
  }

  #state(): LensState {
    const stamp = this.#options.clock.now();
    return {
      stamp,
      position: this.#motor.motorAt(stamp),
      target: this.#target,
      velocity: this.#motor.velocityAt(stamp),
      moving:
        stamp < this.#motor.settledAt ||
        (this.#fault === undefined && this.#motor.destination !== this.#target),
      fault: this.#fault,
    };
  }
}

function canceled(): AutofocusError {
  return new AutofocusError("canceled", "The movement of the lens was canceled.");
}
