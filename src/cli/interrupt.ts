/** Ctrl-C, and the signal that ends a process, as the end of a piece of work and not of the process. */
import { AutofocusError } from "../core/errors.ts";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/**
 * Does the work; the first interruption meanwhile aborts the signal it is given. A second one ends the process, should
 * the work not end.
 * @param message of the `canceled` that the signal is aborted with.
 */
export async function untilInterrupted<T>(
  message: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const stop = (): void => {
    forget();
    controller.abort(new AutofocusError("canceled", message));
  };
  const forget = (): void => {
    for (const signal of SIGNALS) process.off(signal, stop);
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  try {
    return await work(controller.signal);
  } catch (error) {
    // What waits ends with a word of its own for it.
    throw controller.signal.aborted ? (controller.signal.reason as AutofocusError) : error;
  } finally {
    forget();
  }
}
