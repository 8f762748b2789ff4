/** Figures over samples. */
import { expect } from "chai";
import * as fc from "fast-check";
import {
  deviation,
  mean,
  median,
  quantile,
  rankCorrelation,
  rms,
  share,
} from "../../../src/evaluation/statistics.ts";

const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 40 });

describe("the statistics of the evaluation", () => {
  it("give the figures of a textbook sample", () => {
    const sample = [2, 4, 4, 4, 5, 5, 7, 9];
    expect(mean(sample)).to.equal(5);
    expect(deviation(sample)).to.equal(2);
    expect(rms([3, 4])).to.be.closeTo(Math.sqrt(12.5), 1e-12);
    expect(median(sample)).to.equal(4);
    expect(quantile(sample, 0.9)).to.equal(9);
    expect(share(sample, (value) => value > 4)).to.equal(0.5);
  });

  it("have a quantile that the share asked for does not exceed", () => {
    fc.assert(
      fc.property(numbers, fc.double({ min: 0.01, max: 1, noNaN: true }), (values, q) => {
        const limit = quantile(values, q);
        expect(values).to.include(limit);
        expect(share(values, (value) => value <= limit)).to.be.at.least(q - 1e-9);
      }),
    );
  });

  it("leave the sample as it is", () => {
    const sample = [3, 1, 2];
    quantile(sample, 0.5);
    rankCorrelation(sample, [1, 2, 3]);
    expect(sample).to.deep.equal([3, 1, 2]);
  });

  it("correlate ranks, whatever the scale, and share those of ties", () => {
    expect(rankCorrelation([1, 2, 3, 4], [1, 10, 100, 1000])).to.be.closeTo(1, 1e-12);
    expect(rankCorrelation([1, 2, 3, 4], [4, 3, 2, 1])).to.be.closeTo(-1, 1e-12);
    // Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: covariance 4.5 / sqrt(4.5 * 5).
    expect(rankCorrelation([1, 2, 2, 3], [1, 2, 3, 4])).to.be.closeTo(4.5 / Math.sqrt(4.5 * 5), 1e-12);
    expect(rankCorrelation([1, 1], [1, 2])).to.be.NaN;
  });

  it("are not a number over nothing", () => {
    expect([mean([]), rms([]), median([]), share([], () => true)]).to.satisfy((all: number[]) =>
      all.every(Number.isNaN),
    );
  });
});
