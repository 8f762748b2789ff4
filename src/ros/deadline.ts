/** How long clients of the graph wait, the same on every adapter. */
import { bounded } from "../core/bounded.ts";
import type { Clock } from "../core/clock.ts";
import { AutofocusError } from "../core/errors.ts";
import type { WaitOptions } from "./port.ts";

/** How long a client waits when it is not told, ms. */
const DEFAULT_TIMEOUT = 5000;

/**
 * What `work` comes to, unless time or the signal ends the waiting first. `work` is told when nobody waits any more.
 * @throws AutofocusError `timeout` saying that `what` did not happen, `canceled`, or what `work` rejects with.
 */
export function within<T>(
  clock: Clock,
  what: string,
  work: (ended: AbortSignal) => Promise<T>,
  { timeout = DEFAULT_TIMEOUT, signal }: WaitOptions = {},
): Promise<T> {
  const late = (): AutofocusError => new AutofocusError("timeout", `${what} within ${timeout} ms.`);
  return bounded({ clock, timeout, signal, late }, work);
}
