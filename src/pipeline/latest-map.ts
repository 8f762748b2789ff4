/**
 * Works on one value at a time and goes on with the latest: of those that come meanwhile only the last waits.
 *
 *     frames$.pipe(latestMap((frame) => fuse(frame)))
 *
 * What is slower than its source falls behind by one value at most, and is never idle while there is something to do.
 */
import { Observable, type OperatorFunction } from "rxjs";

/** Errors when the source does, or when `work` rejects; completes after the last work when the source has. */
export function latestMap<T, R>(work: (value: T) => Promise<R>): OperatorFunction<T, R> {
  return (source$) =>
    new Observable<R>((out) => {
      let waiting: { readonly value: T } | undefined;
      let isBusy = false;
      let isOver = false;
      const run = async (): Promise<void> => {
        isBusy = true;
        while (waiting !== undefined && !out.closed) {
          const { value } = waiting;
          waiting = undefined;
          out.next(await work(value));
        }
        isBusy = false;
        if (isOver) out.complete();
      };
      return source$.subscribe({
        next: (value) => {
          waiting = { value };
          if (!isBusy) run().catch((error: unknown) => out.error(error));
        },
        error: (error: unknown) => out.error(error),
        complete: () => {
          isOver = true;
          if (!isBusy) out.complete();
        },
      });
    });
}
