/** Waiting for something that ought to end, but not for ever. */
import type { Milliseconds } from "../core/units.ts";
import type { Log } from "./port.ts";

/** How long an end waits for what does not end, of real time. */
const PATIENCE: Milliseconds = 5000;

/** Resolves when `work` has settled, or a little later without it, which is logged. Real time, because a stepped clock may never move again. */
export async function patiently(log: Log, what: string, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      log.error(`Going on without waiting longer for ${what}.`);
      resolve();
    }, PATIENCE);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
