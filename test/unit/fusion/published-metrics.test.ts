import { expect } from "chai";
import fc from "fast-check";
import { contrastPreservation } from "../../../src/algorithms/fusion/metrics/contrast-preservation.ts";
import { filterSpectrum } from "../../../src/algorithms/fusion/metrics/fourier.ts";
import { gradientPreservation } from "../../../src/algorithms/fusion/metrics/gradient-preservation.ts";
import { mutualInformation } from "../../../src/algorithms/fusion/metrics/mutual-information.ts";
import { nonlinearCorrelation } from "../../../src/algorithms/fusion/metrics/nonlinear-correlation.ts";
import { image, type ImageU8 } from "../../../src/core/image.ts";

const WIDTH = 48;
const HEIGHT = 40;

const picture = (value: (x: number, y: number) => number): ImageU8 =>
  image(
    WIDTH,
    HEIGHT,
    1,
    Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => value(i % WIDTH, Math.floor(i / WIDTH))),
  );
const rings = (x: number, y: number): number => ((x * x + 3 * y * y + x * y) >> 3) % 256;
const ellipses = (x: number, y: number): number => (((2 * x * x + y * y) >> 2) + 40) % 256;
const dimRings = (x: number, y: number): number => 20 + (rings(x, y) >> 1);
const dimEllipses = (x: number, y: number): number => 10 + Math.floor(ellipses(x, y) / 3);

/**
 * What the MATLAB code published with Liu et al. 2012 (metricXydeas, metricMI, metricWang, metricChenBlum) gives in
 * GNU Octave 7.3 for pictures of these formulas.
 */
const GOLDEN = [
  {
    name: "side by side",
    pictures: [rings, ellipses, (x: number, y: number) => (x < 24 ? rings(x, y) : ellipses(x, y))],
    values: [0.589157476, 1.4942006171, 0.8812046841, 0.6273999481],
  },
  {
    name: "one above the other, of less contrast",
    pictures: [
      dimRings,
      dimEllipses,
      (x: number, y: number) => (y < 20 ? dimRings(x, y) : dimEllipses(x, y)),
    ],
    values: [0.4813083819, 1.2763033674, 0.8411150436, 0.568083527],
  },
] as const;

const METRICS = [
  ["QG", gradientPreservation],
  ["QMI", mutualInformation],
  ["QNCIE", nonlinearCorrelation],
  ["QCB", contrastPreservation],
] as const;

describe("fusion metrics of Liu et al. 2012", () => {
  for (const { name, pictures, values } of GOLDEN)
    for (const [i, [metric, measure]] of METRICS.entries())
      it(`${metric} of two pictures ${name} is that of the published code`, () => {
        const [a, b, fused] = pictures.map(picture);
        expect(measure(a!, b!, fused!)).to.be.closeTo(values[i]!, 1e-8);
      });

  for (const [metric, measure] of METRICS)
    it(`${metric} does not depend on the order of the sources, refuses colour and copes with flat pictures`, () => {
      const [a, b] = [picture(rings), picture(ellipses)];
      expect(measure(a, b, a)).to.be.closeTo(measure(b, a, a), 1e-12);
      expect(measure(a, b, a)).to.be.lessThan(measure(a, a, a));
      const flat = picture(() => 7);
      expect(measure(flat, flat, flat)).to.satisfy(Number.isFinite);
      const colour = image(1, 1, 3, new Uint8Array(3));
      expect(() => measure(colour, colour, colour)).to.throw("one channel");
      expect(() => measure(a, b, image(1, 1, 1, new Uint8Array(1)))).to.throw("same size");
    });

  it("filters spectra of any size: a gain of one changes nothing, that of the zero frequency leaves the mean", () => {
    const side = fc.integer({ min: 1, max: 14 });
    fc.assert(
      fc.property(
        side,
        side,
        fc.infiniteStream(fc.double({ min: -1, max: 1, noNaN: true })),
        (w, h, values) => {
          const data = Float64Array.from({ length: w * h }, () => values.next().value as number);
          filterSpectrum(data, w, h, () => 1).forEach((value, i) =>
            expect(value).to.be.closeTo(data[i]!, 1e-12),
          );
          const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
          for (const value of filterSpectrum(data, w, h, (u, v) => (u === 0 && v === 0 ? 1 : 0)))
            expect(value).to.be.closeTo(mean, 1e-12);
        },
      ),
      { numRuns: 30 },
    );
  });
});
