/** Turns of the event loop: nothing on the embedded graph is answered inside the call that asked. */
import type { Clock } from "../core/clock.ts";

/** The next turn of the event loop. A clock moved by hand stands still until then. */
export function nextTurn(clock: Clock): Promise<void> {
  const turn = new Promise<void>((resolve) => setImmediate(resolve));
  return clock.hold?.(turn) ?? turn;
}
