/** Work with an end: what it comes to, or an error once the time is over or a signal aborts. */
import type { Clock } from "./clock.ts";
import { AutofocusError } from "./errors.ts";
import type { Milliseconds } from "./units.ts";

export interface Bounds {
  readonly clock: Clock;
  readonly timeout: Milliseconds;
  readonly signal?: AbortSignal | undefined;
  /** The error when the time is over. */
  readonly late: () => AutofocusError;
}

/**
 * @param work is told by its signal when nobody waits for it any more, and need not reject then.
 * @throws AutofocusError `late()`, the reason of `signal` where that is an AutofocusError, else `canceled`; and
 *   whatever `work` rejects with.
 */
export async function bounded<T>(bounds: Bounds, work: (ended: AbortSignal) => Promise<T>): Promise<T> {
  const { clock, timeout, signal, late } = bounds;
  throwIfAborted(signal);
  const over = new AbortController();
  const onAbort = (): void => over.abort();
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    const timer = clock.sleep(timeout, over.signal).then(
      () => {
        throw late();
      },
      () => new Promise<never>((_, reject) => signal?.aborted === true && reject(reasonOf(signal))),
    );
    return await Promise.race([work(over.signal), timer]);
  } catch (error) {
    throwIfAborted(signal);
    throw error;
  } finally {
    signal?.removeEventListener("abort", onAbort);
    over.abort();
  }
}

/** Throws why the signal aborted, as an AutofocusError, if it did. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw reasonOf(signal);
}

function reasonOf({ reason }: AbortSignal & { readonly reason: unknown }): AutofocusError {
  return reason instanceof AutofocusError ? reason : new AutofocusError("canceled", "The work was canceled.");
}
