import { expect } from "chai";
import { AutofocusError } from "../../../src/core/errors.ts";
import { image, type ImageU8 } from "../../../src/core/image.ts";
import { diskBlur, LINES, RING_FEATURES, RINGS, ringSpectrum } from "../../../src/core/native/index.ts";
import { normal, seededRandom } from "../../../src/core/random.ts";
import { referenceRingSpectrum } from "../../support/reference/ring-spectrum.ts";

function picture(width: number, height: number, value: (x: number, y: number) => number): ImageU8 {
  const data = Uint8Array.from({ length: width * height }, (_, at) =>
    Math.min(255, Math.max(0, Math.round(value(at % width, Math.floor(at / width))))),
  );
  return image(width, height, 1, data);
}

describe("ring spectrum", () => {
  it("agrees with its reference at every side, anywhere in the picture", async () => {
    const random = seededRandom(3);
    const gray = picture(300, 280, (x, y) => 128 + 60 * Math.sin(x / 3 + y / 9) + 80 * normal(random));
    for (const side of [32, 64, 128, 256]) {
      const roi = { x: 300 - side, y: 7, width: side, height: side };
      const reference = referenceRingSpectrum(gray, roi);
      const features = await ringSpectrum(gray, [roi]);
      expect(features).to.have.length(RING_FEATURES);
      reference.forEach((value, at) =>
        expect(features[at]).to.be.closeTo(value, 2e-4, `feature ${at}, side ${side}`),
      );
    }
  });

  it("turns white noise of standard deviation s into a flat spectrum of s squared", async () => {
    const random = seededRandom(5);
    const light = (value: number): number => 255 * (value / 255) ** (1 / 2.2);
    for (const side of [512, 1024]) {
      const gray = picture(side, side, () => light(128 + 10 * normal(random)));
      const features = await ringSpectrum(gray, [{ x: 0, y: 0, width: side, height: side }]);
      for (const ring of [86, 92, RINGS - 1]) expect(Math.exp(features[ring]!)).to.be.closeTo(100, 5);
      expect(Math.exp(features[0]!)).to.be.within(1, 1000);
    }
  });

  it("shows a grating in the ring of its frequency and in one sector only", async () => {
    const gray = picture(256, 256, (x) => 128 + 50 * Math.sin((2 * Math.PI * x) / 8));
    const features = await ringSpectrum(gray, [{ x: 0, y: 0, width: 256, height: 256 }]);
    const strongest = features.subarray(0, RINGS).indexOf(Math.max(...features.subarray(0, RINGS)));
    expect(strongest).to.equal(12 * 6);
    expect(features[3 * RINGS + strongest]! - features[2 * RINGS + strongest]!).to.be.greaterThan(5);
  });

  it("shows the zeros of a disk along the lines", async () => {
    const random = seededRandom(8);
    const light = image(
      512,
      512,
      1,
      Float32Array.from({ length: 512 * 512 }, () => random.next()),
    );
    const radius = 20;
    const { data } = await diskBlur(light, radius);
    const gray = image(
      512,
      512,
      1,
      Uint8Array.from(data, (value) => Math.round(255 * (10 * (value - 0.5) + 0.5) ** (1 / 2.2))),
    );
    const features = await ringSpectrum(gray, [{ x: 0, y: 0, width: 512, height: 512 }]);
    const lines = features.subarray(RING_FEATURES - LINES);
    // The first zeros of the Bessel function J1 over 2 pi r, in cycles a patch; line k counts k + 1 of them.
    for (const zero of [3.8317, 7.0156, 10.1735]) {
      const line = Math.round((zero / (2 * Math.PI * radius)) * 512) - 1;
      const dip = Math.min(...lines.subarray(line - 1, line + 2));
      expect(dip).to.be.lessThan(lines[line - 5]! - 1);
      expect(dip).to.be.lessThan(lines[line + 5]! - 1);
    }
  });

  it("keeps the order of the patches however they are shared out", async () => {
    const gray = picture(640, 128, (x) => x / 3);
    const rois = Array.from({ length: 5 }, (_, k) => ({ x: 128 * k, y: 0, width: 128, height: 128 }));
    const together = await ringSpectrum(gray, rois);
    for (const [k, roi] of rois.entries()) {
      const alone = await ringSpectrum(gray, [roi]);
      expect([...together.subarray(k * RING_FEATURES, (k + 1) * RING_FEATURES)]).to.deep.equal([...alone]);
    }
    expect(await ringSpectrum(gray, [])).to.have.length(0);
  });

  it("refuses colour, other sides and patches outside the picture", async () => {
    const gray = picture(256, 256, () => 0);
    const colour = image(64, 64, 3, new Uint8Array(64 * 64 * 3));
    const cases: [ImageU8, { x: number; y: number; width: number; height: number }, string][] = [
      [colour, { x: 0, y: 0, width: 64, height: 64 }, "invalid_image"],
      [gray, { x: 0, y: 0, width: 100, height: 100 }, "invalid_input"],
      [gray, { x: 0, y: 0, width: 128, height: 64 }, "invalid_input"],
      [gray, { x: 200, y: 0, width: 128, height: 128 }, "invalid_input"],
      [gray, { x: NaN, y: 0, width: 128, height: 128 }, "invalid_input"],
    ];
    for (const [picture, roi, code] of cases) {
      const error: unknown = await ringSpectrum(picture, [roi]).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(AutofocusError);
      expect((error as AutofocusError).code).to.equal(code);
    }
  });
});
