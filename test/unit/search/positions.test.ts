import { expect } from "chai";
import { parabolaPeak, reciprocalPeak } from "../../../src/algorithms/search/peak.ts";
import {
  placeNear,
  placesBetween,
  scaledStep,
  wholeRange,
  within,
} from "../../../src/algorithms/search/positions.ts";

describe("positions of a search", () => {
  it("are whole steps within the range", () => {
    expect(wholeRange({ min: 1.2, max: 9.9 })).to.deep.equal({ min: 2, max: 9 });
    expect([-5, 2.4, 2.6, 30].map((z) => within({ min: 1.2, max: 9.9 }, z))).to.deep.equal([2, 2, 3, 9]);
  });

  it("need a range that holds one", () => {
    for (const range of [
      { min: 1.2, max: 1.8 },
      { min: 5, max: 4 },
      { min: NaN, max: 4 },
      { min: 0, max: Infinity },
    ])
      expect(() => wholeRange(range))
        .to.throw("the search range")
        .with.property("code", "invalid_input");
  });

  it("are stops where the lens has them, those within the range", () => {
    const stops = [0, 10, 25, 40];
    const places = { range: { min: 5, max: 30 }, stops };
    expect([-8, 12, 17.4, 18, 99].map((z) => placeNear(places, z))).to.deep.equal([10, 10, 10, 25, 25]);
    expect(placeNear({ range: { min: 5, max: 30 } }, 17.4)).to.equal(17);
    expect(placeNear({ range: { min: 11, max: 20 }, stops }, 13)).to.equal(13);
    expect(placesBetween(stops, 5, 25, 1)).to.deep.equal([10, 25]);
    expect(placesBetween(undefined, 5, 25, 8)).to.deep.equal([5, 13, 21]);
  });

  it("step sizes scale with the depth of field, to one step at least", () => {
    expect(scaledStep(40, 20)).to.equal(40);
    expect(scaledStep(40, 5)).to.equal(10);
    expect(scaledStep(10, 0.5)).to.equal(1);
  });
});

describe("the peak of three samples", () => {
  const samples = (f: (z: number) => number, ...at: number[]) =>
    at.map((position) => ({ position, value: f(position) })) as [
      { position: number; value: number },
      { position: number; value: number },
      { position: number; value: number },
    ];

  it("is exact for a parabola, also unevenly spaced", () => {
    const f = (z: number): number => 7 - 0.3 * (z - 12.5) ** 2;
    expect(parabolaPeak(...samples(f, 5, 11, 30))).to.be.closeTo(12.5, 1e-9);
  });

  it("is exact for a Lorentzian through its reciprocal", () => {
    const f = (z: number): number => 3 / (1 + ((z - 101) / 8) ** 2);
    expect(reciprocalPeak(...samples(f, 90, 100, 130))).to.be.closeTo(101, 1e-9);
  });

  it("is undefined where there is none between them", () => {
    expect(parabolaPeak(...samples((z) => z * z, 1, 2, 3))).to.equal(undefined);
    expect(parabolaPeak(...samples((z) => z, 1, 2, 3))).to.equal(undefined);
    expect(parabolaPeak(...samples((z) => -((z - 9) ** 2), 1, 2, 3))).to.equal(undefined);
    expect(reciprocalPeak(...samples((z) => z - 2, 1, 2, 3))).to.equal(undefined);
  });
});
