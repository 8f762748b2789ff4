/** The sharpness part: levels, peak ratios and directions. */
import { expect } from "chai";
import {
  directed,
  directWrong,
  searchWrong,
  type DirectionCase,
} from "../../../src/evaluation/sharpness/direction-study.ts";
import { summariseLevels, type LevelFrame } from "../../../src/evaluation/sharpness/level-study.ts";
import { peakRatios, type StackCurve } from "../../../src/evaluation/sharpness/light-study.ts";
import type { RunReport } from "../../../src/evaluation/photos/run-report.ts";

const level = (offset: number, distance: number, error = 0): LevelFrame => ({
  ...{ offset, radius: 0.157 * Math.abs(offset), distance },
  sharpness: { S: { error, rawError: 2 * error } },
});

const curve = (photo: string, light: number, ...values: number[]): StackCurve => ({
  ...{ photo, light, measure: "m" },
  points: values.map((value, index) => ({ offset: index, value })),
});

function directionCase(fields: Partial<DirectionCase>, run: Partial<RunReport> = {}): DirectionCase {
  const learned = {
    start: 1400,
    final: 1500,
    outcome: "focused",
    in_depth_of_field: true,
    ...run,
  } as RunReport;
  return { photo: "a.png", truth: 100, direct: 90, depthOfField: 20, searches: { learned }, ...fields };
}

describe("the sharpness part of the evaluation", () => {
  it("has the deviation around the mean, the error against the truth and the bias of every level", () => {
    const [below, above] = summariseLevels([level(100, 110, 0.1), level(100, 90, -0.1), level(-50, 56)]);
    expect(below).to.include({ offset: -50, frames: 1, distanceStd: 0, distanceRmse: 6, distanceBias: 6 });
    expect(above).to.include({ offset: 100, frames: 2, distanceStd: 10, distanceRmse: 10, distanceBias: 0 });
    expect(above?.sharpness["S"]?.rmse).to.be.closeTo(0.1, 1e-12);
    expect(above?.sharpness["S"]?.rawRmse).to.be.closeTo(0.2, 1e-12);
  });

  it("leaves frames that could not be read out of a level", () => {
    const [only] = summariseLevels([level(100, 110), level(100, NaN)]);
    expect(only).to.include({ frames: 1, distanceBias: 10 });
  });

  it("has SR over lights, over scenes and over both (paper 2, Eq. 1)", () => {
    const [ratios] = peakRatios([
      curve("a", 1 / 8, 1, 2, 1),
      curve("a", 1, 1, 4, 2),
      curve("b", 1 / 8, 5, 1, 1),
      curve("b", 1, 1, 8, 1),
    ]);
    expect(ratios).to.deep.equal({
      measure: "m",
      lights: { median: 1.6, max: 2 },
      scenes: 2,
      all: 4,
    });
  });

  it("counts directions only where there is one and it was read", () => {
    const cases = [
      directionCase({}),
      directionCase({ direct: -90 }),
      directionCase({ truth: 15 }),
      directionCase({ direct: NaN }),
    ];
    expect(directed(cases).map(directWrong)).to.deep.equal([false, true]);
  });

  it("blames a search only for an answer on the other side that it stands by", () => {
    const wrong = { final: 1300, in_depth_of_field: false };
    expect(searchWrong(directionCase({}, wrong), "learned")).to.equal(true);
    expect(searchWrong(directionCase({}, { ...wrong, outcome: "failed" }), "learned")).to.equal(false);
    expect(searchWrong(directionCase({}), "learned")).to.equal(false);
    expect(searchWrong(directionCase({}, { final: 1450, in_depth_of_field: false }), "learned")).to.equal(
      false,
    );
    expect(searchWrong(directionCase({}, wrong), "paper")).to.equal(false);
  });
});
