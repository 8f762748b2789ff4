import { expect } from "chai";
import { summariseReadings, weightedMedian } from "../../../src/algorithms/rois/summarise-readings.ts";
import type { DefocusReading } from "../../../src/algorithms/search/types.ts";

const reading = (logRadius: number, logRadiusStd = 0.1, textured = true): DefocusReading => ({
  logRadius,
  logRadiusStd,
  inFocusProbability: logRadius < 1 ? 0.9 : 0.1,
  sharpness: 0.5,
  textured,
});

describe("summariseReadings", () => {
  it("is not moved by a few patches at another depth, nor by untextured ones", () => {
    const readings = [
      ...Array<DefocusReading>(6).fill(reading(2)),
      reading(4.5),
      reading(0.1),
      reading(9, 0.01, false),
    ];
    const summary = summariseReadings(readings)!;
    expect(summary.logRadius).to.equal(2);
    expect(summary.logRadiusStd).to.equal(0.1);
    expect(summary.inFocusProbability).to.equal(0.1);
  });

  it("trusts sure patches more than unsure ones", () => {
    const summary = summariseReadings([reading(1, 1), reading(1.2, 1), reading(3, 0.05)])!;
    expect(summary.logRadius).to.equal(3);
  });

  it("believes several patches more than one that is surer than all of them", () => {
    const summary = summariseReadings([
      reading(0, 0.15),
      reading(0.1, 0.15),
      reading(0, 0.2),
      reading(3.5, 0.005),
    ])!;
    expect(summary.logRadius).to.be.at.most(0.1);
    expect(summary.inFocusProbability).to.equal(0.9);
  });

  it("reports the spread of the patches where it is larger than their own deviation", () => {
    const summary = summariseReadings([1, 1.5, 2, 2.5, 3].map((value) => reading(value, 0.1)))!;
    expect(summary.logRadius).to.equal(2);
    expect(summary.logRadiusStd).to.be.closeTo(1.4826 * 0.5, 1e-9);
  });

  it("has no answer without texture", () => {
    expect(summariseReadings([])).to.equal(undefined);
    expect(summariseReadings([reading(1, 0.1, false)])).to.equal(undefined);
  });

  it("takes the middle between two values where the halves meet", () => {
    expect(weightedMedian([4, 1, 3, 2], [1, 1, 1, 1])).to.equal(2.5);
    expect(weightedMedian([1, 10], [3, 1])).to.equal(1);
    expect(weightedMedian([7], [0.2])).to.equal(7);
  });
});
