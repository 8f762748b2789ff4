/**
 * A subscriber that throws must not take the process down. RxJS reports what a subscriber throws through one hook of
 * the whole process, by default as an uncaught exception; while a graph lives, such errors are logged instead.
 */
import { config } from "rxjs";
import { toAutofocusError } from "../core/errors.ts";

type Report = (message: string) => void;

const reports: Report[] = [];
let before: typeof config.onUnhandledError = null;

/** Logs unhandled subscriber errors through `report` until the function returned is called. */
export function guardSubscribers(report: Report): () => void {
  if (reports.length === 0) {
    before = config.onUnhandledError;
    config.onUnhandledError = (error: unknown) => reports.at(-1)?.(`A subscriber failed: ${explain(error)}`);
  }
  reports.push(report);
  return () => {
    const index = reports.indexOf(report);
    if (index < 0) return;
    reports.splice(index, 1);
    if (reports.length === 0) config.onUnhandledError = before;
  };
}

/** What to log of anything thrown: the summary of a known error, the stack of an unexpected one. */
export function explain(error: unknown): string {
  const known = toAutofocusError(error);
  if (known.code !== "internal") return `${known.summary} (${known.code})`;
  return error instanceof Error ? (error.stack ?? error.message) : known.message;
}
