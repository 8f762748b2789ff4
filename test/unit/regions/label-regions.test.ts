import { expect } from "chai";
import * as fc from "fast-check";
import { labelRegions, usefulRange, type FocusMap } from "../../../src/algorithms/regions/label-regions.ts";
import { normal, seededRandom } from "../../../src/core/random.ts";

const SIGMA = 20;
const sigma = (): number => SIGMA;

function mapOf(
  rows: number,
  cols: number,
  at: (row: number, col: number) => number,
  confidence = 0.9,
): FocusMap {
  const inFocusAt = Float32Array.from({ length: rows * cols }, (_, i) => at(Math.floor(i / cols), i % cols));
  return { rows, cols, inFocusAt, confidence: Float32Array.from(inFocusAt, () => confidence) };
}

describe("regions of like altitude", () => {
  it("finds the plateaus of a sample, with noise in the readings", () => {
    const random = seededRandom(4);
    const plateaus = [300, 420, 560, 700];
    const map = mapOf(12, 20, (_, col) => plateaus[Math.floor(col / 5)]! + 6 * normal(random));
    const { regions, labels } = labelRegions(map, sigma);
    expect(regions.map(({ patches }) => patches.length)).to.deep.equal([60, 60, 60, 60]);
    regions.forEach(({ position, label, level, confidence }, i) => {
      expect(position).to.be.closeTo(plateaus[i]!, 3);
      expect([label, level]).to.deep.equal([i + 1, i + 1]);
      expect(confidence).to.be.closeTo(0.9, 1e-6);
    });
    labels.forEach((label, i) => expect(label).to.equal(Math.floor((i % 20) / 5) + 1));
  });

  it("keeps things apart that do not touch, and says that they lie at one altitude", () => {
    const map = mapOf(9, 15, (_, col) => (col < 4 || col > 10 ? 500 : 300));
    const { regions } = labelRegions(map, sigma);
    expect(regions.map(({ position, level }) => [position, level])).to.deep.equal([
      [300, 1],
      [500, 2],
      [500, 2],
    ]);
  });

  it("is one region where all lies at one depth, and none where nothing is known", () => {
    expect(
      labelRegions(
        mapOf(5, 5, () => 400),
        sigma,
      ).regions,
    ).to.have.length(1);
    expect(
      labelRegions(
        mapOf(5, 5, () => NaN),
        sigma,
      ).regions,
    ).to.deep.equal([]);
    expect(
      labelRegions(
        mapOf(5, 5, () => 400, 0.2),
        sigma,
      ).regions,
    ).to.deep.equal([]);
    expect(
      labelRegions(
        mapOf(5, 5, () => 400, 0.2),
        sigma,
        { confidence: 0.1 },
      ).regions,
    ).to.have.length(1);
  });

  it("cuts a tilted plane into strips that can each be focused", () => {
    const map = mapOf(6, 40, (_, col) => 300 + 10 * col);
    const { regions, labels } = labelRegions(map, sigma);
    expect(regions.length).to.be.within(8, 16);
    for (const { spread } of regions) expect(spread).to.be.at.most(SIGMA);
    expect(labels.every((label) => label > 0)).to.equal(true);
  });

  it("gives patches that show two altitudes to one of them, and leaves lone misread ones without a label", () => {
    const edge = mapOf(10, 12, (_, col) => (col < 6 ? 300 : col === 6 ? 330 : 360));
    expect(labelRegions(edge, sigma, { least: 12 }).regions).to.have.length(2);
    const lone = mapOf(10, 12, (row, col) => (row === 4 && col === 4 ? 900 : 300));
    const { regions, labels } = labelRegions(lone, sigma);
    expect(regions).to.have.length(1);
    expect(labels[4 * 12 + 4]).to.equal(0);
  });

  it("leaves parts without texture out", () => {
    const map = mapOf(6, 12, (row, col) => (row < 2 ? NaN : col < 6 ? 300 : 500));
    const { regions, labels } = labelRegions(map, sigma);
    expect(regions.map(({ patches }) => patches.length)).to.deep.equal([24, 24]);
    expect([...labels.slice(0, 24)].every((label) => label === 0)).to.equal(true);
  });

  it("labels every patch once at most, and every region fits into one depth of field", () => {
    const depths = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 48, maxLength: 48 });
    fc.assert(
      fc.property(depths, (values) => {
        const map = mapOf(6, 8, (row, col) => values[8 * row + col]!);
        const { regions, labels } = labelRegions(map, sigma, { least: 1 });
        expect(labels.every((label) => label > 0)).to.equal(true);
        expect(regions.reduce((sum, { patches }) => sum + patches.length, 0)).to.equal(48);
        for (const { spread } of regions) expect(spread).to.be.at.most(SIGMA);
      }),
    );
  });

  it("tells between which positions the scene lies", () => {
    const map = mapOf(20, 20, (row, col) => (row === 0 && col < 3 ? 900 : 300 + 5 * col));
    expect(usefulRange(map)).to.deep.equal({ min: 300, max: 395 });
    expect(usefulRange(mapOf(2, 2, () => NaN))).to.equal(undefined);
  });

  it("refuses a map whose sizes do not fit", () => {
    const map = { rows: 2, cols: 2, inFocusAt: [1, 2, 3], confidence: [1, 1, 1] };
    expect(() => labelRegions(map, sigma)).to.throw(/Expected 4 values/);
  });
});
