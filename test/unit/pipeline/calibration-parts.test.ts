import { expect } from "chai";
import { Scale } from "../../../src/algorithms/calibration/defocus-scale.ts";
import { backlashOf } from "../../../src/algorithms/calibration/sweep/backlash.ts";
import { FineLens } from "../../../src/algorithms/optics/fine-lens.ts";
import { logRadiusOf, type DefocusReading } from "../../../src/algorithms/search/types.ts";
import { settlingOf } from "../../../src/pipeline/settling-time.ts";
import { linearLens, UNTEXTURED } from "../../support/linear-lens.ts";

const reading = (radius: number): DefocusReading => ({
  ...UNTEXTURED,
  textured: true,
  logRadius: logRadiusOf(radius),
  logRadiusStd: 0.1,
});

describe("backlash from the way back", () => {
  const defocus = new Scale([0, 1000], [0, 50]);
  const focus = [100, 400, 650, 900];
  const windows = focus.map((z) => ({ focus: z, q: z / 20, softness: 0, residual: 0.1, used: true }));
  const framesAt = (lag: number): Parameters<typeof backlashOf>[2] =>
    [800, 500, 200].map((position) => ({
      position,
      readings: focus.map((z) => reading(Math.abs(position + lag - z) / 20)),
    }));

  it("is the shift that explains the readings", () => {
    expect(backlashOf(defocus, windows, framesAt(30))).to.be.closeTo(30, 1);
    expect(backlashOf(defocus, windows, framesAt(0))).to.equal(0);
  });

  it("is none where nothing was read", () => {
    expect(backlashOf(defocus, windows, [])).to.equal(0);
    const blind = [{ position: 500, readings: focus.map(() => UNTEXTURED) }];
    expect(backlashOf(defocus, windows, blind)).to.equal(0);
  });
});

describe("the settling time", () => {
  const series = (...radii: number[]): Parameters<typeof settlingOf>[0] =>
    radii.map((radius, index) => ({
      time: 10 + 30 * index,
      readings: [reading(radius), reading(2 * radius)],
    }));

  it("is when the radius has become steady", () => {
    expect(settlingOf(series(9, 6, 5.1, 5, 5.05))).to.equal(70);
    expect(settlingOf(series(5, 5.1, 5))).to.equal(0);
    expect(settlingOf(series(5, 9, 5, 5))).to.equal(70);
  });

  it("bears a frame at the end that is misread", () => {
    expect(settlingOf(series(5, 5.1, 5, 5, 6))).to.equal(0);
    expect(settlingOf(series(9, 5.1, 5, 5, 6))).to.equal(40);
  });

  it("is none where nothing can be read", () => {
    expect(settlingOf([])).to.equal(0);
    expect(settlingOf([0, 30].map((time) => ({ time, readings: [UNTEXTURED] })))).to.equal(0);
  });
});

describe("a lens in parts of a step", () => {
  it("is the same lens, counted finer", () => {
    const lens = linearLens({ min: 1, max: 31, above: 3, below: 4, sigma: 0.5 });
    const fine = new FineLens(lens, 10);
    expect(fine.range).to.deep.equal({ min: 10, max: 310 });
    expect(fine.radius(55, 70)).to.equal(lens.radius(5.5, 7));
    expect(fine.scale(55, 70)).to.equal(lens.scale(5.5, 7));
    expect(fine.depthOfField(55)).to.equal(5);
    for (const z0 of fine.candidates(6, 100)) expect(fine.radius(z0, 100)).to.be.closeTo(6, 1e-9);
    expect(fine.candidates(6, 100)).to.have.length(2);
    expect(fine.dioptres(50)).to.deep.equal(lens.dioptres(5));
    expect(fine.frame).to.deep.equal(lens.frame);
  });
});
