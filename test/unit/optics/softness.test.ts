import { expect } from "chai";
import fc from "fast-check";
import { radiusRead, softer } from "../../../src/algorithms/optics/softness.ts";

const radius = fc.double({ min: 0, max: 100, noNaN: true });
const softness = fc.double({ min: -5, max: 5, noNaN: true });

describe("softness", () => {
  it("adds to a disk as variances do, and sharpening takes off as much", () => {
    expect(radiusRead(4, 3)).to.equal(5);
    expect(radiusRead(5, -3)).to.equal(4);
    expect(radiusRead(3, -3)).to.equal(0);
    expect(radiusRead(2, -3)).to.equal(0);
    expect(radiusRead(7, 0)).to.equal(7);
  });

  it("keeps the order of disks, on either side of the focus", () => {
    fc.assert(
      fc.property(radius, radius, softness, (a, b, s) => {
        expect(radiusRead(-a, s)).to.equal(radiusRead(a, s));
        expect(Math.sign(a - b) * (radiusRead(a, s) - radiusRead(b, s))).to.be.at.least(0);
      }),
    );
  });

  it("of two kinds is one softness", () => {
    fc.assert(
      fc.property(radius, softness, fc.double({ min: 0, max: 5, noNaN: true }), (r, s, more) => {
        fc.pre(r ** 2 + s * Math.abs(s) >= 0);
        expect(radiusRead(r, softer(s, more))).to.be.closeTo(Math.hypot(radiusRead(r, s), more), 1e-6);
      }),
    );
  });
});
