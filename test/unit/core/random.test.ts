import { expect } from "chai";
import { normal, seededRandom, uniform, uniformInt } from "../../../src/core/random.ts";

const draw = (count: number, next: () => number): number[] => Array.from({ length: count }, next);
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe("seededRandom", () => {
  it("repeats for the same seed and differs for another", () => {
    const first = draw(5, seededRandom(7).next);
    expect(draw(5, seededRandom(7).next)).to.deep.equal(first);
    expect(draw(5, seededRandom(8).next)).to.not.deep.equal(first);
  });

  it("is uniform in [0, 1)", () => {
    const values = draw(20000, seededRandom(1).next);
    expect(Math.min(...values)).to.be.within(0, 0.001);
    expect(Math.max(...values)).to.be.within(0.999, 1 - 1e-12);
    expect(mean(values)).to.be.closeTo(0.5, 0.01);
    const deciles = new Array<number>(10).fill(0);
    for (const value of values) deciles[Math.floor(value * 10)]! += 1;
    for (const count of deciles) expect(count).to.be.within(1850, 2150);
  });

  it("draws whole numbers including both ends", () => {
    const random = seededRandom(2);
    expect(new Set(draw(200, () => uniformInt(random, -1, 1)))).to.deep.equal(new Set([-1, 0, 1]));
  });

  it("draws normal deviates of mean 0 and variance 1", () => {
    const random = seededRandom(3);
    const values = draw(20000, () => normal(random));
    expect(mean(values)).to.be.closeTo(0, 0.03);
    expect(mean(values.map((value) => value * value))).to.be.closeTo(1, 0.05);
  });

  it("draws uniformly between bounds", () => {
    const random = seededRandom(4);
    const values = draw(2000, () => uniform(random, 1050, 2100));
    expect(Math.min(...values)).to.be.within(1050, 1060);
    expect(Math.max(...values)).to.be.within(2090, 2100);
  });
});
