import { expect } from "chai";
import { image } from "../../../src/core/image.ts";
import { resample, type ResampleOptions } from "../../../src/core/native/index.ts";
import { seededRandom, uniform } from "../../../src/core/random.ts";
import { rejection } from "../../support/async.ts";
import { AWKWARD_SIZES, farthest, noiseF32 } from "../../support/pictures.ts";
import { referenceResample } from "../../support/reference/resample.ts";

const IDENTITY = [1, 0, 0, 0, 1, 0] as const;

describe("resample", () => {
  const random = seededRandom(4);

  for (const filter of ["bilinear", "bicubic"] as const) {
    for (const border of ["mirror", "replicate"] as const) {
      it(`agrees with its reference, ${filter}, ${border}`, async () => {
        for (const [width, height] of AWKWARD_SIZES) {
          const source = noiseF32(random, width, height, 3);
          const scale = uniform(random, 0.3, 2.5);
          for (const matrix of [
            IDENTITY,
            [scale, 0, uniform(random, -9, 9), 0, 1 / scale, uniform(random, -9, 9)],
            [scale, uniform(random, -1, 1), -3.3, uniform(random, -1, 1), scale, 5.1],
          ] as const) {
            const options: ResampleOptions = { width: 23, height: 19, matrix, filter, border };
            expect(farthest(await resample(source, options), referenceResample(source, options))).below(1e-5);
          }
        }
      });
    }
  }

  it("rounds and clips stored values", async () => {
    const matrix = [1.03, 0.02, -2.2, -0.02, 0.98, 1.4] as const;
    for (const [Stored, most] of [
      [Uint8Array, 255],
      [Uint16Array, 65535],
    ] as const)
      for (const channels of [1, 3] as const) {
        // Black and white next to each other, so that bicubic goes beyond both.
        const data = new Stored(90 * 40 * channels);
        for (let at = 0; at < data.length; at++) data[at] = uniform(random, 0, 1) < 0.5 ? 0 : most;
        const source = image(90, 40, channels, data);
        const options = { width: 83, height: 47, matrix, filter: "bicubic", border: "mirror" } as const;
        const exact = await resample({ ...source, data: Float32Array.from(data) }, options);
        const stored = await resample(source, options);
        expect(stored.data).instanceOf(Stored);
        stored.data.forEach((value, i) => {
          expect(Math.abs(value - Math.min(most, Math.max(0, exact.data[i]!)))).at.most(0.502);
        });
      }
  });

  it("changes nothing by the identity", async () => {
    const source = noiseF32(random, 31, 17);
    for (const filter of ["bilinear", "bicubic"] as const) {
      const same = await resample(source, {
        width: 31,
        height: 17,
        matrix: IDENTITY,
        filter,
        border: "mirror",
      });
      expect(same.data).deep.equal(source.data);
    }
  });

  it("reaches far beyond the picture without leaving it", async () => {
    const source = noiseF32(random, 5, 4);
    for (const border of ["mirror", "replicate"] as const) {
      const matrix = [1e6, 1e6, -1e6, 1e6, -1e6, 1e6] as const;
      const far = await resample(source, { width: 300, height: 2, matrix, filter: "bicubic", border });
      expect(far.data.every((value) => value >= -1 && value <= 2)).equal(true);
    }
  });

  it("refuses incomplete and impossible options", async () => {
    const source = noiseF32(random, 4, 4);
    const good: ResampleOptions = {
      width: 4,
      height: 4,
      matrix: IDENTITY,
      filter: "bilinear",
      border: "mirror",
    };
    for (const [bad, name] of [
      [{ width: 0 }, "width"],
      [{ height: 40000 }, "height"],
      [{ matrix: [1, 0, 0, 0, 1] }, "matrix"],
      [{ matrix: [1, 0, 0, 0, NaN, 0] }, "matrix\\[4\\]"],
      [{ filter: "nearest" }, "filter"],
      [{ border: undefined }, "border"],
    ] as const) {
      const error = await rejection(resample(source, { ...good, ...bad } as unknown as ResampleOptions));
      expect(error.code).equal("invalid_input");
      expect(error.message).match(new RegExp(`^Expected .* for ${name} but received .*\\.$`));
    }
  });
});
