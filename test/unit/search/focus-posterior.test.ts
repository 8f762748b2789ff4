/** The posterior over the in-focus position, and the move it calls for. */
import { expect } from "chai";
import fc from "fast-check";
import { confirmation, FocusPosterior } from "../../../src/algorithms/search/focus-posterior.ts";
import { massWithin, nextPosition } from "../../../src/algorithms/search/next-position.ts";
import { frameLikelihood, type FrameLikelihood } from "../../../src/algorithms/search/reading-likelihood.ts";
import { logRadiusOf } from "../../../src/algorithms/search/types.ts";
import { readingAt, UNTEXTURED } from "../../support/linear-lens.ts";
import { paperLens } from "../../support/synthetic-focus.ts";

const lens = paperLens();

function after(...frames: readonly (readonly [z0: number, z: number, std: number])[]): FocusPosterior {
  const posterior = new FocusPosterior(lens);
  for (const [z0, z, std] of frames) posterior.observe(z, [readingAt(lens, z0, z, std)]);
  return posterior;
}

describe("the focus posterior", () => {
  it("begins with the prior, normalised", () => {
    const uniform = new FocusPosterior(lens);
    expect(uniform.length).to.equal(1051);
    expect(uniform.between(1050, 2100)).to.be.closeTo(1, 1e-9);
    expect(uniform.between(1100, 1199)).to.be.closeTo(100 / 1051, 1e-9);
    const skewed = new FocusPosterior(lens, (z0) => (z0 < 1200 ? 3 : z0 < 1300 ? 1 : 0));
    expect(skewed.between(1050, 1199)).to.be.closeTo(450 / 550, 1e-9);
    expect(skewed.at(1300)).to.equal(0);
  });

  it("takes a prior that excludes everything as none", () => {
    for (const nonsense of [() => 0, () => -1, () => NaN])
      expect(new FocusPosterior(lens, nonsense).between(1050, 2100)).to.be.closeTo(1, 1e-9);
  });

  it("after one frame holds both candidates alike", () => {
    const posterior = after([1700, 1500, 0.03]);
    const [below, above] = [posterior.between(1200, 1400), posterior.between(1600, 1800)];
    expect(below).to.be.closeTo(above, 0.01);
    expect(below + above).to.be.above(0.9);
    expect(posterior.at(1500)).to.be.below(1e-4);
  });

  it("after a second knows which", () => {
    const posterior = after([1700, 1500, 0.03], [1700, 1750, 0.03]);
    expect(massWithin(posterior, 1700, 20)).to.be.above(0.9);
    expect(posterior.mode).to.be.within(1695, 1705);
  });

  it("takes a frame that shows nothing for one of a larger disk than those that do", () => {
    const posterior = after([1700, 1500, 0.03]);
    const far = posterior.between(1200, 1400);
    posterior.observeNothing(1690, lens.radius(1700, 1500));
    expect(posterior.between(1600, 1800)).to.be.below(0.1 * posterior.between(1200, 1400));
    expect(posterior.between(1200, 1400)).to.be.above(1.5 * far);
  });

  it("reads through the softness of the lens: a disk of its size is a focus, one of a soft scene may be", () => {
    // Whatever is sharp at 1500 is read as 3 px there, by a lens that is known to do that.
    const reading = { ...readingAt(lens, 1500, 1500, 0.05), logRadius: logRadiusOf(3) };
    const near = (softness: readonly number[] | undefined): number => {
      const posterior = new FocusPosterior({ ...lens, softness });
      posterior.observe(1500, [reading]);
      return posterior.between(1492, 1508);
    };
    expect(near([3])).to.be.above(0.6);
    expect(near([2.2])).to.be.above(2 * near([0]));
    expect(near(undefined)).to.be.below(0.1);
    const sharp = { ...reading, logRadius: logRadiusOf(0) };
    const spread = (softness: readonly number[]): number => {
      const posterior = new FocusPosterior({ ...lens, softness });
      posterior.observe(1500, [sharp]);
      return posterior.between(1485, 1515) - posterior.between(1495, 1505);
    };
    // Sharpened frames are read as sharp all over the radii that sharpening hides: 2 px, 13 steps.
    expect(spread([-2])).to.be.above(2 * spread([0]));
  });

  it("does not change for a frame that cannot be read, and says so", () => {
    const posterior = after([1700, 1500, 0.03]);
    const before = posterior.at(1700);
    const unreadable = [
      UNTEXTURED,
      { ...readingAt(lens, 1700, 1300), logRadius: NaN },
      { ...readingAt(lens, 1700, 1300), logRadius: 1e6 },
      { ...readingAt(lens, 1700, 1300), logRadiusStd: -1 },
      { ...readingAt(lens, 1700, 1300), logRadiusStd: Infinity },
    ];
    for (const readings of [[], unreadable])
      expect(posterior.observe(1300, readings)).to.deep.equal({ informative: false, trust: 1 });
    expect(posterior.at(1700)).to.equal(before);
  });

  it("trusts what it expected and not what contradicts it", () => {
    expect(after([1700, 1500, 0.03]).observe(1700, [readingAt(lens, 1705, 1700, 0.05)]).trust).to.be.above(
      0.9,
    );
    const posterior = after([1700, 1500, 0.03], [1700, 1750, 0.03]);
    expect(posterior.observe(1700, [readingAt(lens, 1100, 1700, 0.03)]).trust).to.be.below(0.1);
  });

  it("stays a probability, whatever is read", () => {
    const reading = fc.record({
      logRadius: fc.double({ min: -3, max: 9, noNaN: true }),
      logRadiusStd: fc.double({ min: 0, max: 5, noNaN: true }),
      z: fc.integer({ min: 1050, max: 2100 }),
    });
    fc.assert(
      fc.property(fc.array(reading, { minLength: 1, maxLength: 5 }), (frames) => {
        const posterior = new FocusPosterior(lens);
        for (const { z, ...read } of frames) posterior.observe(z, [{ ...readingAt(lens, z, z), ...read }]);
        expect(posterior.between(1050, 2100)).to.be.closeTo(1, 1e-9);
        expect(posterior.at(posterior.mode)).to.be.within(1e-4, 1);
      }),
      { numRuns: 30 },
    );
  });
});

describe("the likelihood of a frame", () => {
  const low = (radius: number, stds: number): ReturnType<FrameLikelihood["at"]> => {
    const logRadius = logRadiusOf(radius) - 0.2 * stds;
    const readings = [{ ...readingAt(lens, 1500, 1500), logRadius, logRadiusStd: 0.2 }];
    return frameLikelihood(readings)!.at(logRadiusOf(radius));
  };

  it("explains a large radius read too small by a scene that is always read so", () => {
    const likelihood = low(80, 1.5);
    expect(likelihood(-1.5)).to.be.above(2 * likelihood(0));
    expect(likelihood(1.5)).to.be.below(likelihood(0) / 2);
  });

  it("does not explain a small one by that", () => {
    const likelihood = low(5, 1.5);
    expect(likelihood(-1.5)).to.equal(likelihood(0));
  });

  it("follows most of the patches, and many of them hardly more than one", () => {
    const reading = (radius: number) => ({
      ...readingAt(lens, 1500, 1500, 0.05),
      logRadius: logRadiusOf(radius),
    });
    const ratio = (...radii: number[]): number => {
      const { at } = frameLikelihood(radii.map(reading))!;
      return at(logRadiusOf(10))(0) / at(logRadiusOf(14))(0);
    };
    expect(ratio(10, 10, 14)).to.be.above(2);
    expect(ratio(10, 14, 14)).to.be.below(0.5);
    expect(ratio(...Array<number>(12).fill(10))).to.be.within(ratio(10), ratio(10) ** 1.6);
  });
});

describe("confirmation by one frame", () => {
  it("is high within the depth of field and low outside", () => {
    const at = (z0: number): number => confirmation(lens, 1500, [readingAt(lens, z0, 1500, 0.05)], 20);
    expect(at(1500)).to.be.above(0.95);
    expect(at(1518)).to.be.above(0.95);
    expect(at(1560)).to.be.below(0.5);
    expect(at(1800)).to.be.below(0.01);
    expect(confirmation(lens, 1500, [UNTEXTURED], 20)).to.equal(0);
  });
});

describe("the next position", () => {
  const plan = (posterior: FocusPosterior, from: number, range = lens.range) =>
    nextPosition(posterior, lens, range, () => 20, from)!;

  it("is the position of a posterior with one peak", () => {
    const { target, probability } = plan(after([1700, 1500, 0.02], [1700, 1750, 0.02]), 1750);
    expect(target).to.be.within(1692, 1708);
    expect(probability).to.be.above(0.9);
  });

  it("is one of two candidates, not between them", () => {
    const { target, probability } = plan(after([1700, 1500, 0.02]), 1500);
    expect(Math.abs(target - 1500)).to.be.within(188, 212);
    expect(probability).to.be.within(0.4, 0.5);
  });

  it("is the likelier of two candidates, the nearer of two that are alike", () => {
    for (const likelier of [1300, 1700]) {
      const posterior = new FocusPosterior(lens, (z0) => (Math.abs(z0 - likelier) < 100 ? 1.2 : 1));
      posterior.observe(1500, [readingAt(lens, 1700, 1500, 0.02)]);
      expect(plan(posterior, 1500).target).to.be.within(likelier - 12, likelier + 12);
    }
    for (const from of [1250, 1750])
      expect(plan(after([1700, 1500, 0.02]), from).target).to.be.within(from - 62, from + 62);
  });

  it("does not leave the range", () => {
    const { target } = plan(after([1700, 1500, 0.02], [1700, 1750, 0.02]), 1500, { min: 1400, max: 1600 });
    expect(target).to.be.within(1400, 1600);
  });
});
