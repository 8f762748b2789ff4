/** What the feedback says of a move, and how finely the plan behind it takes radii to be read. */
import { expect } from "chai";
import { FocusPosterior } from "../../../src/algorithms/search/focus-posterior.ts";
import { explainMove } from "../../../src/algorithms/search/hypotheses.ts";
import { RADIUS_BINS, radiusBin } from "../../../src/algorithms/search/radius-resolution.ts";
import { readingAt } from "../../support/linear-lens.ts";
import { paperLens } from "../../support/synthetic-focus.ts";

const lens = paperLens();
const seen = (z0: number, ...positions: number[]): FocusPosterior => {
  const posterior = new FocusPosterior(lens);
  for (const z of positions) posterior.observe(z, [readingAt(lens, z0, z, 0.02)]);
  return posterior;
};

describe("the reason for a move", () => {
  it("names both candidates and how likely they are", () => {
    const reason = explainMove(seen(1700, 1500), 1500, 20, { target: 1300, probability: 0.45 });
    expect(reason).to.match(/^Focus expected at (129|130)\d \((49|50) %\) or (169|170)\d \((49|50) %\)/);
    expect(reason).to.match(/go to 1300, in focus there with probability 0\.45\.$/);
  });

  it("names one where the range leaves one", () => {
    const reason = explainMove(seen(1700, 1100), 1100, 20, { target: 1700, probability: 0.6 });
    expect(reason).to.match(/^Focus expected at (169|170)\d \((99|100) %\); go to 1700, in focus/);
  });

  it("says so where the lens goes to none of them", () => {
    const reason = explainMove(seen(1700, 1100), 1100, 20, { target: 1650, probability: 0.1 });
    expect(reason).to.match(/go to 1650, from where they are told apart/);
  });

  it("says so where all lies within the depth of field", () => {
    const reason = explainMove(seen(1500, 1500, 1480), 1498, 20, { target: 1505, probability: 0.97 });
    expect(reason).to.equal(
      "Focus within the depth of field, best at 1505; in focus there with probability 0.97.",
    );
  });
});

describe("how finely radii are told apart", () => {
  it("bins rise with the radius, within their number", () => {
    let last = 0;
    for (let radius = 0; radius < 20_000; radius = 1.01 * radius + 0.01) {
      const bin = radiusBin(radius);
      expect(bin).to.be.within(last, RADIUS_BINS - 1);
      last = bin;
    }
    expect(radiusBin(0)).to.equal(0);
    expect(last).to.equal(RADIUS_BINS - 1);
  });

  it("a tenth more is another radius at 10 px, and the same at 100", () => {
    const differ = (radius: number, factor: number): number => radiusBin(radius * factor) - radiusBin(radius);
    expect(differ(10, 1.3)).to.be.at.least(2);
    expect(differ(100, 1.3)).to.be.at.most(1);
  });
});
