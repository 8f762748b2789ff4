import { expect } from "chai";
import { reportRun, summarise, type RunReport } from "../../../src/evaluation/photos/run-report.ts";
import type { FocusResult } from "../../../src/algorithms/search/types.ts";

const FOUND: FocusResult = {
  outcome: "focused",
  position: 1512,
  inFocusProbability: 0.987654321,
  fallback: false,
  reason: "found",
};
const COST = { captures: 3, moves: 2, travel: 312, elapsed: 41.25, visited: [1400, 1300, 1512] };

function run(moves: number, error: number | null, more: Partial<RunReport> = {}): RunReport {
  const truth = error === null ? undefined : 1512 - error;
  const report = reportRun("learned", 1400, { result: FOUND, cost: { ...COST, moves } }, truth, 20);
  return { ...report, ...more };
}

describe("the report of a focus run", () => {
  it("tells the signed error and whether it is within the depth of field", () => {
    expect(run(2, 20)).to.deep.equal({
      search: "learned",
      start: 1400,
      final: 1512,
      error: 20,
      in_depth_of_field: true,
      outcome: "focused",
      in_focus_probability: 0.9877,
      moves: 2,
      captures: 3,
      travel: 312,
      elapsed_ms: 41.3,
      visited: [1400, 1300, 1512],
      fallback: false,
      reason: "found",
    });
    expect(run(2, -21)).to.include({ error: -21, in_depth_of_field: false });
  });

  it("has null where something is not known", () => {
    const unsure = { ...FOUND, inFocusProbability: NaN };
    expect(reportRun("fibonacci", 1400, { result: unsure, cost: COST }, undefined, 20)).to.include({
      error: null,
      in_depth_of_field: null,
      in_focus_probability: null,
    });
  });
});

describe("the summary of focus runs", () => {
  it("has the mean and the quantiles of the moves, by nearest rank", () => {
    const runs = Array.from({ length: 100 }, (_, index) => run(index + 1, 0));
    expect(summarise(runs).moves).to.deep.equal({ mean: 50.5, p50: 50, p95: 95, p99: 99, max: 100 });
    expect(summarise([run(7, 0)]).moves).to.deep.equal({ mean: 7, p50: 7, p95: 7, p99: 7, max: 7 });
  });

  it("counts errors by their size, and apart from them what was wrong without saying so", () => {
    const runs = [
      run(1, -8),
      run(1, 4),
      run(1, 30),
      run(1, -40, { outcome: "failed" }),
      run(9, 2, { fallback: true }),
    ];
    expect(summarise(runs)).to.include({
      runs: 5,
      error_mean_abs: 16.8,
      error_max_abs: 40,
      share_in_depth_of_field: 0.6,
      wrong: 1,
      failed: 1,
      fallbacks: 1,
    });
  });

  it("leaves out errors that are not known", () => {
    expect(summarise([run(1, null), run(1, 6)])).to.include({
      error_mean_abs: 6,
      share_in_depth_of_field: 1,
    });
    expect(summarise([run(1, null)])).to.include({ error_mean_abs: null, share_in_depth_of_field: null });
  });
});
