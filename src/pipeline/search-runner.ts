/**
 * Runs a focus search on a device: hands every request to it, the measurement back to the search, and counts what it
 * costs. The same loop serves the autofocus node, the command line, the evaluation and the tests.
 */
import type {
  FocusResult,
  FocusSearch,
  Measurement,
  Request,
  SearchCost,
} from "../algorithms/search/types.ts";
import type { Clock } from "../core/clock.ts";
import { AutofocusError } from "../core/errors.ts";
import type { Milliseconds, Steps } from "../core/units.ts";

/** A lens that an encoder reports this little aside of where it was has not moved. */
const STIRRED: Steps = 0.5;

/** What a search runs on: a lens and something that measures the frames it gives. */
export interface FocusDevice {
  /** Where the lens stands. */
  position(): Steps;
  /** Moves the lens where the request says, unless it stands there, and measures a frame taken at rest. */
  measure(request: Request, signal?: AbortSignal): Promise<Measurement>;
}

/** One request and what came of it. */
export interface SearchStep {
  readonly request: Request;
  readonly measurement: Measurement;
  /** Totals up to and with this step. */
  readonly cost: SearchCost;
}

export interface SearchRunOptions {
  readonly clock: Clock;
  /** Ends the search with `canceled`, or with the reason given to it where that is an AutofocusError. */
  readonly signal?: AbortSignal;
  /** Time allowed; after it the search ends with `timeout`. */
  readonly timeout?: Milliseconds;
  /** Captures allowed; one more ends the search with `limit_reached`, should the search not end by itself. */
  readonly maxCaptures?: number;
  /** Called after each measurement. */
  readonly onStep?: (step: SearchStep) => void;
}

export interface SearchRun {
  readonly result: FocusResult;
  readonly cost: SearchCost;
}

/**
 * @throws AutofocusError `canceled`, `timeout`, `limit_reached`, each with the `cost` so far in its context; errors of
 *   the device pass through. The lens stays where it is.
 */
export async function runSearch(
  search: FocusSearch,
  device: FocusDevice,
  options: SearchRunOptions,
): Promise<SearchRun> {
  const { clock, maxCaptures = Infinity, onStep } = options;
  const begin = clock.now();
  const visited: Steps[] = [];
  let moves = 0;
  let travel = 0;
  const cost = (): SearchCost => ({
    captures: visited.length,
    moves,
    travel,
    elapsed: clock.now() - begin,
    visited: [...visited],
  });

  const limit = deadline(options, cost);
  try {
    let step = search.next();
    while (step.done !== true) {
      const request = step.value;
      if (visited.length >= maxCaptures)
        throw new AutofocusError("limit_reached", `The search asked for more than ${maxCaptures} captures.`, {
          cure: "Allow more captures or give the search a smaller range.",
          context: { cost: cost() },
        });
      limit.signal.throwIfAborted();
      const before = device.position();
      const measurement = await limit.race(device.measure(request, limit.signal));
      if (Math.abs(measurement.position - before) >= STIRRED) moves++;
      travel += Math.abs(measurement.position - before);
      visited.push(measurement.position);
      onStep?.({ request, measurement, cost: cost() });
      step = search.next(measurement);
    }
    return { result: step.value, cost: cost() };
  } finally {
    limit.end();
    search.return(undefined as never);
  }
}

/** The signal and the timeout of a run as one: aborted as soon as either is, and to be ended with the run. */
function deadline(
  { clock, signal, timeout }: SearchRunOptions,
  cost: () => SearchCost,
): { signal: AbortSignal; race<T>(work: Promise<T>): Promise<T>; end(): void } {
  const run = new AbortController();
  const timer = new AbortController();
  const stop = (): void => {
    const reason: unknown = signal?.reason;
    run.abort(
      reason instanceof AutofocusError
        ? reason
        : new AutofocusError("canceled", "The search was canceled.", { context: { cost: cost() } }),
    );
  };
  if (signal?.aborted === true) stop();
  signal?.addEventListener("abort", stop, { once: true });
  if (timeout !== undefined)
    clock.sleep(timeout, timer.signal).then(
      () => {
        run.abort(
          new AutofocusError("timeout", `The search took longer than ${Math.round(timeout)} ms.`, {
            cure: "Allow more time, or check that the lens arrives and frames come.",
            context: { cost: cost() },
          }),
        );
      },
      () => undefined,
    );
  const aborted = new Promise<never>((_, reject) => {
    const fail = (): void => {
      reject(run.signal.reason as AutofocusError);
    };
    if (run.signal.aborted) fail();
    else run.signal.addEventListener("abort", fail, { once: true });
  });
  aborted.catch(() => undefined);
  return {
    signal: run.signal,
    race: (work) => {
      work.catch(() => undefined);
      return Promise.race([aborted, work]);
    },
    end: () => {
      timer.abort();
      signal?.removeEventListener("abort", stop);
    },
  };
}
