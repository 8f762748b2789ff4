/** Waiting that ends: by the thing waited for, by time, or by a signal. */
import { AutofocusError, type ErrorCode } from "../core/errors.ts";
import type { Clock } from "../core/clock.ts";
import type { WaitOptions } from "./port.ts";

/** How long a client waits when it is not told, ms. */
const DEFAULT_TIMEOUT = 5000;

/**
 * What `work` comes to, unless time or the signal ends the waiting first. `work` is told when nobody waits any more.
 * @throws AutofocusError `timeout` saying that `what` did not happen, `canceled`, or what `work` rejects with.
 */
export async function within<T>(
  clock: Clock,
  what: string,
  work: (ended: AbortSignal) => Promise<T>,
  { timeout = DEFAULT_TIMEOUT, signal }: WaitOptions = {},
): Promise<T> {
  const done = new AbortController();
  const stop = signal === undefined ? done.signal : AbortSignal.any([done.signal, signal]);
  const ended = clock.sleep(timeout, stop).then(
    () => fail("timeout", `${what} within ${timeout} ms.`),
    () =>
      signal?.aborted === true
        ? fail("canceled", `Waiting was canceled: ${what}.`)
        : new Promise<never>(() => {}),
  );
  try {
    return await Promise.race([work(stop), ended]);
  } finally {
    done.abort();
  }
}

function fail(code: ErrorCode, message: string): never {
  throw new AutofocusError(code, message);
}
