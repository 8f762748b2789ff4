import { expect } from "chai";
import fc from "fast-check";
import { besselJ1 } from "../../../src/algorithms/optics/bessel.ts";
import { diskPower, sharpnessOf } from "../../../src/algorithms/optics/sharpness-curve.ts";

describe("sharpness curve", () => {
  it("is 1 in focus and 0 at infinity", () => {
    expect(sharpnessOf(0)).to.equal(1);
    expect(sharpnessOf(512)).to.be.within(0, 0.01);
    expect(sharpnessOf(Infinity)).to.equal(sharpnessOf(1e6));
  });

  it("never rises with the radius, and falls strictly up to 250 px", () => {
    const radius = fc.double({ min: 0, max: 600, noNaN: true });
    fc.assert(
      fc.property(radius, radius, (a, b) => {
        const [near, far] = [Math.min(a, b), Math.max(a, b)];
        expect(sharpnessOf(far)).to.be.at.most(sharpnessOf(near));
        if (far < 250 && far - near > 0.01) expect(sharpnessOf(far)).to.be.below(sharpnessOf(near));
      }),
    );
  });

  it("agrees with the integral that defines it, taken another way", () => {
    for (const radius of [0.3, 1, 3, 10, 40, 160]) {
      // Trapezoids on f itself, weight 1/f, instead of midpoints on ln f.
      const steps = 200_000;
      const width = (1 / 2 - 1 / 512) / steps;
      let [power, total] = [0, 0];
      for (let step = 0; step <= steps; step++) {
        const f = 1 / 512 + step * width;
        const weight = (step === 0 || step === steps ? 0.5 : 1) / f;
        power += weight * diskPower(radius, f);
        total += weight;
      }
      expect(sharpnessOf(radius), `radius ${radius}`).to.be.closeTo(power / total, 5e-4);
    }
  });

  it("refuses what is no radius", () => {
    for (const radius of [-1, NaN]) expect(() => sharpnessOf(radius)).to.throw("at least 0 px");
  });

  it("rests on J1 as tabulated by Abramowitz and Stegun, table 9.1", () => {
    for (const [x, value] of [
      [0, 0],
      [1, 0.4400505857],
      [2.9, 0.3754274818],
      [3.1, 0.3009211331],
      [3.8317059702, 0],
      [10, 0.0434727462],
    ] as const)
      expect(besselJ1(x), `J1(${x})`).to.be.closeTo(value, 1.1e-7);
  });
});
