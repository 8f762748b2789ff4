/** The radius part: how errors, decisions and deviations are counted. */
import { expect } from "chai";
import { logRadiusOf } from "../../../src/algorithms/search/types.ts";
import { normal, seededRandom } from "../../../src/core/random.ts";
import { radiusError, windowError, type FrameResult } from "../../../src/evaluation/radius/accuracy-study.ts";
import { precisionAndRecall } from "../../../src/evaluation/radius/in-focus-study.ts";
import { reportRadius } from "../../../src/evaluation/radius/report.ts";
import { calibrationGroups, coverage, predictionsOf } from "../../../src/evaluation/radius/uncertainty.ts";

const window = (radius: number, textured = true): FrameResult["windows"][number] => ({
  size: 512,
  logRadius: logRadiusOf(radius),
  logRadiusStd: 0.1,
  textured,
});

function frame(radius: number, read: number | null, bin: number): FrameResult {
  return {
    ...{ photo: "a_1.png", set: "a", variant: "clean", bin, radius },
    frame: { radius_px: read, radius_std_px: 1, in_focus: radius < 2, sharpness: 1 },
    windows: [window(read ?? 1, read !== null)],
  };
}

describe("the radius part of the evaluation", () => {
  it("takes errors in pixels below 3 px and relative above", () => {
    expect(radiusError(2.5, 2)).to.be.closeTo(0.5, 1e-12);
    expect(radiusError(33, 30)).to.be.closeTo(0.1, 1e-12);
    expect(radiusError(null, 30)).to.be.NaN;
    expect(windowError(window(33), 30)).to.be.closeTo(0.1, 1e-9);
    expect(windowError(window(33, false), 30)).to.be.NaN;
  });

  it("leaves the band around the limit out of precision and recall", () => {
    const results = [
      { radius: 0.5, inFocus: true },
      { radius: 1, inFocus: true },
      { radius: 1, inFocus: false },
      { radius: 1.9, inFocus: false },
      { radius: 2.2, inFocus: true },
      { radius: 3, inFocus: true },
      { radius: 4, inFocus: false },
    ].map((each) => ({ ...each, variant: "clean" as const }));
    expect(precisionAndRecall(results, 2, 1)).to.deep.equal({ precision: 2 / 3, recall: 2 / 3, frames: 5 });
  });

  it("finds an honest deviation honest and a boastful one not", () => {
    const random = seededRandom(2);
    const honest = Array.from({ length: 4000 }, (_, index) => {
      const std = 0.02 + 0.3 * (index / 4000);
      return { std, error: std * normal(random) };
    });
    expect(coverage(honest, 1)).to.be.closeTo(0.683, 0.02);
    expect(coverage(honest, 2)).to.be.closeTo(0.954, 0.01);
    for (const { predicted, robust, rms } of calibrationGroups(honest)) {
      expect(robust / predicted).to.be.within(0.8, 1.25);
      expect(rms / predicted).to.be.within(0.8, 1.25);
    }
    const boastful = honest.map(({ std, error }) => ({ std: std / 3, error }));
    expect(coverage(boastful, 1)).to.be.below(0.35);
  });

  it("predicts on the logarithmic axis, and only of what was read", () => {
    const results = [frame(30, 33, 3), frame(30, null, 3)];
    const [only, ...more] = predictionsOf(results, 512);
    expect(more).to.deep.equal([]);
    expect(only?.std).to.equal(0.1);
    expect(only?.error).to.be.closeTo(Math.log(33.5 / 30.5), 1e-9);
    expect(predictionsOf(results, 128)).to.deep.equal([]);
  });

  it("reports medians, p90 and what was not read", () => {
    const report = reportRadius({
      accuracy: [frame(20, 21, 3), frame(20, 22, 3), frame(20, 30, 3), frame(20, null, 3)],
      nearFocus: [],
      blank: [],
      limit: 2,
    });
    const frames = report.sections[0]?.tables?.[0];
    expect(frames?.columns[4]).to.equal("10-30 px");
    expect(frames?.rows[0]?.[4]).to.equal("10.0 / 50.0 %, 1 of 4 unread");
    expect(frames?.rows[1]?.[4]).to.equal("-");
  });
});
