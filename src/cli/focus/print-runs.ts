/** The runs of `focus` as tables for people. */
import type { SearchName } from "../../algorithms/search/index.ts";
import { print } from "../context.ts";
import { summarise, type RunReport } from "../../evaluation/photos/run-report.ts";

type PrintedRun = RunReport & {
  readonly photo?: string;
  readonly z0?: number;
  readonly truth?: number | null;
};

/** One line a run. */
export function printRuns(runs: readonly PrintedRun[]): void {
  if (runs.length === 0) return;
  const rows = runs.map((run) => [
    ...(run.photo === undefined ? [] : [run.photo]),
    run.search,
    String(run.start),
    String(run.z0 ?? run.truth ?? "unknown"),
    String(run.final),
    run.error === null ? "" : String(run.error),
    String(run.moves),
    String(run.captures),
    run.outcome,
    run.reason,
  ]);
  const photo = runs[0]?.photo === undefined ? [] : ["photo"];
  table(
    [...photo, "search", "start", "truth", "final", "error", "moves", "captures", "outcome", "reason"],
    rows,
  );
  print();
}

/** One line a search. */
export function printSummaries(searches: readonly SearchName[], runs: readonly RunReport[]): void {
  const rows = searches.flatMap((search) => {
    const own = runs.filter((run) => run.search === search);
    if (own.length === 0) return [];
    const { moves, ...rest } = summarise(own);
    const share = rest.share_in_depth_of_field;
    return [
      [
        search,
        String(rest.runs),
        ...[moves.mean.toFixed(2), moves.p50, moves.p95, moves.p99, moves.max].map(String),
        rest.captures_mean.toFixed(1),
        rest.travel_mean.toFixed(0),
        rest.error_mean_abs?.toFixed(1) ?? "",
        String(rest.error_max_abs ?? ""),
        share === null ? "" : `${(100 * share).toFixed(1)} %`,
        String(rest.failed),
        String(rest.fallbacks),
        rest.elapsed_ms_mean.toFixed(0),
      ],
    ];
  });
  table(
    [
      ...["search", "runs", "moves", "p50", "p95", "p99", "max", "captures", "travel", "error", "max"],
      ...["in focus", "failed", "fallback", "ms"],
    ],
    rows,
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? "").length)),
  );
  for (const row of [head, ...rows])
    print(
      row
        .map((cell, column) => cell.padEnd(column === row.length - 1 ? 0 : (widths[column] as number)))
        .join("  "),
    );
}
