import { expect } from "chai";
import * as fc from "fast-check";
import { intervalCover } from "../../../src/algorithms/planning/interval-cover.ts";

const SIGMA = 20;
const sigma = (): number => SIGMA;

/** The textbook solution without weights: from the lowest point not covered yet, as far up as possible. */
function greedyCount(positions: readonly number[]): number {
  let count = 0;
  let end = -Infinity;
  for (const position of positions)
    if (position > end) {
      count++;
      end = position + 2 * SIGMA;
    }
  return count;
}

/** The largest weight that `count` intervals hold, by trying every choice of their lower ends. */
function bestWeight(positions: readonly number[], weights: readonly number[], count: number): number {
  const held = (lows: readonly number[]): number =>
    positions.reduce(
      (sum, position, i) =>
        lows.some((low) => position >= low && position <= low + 2 * SIGMA) ? sum + weights[i]! : sum,
      0,
    );
  const choose = (from: number, lows: readonly number[]): number =>
    lows.length === count || from >= positions.length
      ? held(lows)
      : Math.max(choose(from + 1, [...lows, positions[from]!]), choose(from + 1, lows));
  return choose(0, []);
}

const points = fc
  .uniqueArray(
    fc.record({ position: fc.integer({ min: 0, max: 400 }), weight: fc.integer({ min: 1, max: 9 }) }),
    {
      minLength: 1,
      maxLength: 9,
      selector: ({ position }) => position,
    },
  )
  .map((all) => all.toSorted((a, b) => a.position - b.position));

describe("planning: the fewest positions that cover", () => {
  it("needs as many as the textbook solution, and holds everything", () => {
    fc.assert(
      fc.property(points, (all) => {
        const positions = all.map(({ position }) => position);
        const cover = intervalCover(
          positions,
          all.map(({ weight }) => weight),
          sigma,
        );
        expect(cover).to.have.length(greedyCount(positions));
        for (const position of positions)
          expect(cover.some(({ centre }) => Math.abs(centre - position) <= SIGMA + 1e-6)).to.equal(true);
      }),
    );
  });

  it("leaves out no more than allowed, with the fewest that can and the most that they hold", () => {
    fc.assert(
      fc.property(points, fc.integer({ min: 0, max: 20 }), (all, leaveOut) => {
        const positions = all.map(({ position }) => position);
        const weights = all.map(({ weight }) => weight);
        const total = weights.reduce((a, b) => a + b, 0);
        const cover = intervalCover(positions, weights, sigma, leaveOut);
        const held = cover.reduce((sum, { weight }) => sum + weight, 0);
        expect(held).to.be.at.least(total - leaveOut - 1e-6);
        expect(held).to.be.closeTo(bestWeight(positions, weights, cover.length), 1e-6);
        if (cover.length > 0)
          expect(bestWeight(positions, weights, cover.length - 1)).to.be.lessThan(total - leaveOut);
      }),
      { numRuns: 60 },
    );
  });

  it("stands where most of the weight is, as far as it holds the rest", () => {
    const [both] = intervalCover([100, 130], [9, 1], sigma);
    expect(both!.centre).to.be.closeTo(110, 1e-9);
    const [alone] = intervalCover([100, 101, 102], [1, 8, 1], sigma);
    expect(alone!.centre).to.be.closeTo(101, 1e-9);
  });

  it("holds most with as many as are wanted at most", () => {
    const cover = intervalCover([0, 100, 200], [1, 5, 3], sigma, 0, 2);
    expect(cover.map(({ centre }) => centre)).to.deep.equal([100, 200]);
  });

  it("takes wider steps where the depth of field is wider, and none where nothing is asked for", () => {
    const cover = intervalCover([0, 40, 500, 580], [1, 1, 1, 1], (z) => (z < 300 ? 20 : 40));
    expect(cover).to.have.length(2);
    expect(intervalCover([], [], sigma)).to.deep.equal([]);
    expect(intervalCover([10, 20], [0, 0], sigma)).to.deep.equal([]);
  });
});
