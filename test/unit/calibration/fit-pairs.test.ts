import { expect } from "chai";
import fc from "fast-check";
import { halfWidth } from "../../../src/algorithms/calibration/defocus-scale.ts";
import { fitPairs, type RadiusPair } from "../../../src/algorithms/calibration/fit-pairs.ts";
import { thinLensForm, type LensForm } from "../../../src/algorithms/optics/lens-forms.ts";
import { AutofocusError } from "../../../src/core/errors.ts";

const RANGE = { min: 450, max: 1000 };

/** The voice-coil camera of paper 1, section 6.2. */
const THIN = thinLensForm({
  focalLength: 4.52,
  fNumber: 2,
  pixelPitch: 1.55,
  focus: [
    { position: 450, distance: 1 },
    { position: 1000, distance: 0.1 },
  ],
});

const pairOf = (form: LensForm, z0: number, z: number): RadiusPair => ({
  z0,
  z,
  radius: form.radius(z0, z),
  scale: form.scale(z0, z),
  confidence: 1,
});

describe("a lens through pairs", () => {
  it("is a straight line through one pair, also beyond it", () => {
    const { defocus, breathing, pairs } = fitPairs(
      [{ z0: 600, z: 800, radius: 20, scale: 1.02, confidence: 0.3 }],
      RANGE,
    );
    expect(defocus.at(1000) - defocus.at(450)).to.be.closeTo(55, 0.01);
    expect(Math.exp(breathing.at(800) - breathing.at(600))).to.be.closeTo(1.02, 1e-4);
    expect(pairs).to.have.length(1);
    expect(pairs[0]).to.include({ agrees: true });
    expect(halfWidth(defocus, 700, 1)).to.be.closeTo(10, 0.01);
  });

  it("follows a thin lens", () => {
    const spots = [450, 560, 670, 780, 890, 1000];
    const pairs = spots.flatMap((z0) => spots.filter((z) => z !== z0).map((z) => pairOf(THIN, z0, z)));
    const { defocus, breathing } = fitPairs(pairs, RANGE);
    for (const { z0, z, radius, scale } of pairs) {
      expect(Math.abs(defocus.at(z) - defocus.at(z0))).to.be.closeTo(radius, 0.03 * radius);
      expect(Math.exp(breathing.at(z) - breathing.at(z0))).to.be.closeTo(scale, 0.0005);
    }
  });

  it("names the pair that contradicts the others, and hardly counts it", () => {
    const good = [450, 600, 700, 850, 1000].map((z) => pairOf(THIN, 520, z));
    const bad = { ...pairOf(THIN, 520, 900), radius: 45 };
    const { pairs, defocus } = fitPairs([...good, bad], RANGE);
    expect(pairs.map(({ agrees }) => agrees)).to.deep.equal([true, true, true, true, true, false]);
    expect(pairs[5]!.radiusError).to.be.greaterThan(15);
    expect(Math.abs(defocus.at(1000) - defocus.at(520))).to.be.closeTo(THIN.radius(520, 1000), 0.8);
  });

  it("rises, whatever the pairs say", () => {
    const position = fc.integer({ min: 450, max: 1000 });
    const pair = fc
      .record({
        z0: position,
        z: position,
        radius: fc.double({ min: 0, max: 50, noNaN: true }),
        scale: fc.double({ min: 0.9, max: 1.1, noNaN: true }),
        confidence: fc.double({ min: 0, max: 1, noNaN: true }),
      })
      .filter(({ z0, z }) => z0 !== z);
    fc.assert(
      fc.property(fc.array(pair, { minLength: 1, maxLength: 6 }), (pairs) => {
        const { defocus, breathing } = fitPairs(pairs, RANGE);
        defocus.values.forEach((value, index) => {
          if (index > 0) expect(value).to.be.greaterThan(defocus.values[index - 1]!);
        });
        expect(breathing.values.every(Number.isFinite)).to.equal(true);
      }),
      { numRuns: 60 },
    );
  });

  it("refuses what is no pair", () => {
    const pair = { z0: 600, z: 800, radius: 20, scale: 1.02, confidence: 1 };
    for (const wrong of [
      [],
      [{ ...pair, z: 600 }],
      [{ ...pair, z: NaN }],
      [{ ...pair, z: 1100 }],
      [{ ...pair, radius: -1 }],
      [{ ...pair, scale: 0 }],
    ])
      expect(() => fitPairs(wrong, RANGE)).to.throw(AutofocusError);
  });
});
