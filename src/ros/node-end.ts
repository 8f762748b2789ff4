/** How a node ends, the same on every adapter. */
import type { Subject } from "rxjs";
import { explain } from "./callback-guard.ts";
import { patiently } from "./patience.ts";
import type { ActionServer, Log } from "./port.ts";

export interface NodeEnding {
  readonly log: Log;
  readonly actionServers: Iterable<ActionServer>;
  /** What the node's owner wants done, in the order of registering. */
  readonly callbacks: readonly (() => void | Promise<void>)[];
  /** Completes the subscriptions. */
  readonly ended: Subject<void>;
  /** Take what the node has off the graph, in the order in which it came there. */
  readonly cleanups: readonly (() => void)[];
}

/** Ends the goals, runs the callbacks, last first, then takes the node off the graph. */
export async function endNode({ log, actionServers, callbacks, ended, cleanups }: NodeEnding): Promise<void> {
  await patiently(log, "goals", Promise.all([...actionServers].map((server) => server.close())));
  for (const callback of callbacks.toReversed())
    await patiently(
      log,
      "a shutdown callback",
      Promise.resolve()
        .then(callback)
        .catch((error: unknown) => log.error(`A shutdown callback failed: ${explain(error)}`)),
    );
  ended.next();
  for (const cleanup of cleanups.toReversed()) cleanup();
}
