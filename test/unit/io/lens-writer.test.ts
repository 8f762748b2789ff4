import { expect } from "chai";
import { stringify } from "yaml";
import { Scale } from "../../../src/algorithms/calibration/defocus-scale.ts";
import { parseLens } from "../../../src/io/lens-file.ts";
import { formatLens, lensFileOf, type CalibratedLensParts } from "../../../src/io/lens-writer.ts";

const PARTS: CalibratedLensParts = {
  name: "mine",
  description: "a lens",
  scales: {
    defocus: new Scale([0, 100, 300], [0, 20, 30]),
    breathing: new Scale([0, 300], [0, Math.log(1.03)]),
  },
  range: { min: 0, max: 300 },
  frame: { width: 800, height: 600 },
  visibleRadius: 1,
  calibration: { method: "sweep", frames: 7, windows: 20, residual: 0.123456 },
};

describe("writing a lens file", () => {
  it("gives back the lens", () => {
    const text = formatLens(lensFileOf(PARTS));
    const lens = parseLens(text, "mine.yaml");
    expect(lens.name).to.equal("mine");
    expect(lens.range).to.deep.equal({ min: 0, max: 300 });
    expect(lens.radius(0, 100)).to.be.closeTo(20, 1e-3);
    expect(lens.radius(300, 100)).to.be.closeTo(10, 1e-3);
    expect(lens.radius(50, 50)).to.equal(0);
    expect(lens.scale(0, 300)).to.be.closeTo(1.03, 1e-5);
    expect(lens.scale(300, 0)).to.be.closeTo(1 / 1.03, 1e-5);
    // 1 px is 5 steps in the first stretch and 20 in the second.
    expect(lens.depthOfField(0)).to.be.closeTo(5, 1e-3);
    expect(lens.depthOfField(300)).to.be.closeTo(20, 1e-3);
    expect(lens.dioptres(100)).to.be.NaN;
  });

  it("keeps the softness that was measured, resized with the frames", () => {
    expect(parseLens(formatLens(lensFileOf(PARTS)), "mine").softness).to.equal(undefined);
    const lens = parseLens(formatLens(lensFileOf({ ...PARTS, softness: [-1.004, 0, 0.6] })), "mine");
    expect(lens.softness).to.deep.equal([-1, 0, 0.6]);
    expect(lens.resized(0.5).softness).to.deep.equal([-0.5, 0, 0.3]);
  });

  it("keeps a row of the grid on a line", () => {
    const lines = formatLens(lensFileOf(PARTS)).split("\n");
    expect(lines).to.include("    - [ 0, 20, 30 ]");
    expect(lines).to.include("  positions: [ 0, 100, 300 ]");
    expect(lines).to.include("calibration: { method: sweep, frames: 7, windows: 20, residual: 0.1235 }");
  });

  it("keeps the ends of the range, and no more positions than a file needs", () => {
    const positions = Array.from({ length: 400 }, (_, index) => index);
    const defocus = new Scale(
      positions,
      positions.map((z) => 0.1 * z),
    );
    const file = lensFileOf({
      ...PARTS,
      scales: { ...PARTS.scales, defocus },
      range: { min: -50, max: 450 },
    });
    if (file.model.form !== "grid") throw new Error("Expected a grid.");
    const { positions: grid } = file.model;
    expect(grid.length).to.be.lessThan(60);
    expect([grid[0], grid.at(-1)]).to.deep.equal([-50, 450]);
    const lens = parseLens(formatLens(file), "mine");
    expect(lens.radius(-50, 450)).to.be.closeTo(50, 0.01);
  });

  it("needs the pixel pitch for a thin lens only", () => {
    const file = lensFileOf(PARTS);
    const focus = [
      { position: 0, distance: 1 },
      { position: 300, distance: 0.2 },
    ];
    const thin = { ...file, model: { form: "thin-lens", focalLength: 4, fNumber: 2, focus } };
    expect(() => parseLens(stringify(thin), "thin")).to.throw(/sensor.pixelPitch/);
    const sensor = { ...file.sensor, pixelPitch: 2 };
    expect(parseLens(stringify({ ...thin, sensor }), "thin").radius(0, 300)).to.be.greaterThan(1);
  });
});
