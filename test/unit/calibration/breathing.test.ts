import { expect } from "chai";
import { breathing } from "../../../src/algorithms/calibration/breathing.ts";
import { toAffine } from "../../../src/algorithms/calibration/registration/similarity.ts";
import { imscale } from "../../../src/algorithms/optics/defocus-model.ts";
import { resample } from "../../../src/core/native/index.ts";
import { seededRandom } from "../../../src/core/random.ts";
import { linearLens } from "../../support/linear-lens.ts";
import { farthest, noiseF32 } from "../../support/pictures.ts";

const FRAME = { width: 41, height: 30 };
/** Magnified by 8 % more at each step of 100. */
const lens = {
  ...linearLens({ min: 0, max: 400 }),
  scale: (z0: number, z: number): number => Math.pow(1.08, (z - z0) / 100),
};

describe("calibration: breathing", () => {
  it("is the inverse of the magnification that the defocus model applies", async () => {
    const frame = noiseF32(seededRandom(1), FRAME.width, FRAME.height);
    for (const centre of [undefined, { x: 12, y: 25 }]) {
      const matrix = toAffine(breathing(lens, 300, 100, FRAME, centre), FRAME);
      const seen = await resample(frame, { ...FRAME, matrix, filter: "bicubic", border: "mirror" });
      expect(farthest(seen, await imscale(frame, 1 / lens.scale(300, 100), centre))).to.be.lessThan(1e-5);
    }
  });

  it("keeps the optical axis and moves a corner by the magnification", () => {
    const matrix = toAffine(breathing(lens, 0, 100, FRAME, { x: 10, y: 20 }), FRAME);
    const at = (x: number, y: number): number[] => [
      matrix[0] * (x - 0.5) + matrix[2] + 0.5,
      matrix[4] * (y - 0.5) + matrix[5] + 0.5,
    ];
    expect(at(10, 20)[0]).to.be.closeTo(10, 1e-9);
    expect(at(10, 20)[1]).to.be.closeTo(20, 1e-9);
    expect(at(35, 0)[0]).to.be.closeTo(10 + 1.08 * 25, 1e-9);
    expect(at(35, 0)[1]).to.be.closeTo(20 - 1.08 * 20, 1e-9);
  });
});
