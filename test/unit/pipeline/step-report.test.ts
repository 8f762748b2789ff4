import { expect } from "chai";
import { StepReporter } from "../../../src/pipeline/step-report.ts";
import { linearLens, readingAt, UNTEXTURED } from "../../support/linear-lens.ts";

describe("what the feedback says about a measurement", () => {
  const lens = linearLens();
  const look = (z0: number, position: number) =>
    ({ kind: "defocus", position, readings: [UNTEXTURED, readingAt(lens, z0, position, 0.1)] }) as const;

  it("leaves the deviation open while either side is possible, and gives it its sign with the second frame", () => {
    const reporter = new StepReporter(lens);
    const first = reporter.report(look(700, 500));
    expect(first.deviation).to.be.NaN;
    expect(first.candidates.map(Math.round)).to.deep.equal([300, 700]);
    const second = reporter.report(look(700, 900));
    expect(second.deviation).to.be.closeTo(-200, 1e-6);
    expect(second.deviationStd).to.be.closeTo(20.5, 1e-6);
  });

  it("knows the side at once where only one is within range", () => {
    expect(new StepReporter(lens).report(look(700, 100)).deviation).to.be.closeTo(600, 1e-6);
  });

  it("gives both positions of the paper's estimator, and nothing for contrast", () => {
    const reporter = new StepReporter(lens);
    const steps = { kind: "steps", position: 500, distance: 30, inFocusProbability: 0 } as const;
    expect(reporter.report(steps).candidates).to.deep.equal([470, 530]);
    const contrast = reporter.report({ kind: "tenengrad", position: 500, value: 1 });
    expect(contrast.candidates).to.deep.equal([]);
    expect(contrast.deviation).to.be.NaN;
    expect(new StepReporter(lens).report({ kind: "defocus", position: 1, readings: [UNTEXTURED] }).deviation)
      .to.be.NaN;
  });
});
