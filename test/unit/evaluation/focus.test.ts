/** The focus part: what the paper reports, and how runs are counted. */
import { expect } from "chai";
import { finalFigures, finalSection } from "../../../src/evaluation/focus/final-position-report.ts";
import {
  finalErrors,
  paperFinalErrors,
  type ObjectRuns,
} from "../../../src/evaluation/focus/final-position-study.ts";
import { OBJECTS, TARGETS } from "../../../src/evaluation/focus/paper-tables.ts";
import { iterationsOf } from "../../../src/evaluation/focus/search-study.ts";
import {
  firstMoveWrong,
  isWrong,
  isWrongDirection,
  type AnyRun,
} from "../../../src/evaluation/focus/wrong-answer-study.ts";
import type { RunReport } from "../../../src/evaluation/photos/run-report.ts";
import { mean } from "../../../src/evaluation/statistics.ts";

function runOf(fields: Partial<AnyRun>): AnyRun {
  const run: RunReport = {
    search: "learned",
    start: 1400,
    final: 1600,
    error: 0,
    in_depth_of_field: true,
    outcome: "focused",
    in_focus_probability: 0.95,
    moves: 1,
    captures: 2,
    travel: 200,
    elapsed_ms: 1,
    visited: [1400, 1600],
    fallback: false,
    reason: "",
  };
  return { ...run, photo: "a.png", light: "lamp", z0: 1600, ...fields };
}

describe("the focus part of the evaluation", () => {
  // Sums over the printed tables, made by hand from paper 1.
  it("has the paper's Table 2: 60 runs, mean error 13.6, largest 58, 82 % within 20 steps", () => {
    const paper = paperFinalErrors();
    expect(OBJECTS).to.have.length(5);
    expect(paper.runs).to.equal(60);
    expect(paper.meanAbs).to.be.closeTo(13.6, 0.05);
    expect(paper.maxAbs).to.equal(58);
    expect(paper.within).to.be.closeTo(0.82, 0.005);
  });

  it("has the paper's Tables 4 and 5: 72 runs, mean 1.58 time steps, at most 5", () => {
    const steps = TARGETS.flatMap(({ proposed }) => [...proposed]);
    expect(steps).to.have.length(72);
    expect(mean(steps)).to.be.closeTo(1.58, 0.005);
    expect(Math.max(...steps)).to.equal(5);
  });

  it("sums up final positions by their distance from the truth", () => {
    expect(finalErrors([-30, 20, 10])).to.deep.equal({ runs: 3, meanAbs: 20, maxAbs: 30, within: 2 / 3 });
  });

  it("keeps the final positions of Algorithm 1 apart from those of learned, failures told", () => {
    const of = (
      search: "learned" | "paper",
      finals: number[],
      outcome: "focused" | "failed",
    ): ObjectRuns => ({
      ...{ search, object: "Plant", photo: "a.png", light: "lamp", z0: 1600, set: 0 },
      runs: finals.map((final) => runOf({ search, final, outcome })),
    });
    const finals = [
      of("learned", [1601, 1599, 1600, 1604], "focused"),
      of("paper", [1590, 1640, 1600, 1600], "failed"),
    ];
    const figures = finalFigures(finals);
    expect(figures["final_positions"]).to.deep.equal({ runs: 4, meanAbs: 1.5, maxAbs: 4, within: 1 });
    expect(figures["final_positions_of_algorithm_1"]).to.include({ meanAbs: 12.5, maxAbs: 40, within: 0.75 });
    const [positions, sums] = finalSection("512", finals).tables!;
    expect(positions!.rows).to.have.length(1);
    expect(positions!.rows[0]).to.include("1601 (1611)");
    const algorithm = sums!.rows.find(([name]) => String(name).startsWith("`paper`"));
    expect(algorithm!.slice(1)).to.deep.equal(["all", 4, "12.5", "40", "75.0 %", 4]);
    expect(sums!.rows.filter(([, light]) => light === "lamp").map((cells) => cells[2])).to.deep.equal([
      20, 4, 4,
    ]);
  });

  it("counts a look at both candidates as one iteration of Algorithm 1", () => {
    const paper = (...visited: number[]): number =>
      iterationsOf(runOf({ search: "paper", visited, moves: visited.length - 1 }));
    expect(paper(1400)).to.equal(0);
    expect(paper(1100, 1600)).to.equal(1);
    // Both candidates, and the return to the first.
    expect(paper(1400, 1600, 1200, 1600)).to.equal(1);
    // From 1100 to the only candidate, then two candidates around it, the second being taken.
    expect(paper(1100, 1500, 1600, 1400)).to.equal(2);
    // The first candidate, 1600, is better without being in focus: the next two lie around it.
    expect(paper(1400, 1600, 1200, 1650, 1550)).to.equal(2);
    expect(iterationsOf(runOf({ moves: 7 }))).to.equal(7);
  });

  it("tells a first move away from focus from a wrong answer", () => {
    const detour = runOf({ visited: [1400, 1200, 1600] });
    expect(firstMoveWrong(detour)).to.equal(true);
    expect(isWrong(detour)).to.equal(false);
    expect(firstMoveWrong(runOf({}))).to.equal(false);
    expect(firstMoveWrong(runOf({ visited: [1400] }))).to.equal(undefined);
  });

  it("calls wrong only what is out of focus and does not say so", () => {
    const mirrored = { final: 1200, error: -400, in_depth_of_field: false };
    expect(isWrongDirection(runOf(mirrored))).to.equal(true);
    expect(isWrong(runOf({ ...mirrored, outcome: "failed" }))).to.equal(false);
    const short = runOf({ final: 1560, error: -40, in_depth_of_field: false });
    expect([isWrong(short), isWrongDirection(short)]).to.deep.equal([true, false]);
  });
});
