/**
 * Time as a port: the system's clock, or one that a test or a stepped simulation moves by hand.
 * Times are milliseconds since the epoch of the clock.
 */
import { AutofocusError } from "./errors.ts";
import type { Milliseconds } from "./units.ts";

export interface Clock {
  now(): Milliseconds;
  /** Resolves after `duration`; rejects with `canceled` as soon as `signal` aborts. */
  sleep(duration: Milliseconds, signal?: AbortSignal): Promise<void>;
  /** Work that takes no time of a clock moved by hand: it stands still until the work is done. Elsewhere absent. */
  hold?<T>(work: Promise<T>): Promise<T>;
}

/** `clock.hold` where there is one. */
export function hold<T>(clock: Clock, work: Promise<T>): Promise<T> {
  return clock.hold?.(work) ?? work;
}

const canceled = (): AutofocusError => new AutofocusError("canceled", "The wait was canceled.");

export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  sleep: (duration, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(canceled());
        return;
      }
      const onAbort = (): void => {
        clearTimeout(timer);
        reject(canceled());
      };
      const timer = setTimeout(
        () => {
          signal?.removeEventListener("abort", onAbort);
          resolve();
        },
        Math.max(0, duration),
      );
      signal?.addEventListener("abort", onAbort, { once: true });
    }),
};

interface Sleeper {
  readonly due: Milliseconds;
  readonly wake: () => void;
}

/** A clock that stands still until `advance` is called. Sleepers wake in the order of their due times. */
export class SteppedClock implements Clock {
  #now: Milliseconds;
  #sleepers: Sleeper[] = [];
  readonly #held = new Set<Promise<unknown>>();

  constructor(start: Milliseconds = 0) {
    this.#now = start;
  }

  now(): Milliseconds {
    return this.#now;
  }

  /** The time at which the next sleeper wakes, or undefined when nobody sleeps. */
  get nextDue(): Milliseconds | undefined {
    return this.#sleepers[0]?.due;
  }

  sleep(duration: Milliseconds, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(canceled());
        return;
      }
      const onAbort = (): void => {
        this.#sleepers = this.#sleepers.filter((each) => each !== sleeper);
        reject(canceled());
      };
      const sleeper: Sleeper = {
        due: this.#now + Math.max(0, duration),
        wake: () => {
          signal?.removeEventListener("abort", onAbort);
          resolve();
        },
      };
      const at = this.#sleepers.findIndex((each) => each.due > sleeper.due);
      this.#sleepers.splice(at < 0 ? this.#sleepers.length : at, 0, sleeper);
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  }

  hold<T>(work: Promise<T>): Promise<T> {
    this.#held.add(work);
    const release = (): void => void this.#held.delete(work);
    work.then(release, release);
    return work;
  }

  /** Moves time forward by `duration`, waking sleepers on the way and letting what they started run. */
  async advance(duration: Milliseconds): Promise<void> {
    const end = this.#now + duration;
    for (let next = this.#sleepers[0]; next !== undefined && next.due <= end; next = this.#sleepers[0]) {
      this.#sleepers.shift();
      this.#now = next.due;
      next.wake();
      await this.#settle();
    }
    this.#now = end;
    await this.#settle();
  }

  /** Lets every promise that is ready run its reactions, and waits for the work held. */
  async #settle(): Promise<void> {
    do {
      await Promise.allSettled(this.#held);
      await new Promise((resolve) => setImmediate(resolve));
    } while (this.#held.size > 0);
  }
}
