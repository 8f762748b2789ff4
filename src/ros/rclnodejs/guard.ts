/** rclnodejs aborts the whole process when a callback throws, so no callback of ours ever does. */
import { explain } from "../callback-guard.ts";
import type { Log } from "../port.ts";

/** `callback`, with what it throws or rejects with logged as a failure of `what`. */
export function guarded<A extends readonly unknown[]>(
  log: Log,
  what: string,
  callback: (...values: A) => void | Promise<void>,
): (...values: A) => void {
  const report = (error: unknown): void => log.error(`${what} failed: ${explain(error)}`);
  return (...values) => {
    try {
      const result: unknown = callback(...values);
      // Callbacks of type void may return anything, a number say.
      if (result instanceof Promise) result.catch(report);
    } catch (error) {
      report(error);
    }
  };
}
