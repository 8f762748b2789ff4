import { expect } from "chai";
import { PLANNER_NAMES, PLANNERS, type PlannerName } from "../../../src/algorithms/planning/index.ts";
import { peakOf, stretchAbove } from "../../../src/algorithms/planning/contrast-curves.ts";
import { sweepPositions } from "../../../src/algorithms/planning/sweep-positions.ts";
import { pierce } from "../../../src/algorithms/planning/two-step.ts";
import type { PlanEnd, PlannerLook } from "../../../src/algorithms/planning/types.ts";
import { linearLens, readingAt } from "../../support/linear-lens.ts";

const LENS = linearLens();
const STD = 0.05;

interface Outcome extends PlanEnd {
  readonly positions: readonly number[];
  /** Those that are fused. */
  readonly fused: readonly number[];
}

/** Runs a planner on patches at known depths; the contrast falls with the square of the radius. */
function runOn(name: PlannerName, depths: readonly number[], start = 500): Outcome {
  const plan = PLANNERS[name]({ start, lens: LENS });
  const positions: number[] = [];
  let turn = plan.next();
  while (turn.done !== true) {
    const { moveTo: position, look } = turn.value;
    positions.push(position);
    expect(positions.length, "frames").to.be.lessThan(80);
    const answer: PlannerLook =
      look === "none"
        ? { kind: look, position }
        : look === "contrast"
          ? { kind: look, position, contrast: depths.map((z0) => 1 / (1 + LENS.radius(z0, position) ** 2)) }
          : {
              kind: look,
              position,
              readings: depths.map((z0) => readingAt(LENS, z0, position, STD)),
              cols: 3,
            };
    turn = plan.next(answer);
  }
  return { ...turn.value, positions, fused: turn.value.fuse.map((index) => positions[index]!) };
}

const SURFACES = [110, 112, 118, 330, 333, 640, 641, 645, 905];

/** Vaquero's stretches of high contrast reach beyond the depth of field. */
const NEAR: Partial<Record<PlannerName, number>> = { "two-step": 40 };

describe("planning: planners", () => {
  for (const name of PLANNER_NAMES)
    it(`${name} brings every surface into focus in a frame that is fused`, () => {
      const { fused, reason } = runOn(name, SURFACES);
      for (const z0 of SURFACES)
        expect(Math.min(...fused.map((z) => Math.abs(z - z0))), `surface ${z0}`).to.be.at.most(
          NEAR[name] ?? 21,
        );
      expect(reason).to.match(/\.$/);
    });

  it("need as many frames as their methods say", () => {
    const sweep = sweepPositions(LENS).length;
    expect(sweep).to.equal(25);
    const frames = (name: PlannerName): number => runOn(name, SURFACES).positions.length;
    expect(frames("sweep")).to.equal(sweep);
    expect(frames("two-step")).to.be.within(sweep + 4, sweep + 5);
    expect(frames("block-depth")).to.equal(sweep + 4);
    expect(frames("round-trip")).to.be.within(13, 13 + 5);
    expect(frames("confident")).to.be.at.most(6);
  });

  it("fuse the frames of the second step, not those of the scan", () => {
    const { fused, positions } = runOn("block-depth", SURFACES);
    expect(fused).to.deep.equal(positions.slice(25));
  });

  it("take one frame where there is no texture, besides those of a scan", () => {
    for (const name of ["two-step", "block-depth"] as const) {
      const plan = PLANNERS[name]({ start: 0, lens: LENS });
      let turn = plan.next();
      let frames = 0;
      while (turn.done !== true) {
        frames++;
        turn = plan.next({ kind: "contrast", position: turn.value.moveTo, contrast: [0.5, 0.5] });
      }
      expect(turn.value.fuse).to.deep.equal([frames - 1]);
      expect(turn.value.reason).to.equal("No block has texture.");
    }
  });

  it("refuse another look than the one they asked for", () => {
    for (const name of ["two-step", "round-trip", "confident"] as const) {
      const plan = PLANNERS[name]({ start: 0, lens: LENS });
      plan.next();
      expect(() => plan.next({ kind: "none", position: 0 })).to.throw(/look at the (contrast|defocus)/);
    }
  });
});

describe("planning: parts of the scanning planners", () => {
  it("spread the positions of a sweep so that the whole range is in focus once", () => {
    const positions = sweepPositions(linearLens({ min: 450, max: 1000 }));
    expect(positions).to.have.length(14);
    for (let z = 450; z <= 1000; z += 0.5)
      expect(Math.min(...positions.map((each) => Math.abs(each - z)))).to.be.at.most(20);
  });

  it("find the peak of a curve between its points, exactly where it is a Gaussian", () => {
    const curve = [0, 40, 80, 120].map((position) => ({
      position,
      contrast: Math.exp(-(((position - 67) / 30) ** 2)),
    }));
    expect(peakOf(curve)).to.be.closeTo(67, 1e-9);
    expect(peakOf(curve.slice(2))).to.equal(80);
  });

  it("find where a curve exceeds a share of its peak", () => {
    const curve = [0, 10, 20, 30].map((position, i) => ({ position, contrast: [0, 10, 5, 0][i]! }));
    expect(stretchAbove(curve, 0.8)).to.deep.equal({ low: 8, high: 14 });
    expect(stretchAbove(curve.slice(1), 0.8).low).to.equal(10);
  });

  it("pierce stretches with the fewest positions", () => {
    const stretches = [
      { low: 0, high: 10 },
      { low: 8, high: 20 },
      { low: 15, high: 30 },
      { low: 40, high: 41 },
    ];
    expect(pierce(stretches)).to.deep.equal([10, 30, 41]);
    expect(pierce([])).to.deep.equal([]);
  });
});
