import { expect } from "chai";
import fc from "fast-check";
import { CalibratedLens, type Calibration } from "../../../src/algorithms/optics/calibrated-lens.ts";
import { LensGrid } from "../../../src/algorithms/optics/lens-grid.ts";
import { loadLens } from "../../../src/io/lens-file.ts";

/** A lens with the grid given, for which everything else is plain. */
function lensOf(positions: number[], radius: (z0: number, z: number) => number): CalibratedLens {
  const calibration: Calibration = {
    name: "test",
    frame: { width: 640, height: 480 },
    opticalCentre: { x: 320, y: 240 },
    signedRadius: LensGrid.sample(positions, (z0, z) => Math.sign(z - z0) * radius(z0, z)),
    logScale: LensGrid.sample(positions, (z0, z) => (z - z0) * 1e-4),
    depthOfField: () => 5,
    dioptres: () => NaN,
  };
  return new CalibratedLens(calibration);
}

/** Knots and an asymmetric radius that grows differently, and at some places not at all, on either side of focus. */
const arbitraryLens = fc
  .record({
    gaps: fc.array(fc.integer({ min: 5, max: 80 }), { minLength: 2, maxLength: 8 }),
    near: fc.double({ min: 0.02, max: 0.3, noNaN: true }),
    far: fc.double({ min: 0.02, max: 0.3, noNaN: true }),
    power: fc.constantFrom(0.7, 1, 1.6),
  })
  .map(({ gaps, near, far, power }) => {
    const positions = gaps.reduce((all, gap) => [...all, (all.at(-1) ?? 0) + gap], [100]);
    return lensOf(positions, (z0, z) => (z > z0 ? near : far) * Math.abs(z - z0) ** power);
  });

describe("LensModel", () => {
  for (const name of ["evetar-25mm", "evetar-25mm-measured", "ca378-vcm"]) {
    describe(name, () => {
      it("grows in radius away from focus on either side", async () => {
        const lens = await loadLens(name);
        const { min, max } = lens.range;
        const position = fc.double({ min, max, noNaN: true });
        fc.assert(
          fc.property(position, position, position, (z, a, b) => {
            const [inner, outer] = Math.abs(a - z) < Math.abs(b - z) ? [a, b] : [b, a];
            if (Math.sign(inner - z) !== Math.sign(outer - z)) return;
            expect(lens.radius(outer, z)).to.be.at.least(lens.radius(inner, z) - 1e-9);
            expect(lens.radius(z, outer)).to.be.at.least(lens.radius(z, inner) - 1e-9);
          }),
        );
      });

      it("finds back every in-focus position from its radius", async () => {
        const lens = await loadLens(name);
        const { min, max } = lens.range;
        const position = fc.double({ min, max, noNaN: true });
        fc.assert(
          fc.property(position, position, (z0, z) => {
            const radius = lens.radius(z0, z);
            const candidates = lens.candidates(radius, z);
            for (const candidate of candidates) expect(lens.radius(candidate, z)).to.be.closeTo(radius, 1e-6);
            expect(Math.min(...candidates.map((each) => Math.abs(each - z0)))).to.be.below(1e-6);
          }),
        );
      });

      it("magnifies back and forth to the same size", async () => {
        const lens = await loadLens(name);
        const { min, max } = lens.range;
        const position = fc.double({ min, max, noNaN: true });
        fc.assert(
          fc.property(position, position, (z0, z) => {
            expect(lens.scale(z0, z) * lens.scale(z, z0)).to.be.closeTo(1, 1e-9);
            if (Math.abs(z - z0) > 1e-3) expect(lens.scale(z0, z) > 1).to.equal(z > z0);
          }),
        );
      });
    });
  }

  it("states the numbers of paper 1 for evetar-25mm", async () => {
    const lens = await loadLens("evetar-25mm");
    expect(lens.radius(1050, 2100)).to.be.closeTo(165, 0.5);
    expect(lens.radius(1500, 1400)).to.be.closeTo(15.7, 1e-9);
    expect(lens.scale(1050, 2100)).to.be.closeTo(1.064, 1e-9);
    expect(lens.depthOfField(1700)).to.equal(20);
    expect(lens.dioptres(1050)).to.be.closeTo(0.1, 1e-9);
    expect(lens.dioptres(2100)).to.be.closeTo(2.5, 1e-9);
    expect(lens.frame).to.deep.equal({ width: 3840, height: 2160 });
  });

  it("follows the thin lens for ca378-vcm", async () => {
    const lens = await loadLens("ca378-vcm");
    // 2.26 mm * (4.73398 - 4.54052) mm / (2 * 4.73398 mm * 1.55 um), computed by hand.
    expect(lens.radius(1000, 450)).to.be.closeTo(29.79, 0.01);
    expect(lens.radius(450, 1000)).to.be.closeTo(31.06, 0.01);
    expect(lens.scale(450, 1000)).to.be.closeTo(1.0426, 1e-4);
    expect(lens.dioptres(450)).to.be.closeTo(1, 1e-6);
    expect(lens.dioptres(1000)).to.be.closeTo(10, 1e-6);
  });

  it("is monotone and invertible for asymmetric grids", () => {
    fc.assert(
      fc.property(
        arbitraryLens,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (lens, a, b) => {
          const { min, max } = lens.range;
          const z = min + a * (max - min);
          const z0 = min + b * (max - min);
          const radius = lens.radius(z0, z);
          const candidates = lens.candidates(radius, z);
          for (const each of candidates) expect(lens.radius(each, z)).to.be.closeTo(radius, 1e-6);
          expect(candidates.some((each) => Math.sign(each - z) === Math.sign(z0 - z))).to.equal(true);
          expect(candidates).to.deep.equal([...candidates].sort((x, y) => x - y));
        },
      ),
    );
  });

  it("is zero in focus between the knots too", () => {
    const lens = lensOf([0, 100, 250], (z0, z) => (z > z0 ? 0.1 : 0.3) * Math.abs(z - z0));
    for (const z of [0, 13.7, 100, 180, 250]) expect(lens.radius(z, z)).to.be.closeTo(0, 1e-12);
  });

  it("gives one candidate where the other side is out of range, and none where both are", () => {
    const lens = lensOf([0, 50, 100], (z0, z) => 0.1 * Math.abs(z - z0));
    expect(lens.candidates(4, 20)).to.have.lengthOf(1);
    expect(lens.candidates(4, 20)[0]).to.be.closeTo(60, 1e-9);
    expect(lens.candidates(4, 90)[0]).to.be.closeTo(50, 1e-9);
    expect(lens.candidates(11, 50)).to.deep.equal([]);
    expect(lens.candidates(2, 20)).to.deep.equal([0, 40]);
  });

  it("gives the middle of a stretch of equal radius, and the position itself for radius 0", () => {
    const plateau = (z0: number, z: number): number => Math.min(5, Math.max(0, Math.abs(z - z0) - 10));
    const knots = Array.from({ length: 21 }, (_, index) => 5 * index);
    const lens = lensOf(knots, plateau);
    expect(lens.candidates(0, 50)).to.deep.equal([50]);
    // 5 px is reached at 15 steps and kept up to the end of the range.
    const [low, high] = lens.candidates(5, 50);
    expect(low).to.be.closeTo((0 + 35) / 2, 1e-9);
    expect(high).to.be.closeTo((65 + 100) / 2, 1e-9);
  });

  it("takes a position outside the range as the end of the range", () => {
    const lens = lensOf([0, 50, 100], (z0, z) => 0.1 * Math.abs(z - z0));
    expect(lens.radius(50, 140)).to.equal(lens.radius(50, 100));
    expect(lens.candidates(2, 140)[0]).to.be.closeTo(80, 1e-9);
  });

  it("scales radii, frame and optical centre with binning and leaves steps alone", async () => {
    const lens = await loadLens("ca378-vcm");
    const binned = lens.resized(0.5).resized(0.5);
    expect(binned.radius(500, 900)).to.be.closeTo(lens.radius(500, 900) / 4, 1e-9);
    expect(binned.frame).to.deep.equal({ width: 1014, height: 760 });
    expect(binned.opticalCentre).to.deep.equal({ x: 507, y: 380 });
    expect(binned.scale(500, 900)).to.equal(lens.scale(500, 900));
    expect(binned.depthOfField(700)).to.equal(lens.depthOfField(700));
    const [near] = binned.candidates(binned.radius(600, 700), 700);
    expect(near).to.be.closeTo(600, 1e-6);
  });

  it("refuses radii and factors that mean nothing", async () => {
    const lens = await loadLens("evetar-25mm");
    for (const radius of [NaN, -1])
      expect(() => lens.candidates(radius, 1500))
        .to.throw("radius of at least 0")
        .with.property("code", "invalid_input");
    expect(() => lens.candidates(1, NaN)).to.throw("finite position");
    for (const factor of [0, -1, NaN, Infinity])
      expect(() => lens.resized(factor)).to.throw("factor above 0");
  });
});
