/** One focus run as the command `focus` reports it, and what many of them come to. */
import type { SearchName } from "../../algorithms/search/index.ts";
import type { SearchRun } from "../../pipeline/search-runner.ts";
import type { Steps } from "../../core/units.ts";
import { mean, quantile } from "../statistics.ts";

/** The fields of a run that do not depend on where the frames come from; names as in the JSON document. */
export interface RunReport {
  readonly search: SearchName;
  readonly start: Steps;
  /** Where the lens stands at the end. */
  readonly final: Steps;
  /** `final` minus the true position, null where that is not known. */
  readonly error: Steps | null;
  /** Whether the true position is within the depth of field of `final`, null where it is not known. */
  readonly in_depth_of_field: boolean | null;
  readonly outcome: "focused" | "failed";
  /** Null where the search cannot tell. */
  readonly in_focus_probability: number | null;
  readonly moves: number;
  readonly captures: number;
  readonly travel: Steps;
  readonly elapsed_ms: number;
  readonly visited: readonly Steps[];
  readonly fallback: boolean;
  readonly reason: string;
}

export interface Summary {
  readonly runs: number;
  readonly moves: { mean: number; p50: number; p95: number; p99: number; max: number };
  readonly captures_mean: number;
  readonly travel_mean: number;
  readonly elapsed_ms_mean: number;
  /** Over the runs whose true position is known, null where there is none. */
  readonly error_mean_abs: number | null;
  readonly error_max_abs: number | null;
  readonly share_in_depth_of_field: number | null;
  /** Runs that ended outside the depth of field and said `focused`. */
  readonly wrong: number;
  readonly failed: number;
  readonly fallbacks: number;
}

/** @param truth the true position, undefined where it is not known. */
export function reportRun(
  search: SearchName,
  start: Steps,
  { result, cost }: SearchRun,
  truth: Steps | undefined,
  depthOfField: Steps,
): RunReport {
  const error = truth === undefined ? null : result.position - truth;
  return {
    search,
    start,
    final: result.position,
    error,
    in_depth_of_field: error === null ? null : Math.abs(error) <= depthOfField,
    outcome: result.outcome,
    in_focus_probability: Number.isNaN(result.inFocusProbability)
      ? null
      : rounded(result.inFocusProbability, 4),
    moves: cost.moves,
    captures: cost.captures,
    travel: cost.travel,
    elapsed_ms: rounded(cost.elapsed, 1),
    visited: cost.visited,
    fallback: result.fallback,
    reason: result.reason,
  };
}

/** @param runs at least one. */
export function summarise(runs: readonly RunReport[]): Summary {
  const moves = runs.map((run) => run.moves);
  const errors = runs.flatMap(({ error }) => (error === null ? [] : [Math.abs(error)]));
  const count = (is: (run: RunReport) => boolean): number => runs.filter(is).length;
  const known = count((run) => run.in_depth_of_field !== null);
  return {
    runs: runs.length,
    moves: {
      mean: rounded(mean(moves), 3),
      p50: quantile(moves, 0.5),
      p95: quantile(moves, 0.95),
      p99: quantile(moves, 0.99),
      max: quantile(moves, 1),
    },
    captures_mean: rounded(mean(runs.map((run) => run.captures)), 3),
    travel_mean: rounded(mean(runs.map((run) => run.travel)), 1),
    elapsed_ms_mean: rounded(mean(runs.map((run) => run.elapsed_ms)), 1),
    error_mean_abs: errors.length === 0 ? null : rounded(mean(errors), 2),
    error_max_abs: errors.length === 0 ? null : rounded(Math.max(...errors), 2),
    share_in_depth_of_field:
      known === 0 ? null : rounded(count((run) => run.in_depth_of_field === true) / known, 4),
    wrong: count((run) => run.in_depth_of_field === false && run.outcome === "focused"),
    failed: count((run) => run.outcome === "failed"),
    fallbacks: count((run) => run.fallback),
  };
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
