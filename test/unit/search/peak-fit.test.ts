import { expect } from "chai";
import fc from "fast-check";
import { fittedPeak } from "../../../src/algorithms/search/peak-fit.ts";
import { reciprocalPeak } from "../../../src/algorithms/search/peak.ts";
import { normal, seededRandom } from "../../../src/core/random.ts";

describe("the centre of a contrast peak", () => {
  it("is exact on a peak of the model, wherever the samples are", () => {
    const place = fc.double({ min: -20, max: 20, noNaN: true });
    fc.assert(
      fc.property(
        place,
        fc.double({ min: 4, max: 30, noNaN: true }),
        fc.uniqueArray(fc.integer({ min: -25, max: 25 }), { minLength: 3, maxLength: 9 }),
        (centre, width, xs) => {
          const samples = xs.map((x) => ({ x, value: 7 / (1 + ((x - centre) / width) ** 2) }));
          const largest = Math.max(...samples.map(({ value }) => value));
          const used = samples.filter(({ value }) => value >= 0.2 * largest);
          fc.pre(used.length >= 3);
          const found = fittedPeak(samples);
          if (found === undefined) throw new Error("Expected a peak.");
          expect(found).to.be.closeTo(centre, 1e-3 * (1 + width));
        },
      ),
      { seed: 5 },
    );
  });

  it("goes through three samples as the parabola of Yazdanfar does", () => {
    const samples = [
      { position: -3, value: 4 },
      { position: 1, value: 9 },
      { position: 6, value: 5 },
    ] as const;
    const found = fittedPeak(samples.map(({ position, value }) => ({ x: position, value })));
    expect(found).to.be.closeTo(reciprocalPeak(...samples) ?? NaN, 1e-9);
  });

  it("is nearer to the truth than the largest sample where the top is noise", () => {
    const random = seededRandom(8);
    let [fitted, largest] = [0, 0];
    for (let run = 0; run < 200; run++) {
      const samples = Array.from({ length: 13 }, (_, index) => {
        const x = index - 6;
        return { x, value: (1 + 0.05 * normal(random)) / (1 + ((x - 0.4) / 6) ** 2) };
      });
      const top = samples.reduce((best, each) => (each.value > best.value ? each : best));
      fitted += Math.abs((fittedPeak(samples) ?? Infinity) - 0.4);
      largest += Math.abs(top.x - 0.4);
    }
    expect(fitted).to.be.below(largest / 3);
  });

  it("is none where there is no peak", () => {
    const of = (...values: number[]): number | undefined =>
      fittedPeak(values.map((value, x) => ({ x, value })));
    expect(of()).to.equal(undefined);
    expect(of(1, 2)).to.equal(undefined);
    expect(of(0, 0, 0)).to.equal(undefined);
    expect(of(9, 5, 9)).to.equal(undefined);
    expect(of(NaN, 1, NaN)).to.equal(undefined);
  });
});
