/** The time of a node: the system's, or what /clock says where `use_sim_time` is set. */
import { systemClock, type Clock } from "../../core/clock.ts";
import { AutofocusError } from "../../core/errors.ts";
import type { Milliseconds } from "../../core/units.ts";
import type { RclClock } from "./library.ts";

/** How often a sleeper on simulated time looks at it, ms of real time. */
const LOOK_EVERY = 5;

export class RclnodejsClock implements Clock {
  readonly #clock: RclClock;
  #last: Milliseconds = 0;
  #ended = false;

  constructor(clock: RclClock) {
    this.#clock = clock;
  }

  now(): Milliseconds {
    // The clock goes with its node; whoever still logs or measures then gets the last time there was.
    if (!this.#ended) this.#last = Number(this.#clock.now().nanoseconds) / 1e6;
    return this.#last;
  }

  async sleep(duration: Milliseconds, signal?: AbortSignal): Promise<void> {
    if (this.#ended || !this.#clock.isRosTimeActive) return systemClock.sleep(duration, signal);
    const due = this.now() + duration;
    while (this.now() < due) {
      await systemClock.sleep(LOOK_EVERY, signal);
      this.#checkAlive();
    }
  }

  #checkAlive(): void {
    if (this.#ended) throw new AutofocusError("canceled", "The node whose time this is has been shut down.");
  }

  /** The node is about to go. */
  end(): void {
    this.now();
    this.#ended = true;
  }
}
