/**
 * One focus run: a job, a search and a device. With several windows and the policy `nearest` or `farthest`, every
 * window is focused in turn and the lens returns to the one that the policy names; with `merge` they are read as one.
 *
 * A search that cannot tell how sure it is (contrast maximisation knows no absolute sharpness) is checked at the end by
 * one reading of the defocus where the job asks for that and there is a lens model: no move, one frame. What is read
 * there decides by the same rule as after the scan of a learned search (algorithms/search/verdict.ts).
 */
import { nearIsHigh, type LensModel } from "../algorithms/optics/lens-model.ts";
import { probabilityOf } from "../algorithms/search/focus-posterior.ts";
import { SEARCHES } from "../algorithms/search/index.ts";
import type { FocusResult, Measurement, SearchCost, SearchContext } from "../algorithms/search/types.ts";
import { judgePeak } from "../algorithms/search/verdict.ts";
import type { Clock } from "../core/clock.ts";
import type { Random } from "../core/random.ts";
import type { Roi } from "../core/roi.ts";
import type { Steps } from "../core/units.ts";
import { throwIfAborted } from "../core/bounded.ts";
import { CameraDevice, type CameraDeviceLimits, type CameraDeviceParts } from "./focus-device.ts";
import { windowsIn, type FocusJob } from "./focus-job.ts";
import { runSearch } from "./search-runner.ts";

export interface FocusStep {
  readonly measurement: Measurement;
  /** Why this was measured. */
  readonly reason: string;
  /** Totals so far. */
  readonly cost: SearchCost;
}

export interface FocusRunOptions {
  readonly parts: CameraDeviceParts;
  readonly limits: CameraDeviceLimits;
  readonly lens: LensModel | undefined;
  /** Where the lens stands. */
  readonly start: Steps;
  readonly random: Random;
  readonly signal?: AbortSignal | undefined;
  readonly onStep?: (step: FocusStep) => void;
}

export interface FocusRun {
  readonly result: FocusResult;
  /** Where the lens stands. */
  readonly position: Steps;
  readonly cost: SearchCost;
}

/**
 * @throws AutofocusError `timeout`, `canceled` or `preempted`, and what the device throws; `onStep` has told the
 *   cost by then.
 */
export async function runFocus(job: FocusJob, options: FocusRunOptions): Promise<FocusRun> {
  const run = new Run(job, options);
  if (job.windowPolicy === "merge" || job.windows.length < 2) {
    const result = await run.search((frame) => windowsIn(job, frame));
    return { result, position: run.position, cost: run.cost };
  }
  const found: FocusResult[] = [];
  for (const window of job.windows) {
    const only = { ...job, windows: [window] };
    found.push(await run.search((frame) => windowsIn(only, frame)));
  }
  const result = choose(found, job, options.lens);
  if (result.outcome === "focused") await run.goTo(result.position);
  return { result, position: run.position, cost: run.cost };
}

/** The totals of one run and the position from one search to the next. */
class Run {
  readonly #job: FocusJob;
  readonly #options: FocusRunOptions;
  readonly #clock: Clock;
  readonly #begin: number;
  #position: Steps;
  #cost: SearchCost = { captures: 0, moves: 0, travel: 0, elapsed: 0, visited: [] };

  constructor(job: FocusJob, options: FocusRunOptions) {
    this.#job = job;
    this.#options = options;
    this.#clock = options.parts.clock;
    this.#begin = this.#clock.now();
    this.#position = options.start;
  }

  get position(): Steps {
    return this.#position;
  }

  get cost(): SearchCost {
    return { ...this.#cost, elapsed: this.#clock.now() - this.#begin };
  }

  async search(windows: (frame: { width: number; height: number }) => Roi[]): Promise<FocusResult> {
    const { parts, limits, signal, lens, random, onStep } = this.#options;
    const { search, range, depthOfField, focusMeasure, timeout, maxCaptures } = this.#job;
    const device = new CameraDevice(parts, limits, windows, this.#position);
    const context: SearchContext = {
      start: this.#position,
      range,
      depthOfField,
      focusMeasure,
      limits: { maxCaptures },
      random,
      ...(lens === undefined ? {} : { lens }),
    };
    const before = this.#cost;
    const { result } = await runSearch(SEARCHES[search](context), device, {
      clock: this.#clock,
      timeout: Math.max(0, timeout - (this.#clock.now() - this.#begin)),
      maxCaptures,
      ...(signal === undefined ? {} : { signal }),
      onStep: ({ request, measurement, cost }) => {
        this.#position = measurement.position;
        this.#cost = sum(before, cost);
        onStep?.({ measurement, reason: request.reason, cost: this.cost });
      },
    });
    return this.#confirm(result, device);
  }

  /** The end of a run with several windows. */
  async goTo(position: Steps): Promise<void> {
    const { parts, limits, signal } = this.#options;
    if (position === this.#position) return;
    const device = new CameraDevice(parts, limits, () => [], this.#position);
    await device.moveTo(position, signal);
    const travel = this.#cost.travel + Math.abs(position - this.#position);
    this.#cost = { ...this.#cost, moves: this.#cost.moves + 1, travel };
    this.#position = position;
  }

  async #confirm(result: FocusResult, device: CameraDevice): Promise<FocusResult> {
    const { lens, signal, onStep } = this.#options;
    const isOpen = result.outcome === "focused" && Number.isNaN(result.inFocusProbability);
    if (!this.#job.confirm || lens === undefined || !isOpen) return result;
    throwIfAborted(signal);
    const reason = "Check the result by reading the defocus.";
    const measurement = await device.measure({ moveTo: result.position, measure: "defocus", reason }, signal);
    const { position } = measurement;
    this.#cost = {
      ...this.#cost,
      captures: this.#cost.captures + 1,
      visited: [...this.#cost.visited, position],
    };
    onStep?.({ measurement, reason, cost: this.cost });
    if (measurement.kind !== "defocus") return result;
    const probability = probabilityOf(lens, measurement, this.#job.depthOfField(position));
    return judgePeak(result, probability, position, this.#job.range);
  }
}

function sum(a: SearchCost, b: SearchCost): SearchCost {
  return {
    captures: a.captures + b.captures,
    moves: a.moves + b.moves,
    travel: a.travel + b.travel,
    elapsed: a.elapsed + b.elapsed,
    visited: [...a.visited, ...b.visited],
  };
}

/** The result that the policy names; of failures only, the last. */
function choose(
  found: readonly FocusResult[],
  { windowPolicy }: FocusJob,
  lens: LensModel | undefined,
): FocusResult {
  const last = found.at(-1) as FocusResult;
  const upwards = lens === undefined || nearIsHigh(lens);
  const nearness = ({ position }: FocusResult): Steps => (upwards ? position : -position);
  const focused = found.filter(({ outcome }) => outcome === "focused");
  const sign = windowPolicy === "nearest" ? 1 : -1;
  const [best = last] = [...focused].sort((a, b) => sign * (nearness(b) - nearness(a)));
  if (best.outcome === "failed") return best;
  return { ...best, reason: `The ${windowPolicy} of ${focused.length} windows in focus. ${best.reason}` };
}
