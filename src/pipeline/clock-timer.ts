/** The clock of the core as an RxJS timer, so that stepped time steps pipelines too. */
import { Observable } from "rxjs";
import type { Clock } from "../core/clock.ts";
import type { Milliseconds } from "../core/units.ts";

/**
 * `clockTimer(clock)(20)` emits and completes after 20 ms of `clock`; unsubscribing ends the wait.
 */
export function clockTimer(clock: Clock): (duration: Milliseconds) => Observable<void> {
  return (duration) =>
    new Observable((subscriber) => {
      const stop = new AbortController();
      clock.sleep(duration, stop.signal).then(
        () => {
          subscriber.next();
          subscriber.complete();
        },
        (error: unknown) => {
          if (!stop.signal.aborted) subscriber.error(error);
        },
      );
      return () => stop.abort();
    });
}
