import { expect } from "chai";
import { AutofocusError } from "../../../src/core/errors.ts";
import { image, type ImageF32 } from "../../../src/core/image.ts";
import { diskBlur, DiskBlurrer, gaussianBlur } from "../../../src/core/native/index.ts";
import { seededRandom, uniform, uniformInt } from "../../../src/core/random.ts";
import { AWKWARD_SIZES, farthest, noiseF32 } from "../../support/pictures.ts";
import { diskWeights, referenceDiskBlur, referenceGaussianBlur } from "../../support/reference/blur.ts";
import { rejection } from "../../support/async.ts";

/** Coverage in the reference is a sum over 4000 strips. */
const TOLERANCE = 5e-6;

describe("disk blur", () => {
  const random = seededRandom(1);

  for (const [width, height] of AWKWARD_SIZES) {
    for (const channels of [1, 3] as const) {
      it(`agrees with its reference on ${width}x${height}x${channels}, also where the disk is larger`, async () => {
        const source = noiseF32(random, width, height, channels);
        for (const radius of [0, 0.3, 0.51, 1, 1.41, 2.5, uniform(random, 3, 12)]) {
          const blurred = await diskBlur(source, radius);
          expect(farthest(blurred, referenceDiskBlur(source, radius)), `radius ${radius}`).below(TOLERANCE);
        }
      });
    }
  }

  it("computes any part of the picture as if all of it were", async () => {
    const source = noiseF32(random, 61, 47, 3);
    for (let run = 0; run < 8; run++) {
      const x = uniformInt(random, 0, 60);
      const y = uniformInt(random, 0, 46);
      const roi = { x, y, width: uniformInt(random, 1, 61 - x), height: uniformInt(random, 1, 47 - y) };
      const radius = uniform(random, 0, 9);
      const blurred = await diskBlur(source, radius, { roi });
      expect(farthest(blurred, referenceDiskBlur(source, radius, roi))).below(TOLERANCE);
    }
  });

  it("agrees with its reference where it works by Fourier transforms", async () => {
    const source = noiseF32(random, 331, 257, 3);
    const blurrer = await DiskBlurrer.create(source, 61.3);
    for (const radius of [12.7, 35.2, 61.3]) {
      const blurred = await blurrer.blur(radius);
      for (const [x, y] of [
        [0, 0],
        [330, 256],
        [170, 3],
        [61, 200],
      ] as const) {
        const expected = referenceDiskBlur(source, radius, { x, y, width: 1, height: 1 }).data;
        const at = 3 * (y * 331 + x);
        expect(
          [...blurred.data.subarray(at, at + 3)].map((v, k) => Math.abs(v - expected[k]!)).sort()[2],
        ).below(TOLERANCE);
      }
    }
  });

  it("spreads a point over the disk, exactly and evenly", async () => {
    const radius = 200.25;
    const size = 411;
    const source = image(size, size, 1, new Float32Array(size * size));
    source.data[205 * size + 205] = 1;
    const { data } = await diskBlur(source, radius);
    const sum = data.reduce((total, value) => total + value, 0);
    expect(sum).closeTo(1, 1e-3);
    expect(data[205 * size + 205]).closeTo(1 / (Math.PI * radius * radius), 1e-8);
    expect(data[205 * size + 5], "the outermost covered pixel").above(0);
    expect(data[205 * size + 4], "beyond the disk").below(1e-9);
  });

  it("keeps a picture of one colour, and stays within the range of values", async () => {
    const flat = image(50, 40, 1, new Float32Array(2000).fill(0.3));
    expect(farthest(await diskBlur(flat, 30), flat)).below(1e-6);
    const spark = image(400, 300, 1, new Float32Array(120000));
    spark.data[70000] = 5;
    for (const radius of [3, 80]) {
      const { data } = await diskBlur(spark, radius);
      expect(data.every((value) => value >= 0 && value <= 5)).equal(true);
    }
  });

  it("gives the same prepared as at once, also concurrently", async () => {
    const source = noiseF32(random, 90, 70, 3);
    const roi = { x: 20, y: 10, width: 33, height: 41 };
    const blurrer = await DiskBlurrer.create(source, 25, { roi });
    const radii = [0, 0.7, 4, 11.5, 25];
    const prepared = await Promise.all(radii.map((radius) => blurrer.blur(radius)));
    for (const [index, radius] of radii.entries()) {
      expect(farthest(prepared[index]!, await diskBlur(source, radius, { roi }))).below(3e-6);
    }
  });

  it("leaves its input alone and does not hold up the event loop", async () => {
    const source = noiseF32(random, 600, 500);
    const before = source.data.slice();
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    await Promise.all([150, 160, 170].map((radius) => diskBlur(source, radius)));
    clearInterval(timer);
    expect(turns).above(0);
    expect(source.data).deep.equal(before);
  });

  it("refuses what is no picture, radius or region", async () => {
    const source = noiseF32(random, 8, 6);
    for (const radius of [-1, NaN, Infinity, 1001, "3" as unknown as number]) {
      expect((await rejection(diskBlur(source, radius))).code).equal("invalid_input");
    }
    for (const roi of [
      { x: 0, y: 0, width: 9, height: 1 },
      { x: 7, y: 0, width: 2, height: 1 },
      { x: 0.5, y: 0, width: 1, height: 1 },
      { x: 0, y: -1, width: 1, height: 1 },
      { x: 0, y: 0, width: 0, height: 1 },
    ]) {
      expect((await rejection(diskBlur(source, 1, { roi }))).message).match(
        /^Expected an integer from .* for roi\./,
      );
    }
    const lying = { ...source, height: 7 } as ImageF32;
    const error = await rejection(diskBlur(lying, 1));
    expect(error).instanceOf(AutofocusError);
    expect(error.code).equal("invalid_image");
    expect(error.message).equal("Expected 56 values for image, a 8x7x1 picture, but received 48.");
    const blurrer = await DiskBlurrer.create(source, 5);
    expect((await rejection(blurrer.blur(5.5))).code).equal("invalid_input");
  });
});

describe("disk weights of the reference", () => {
  it("add up to one", () => {
    for (const radius of [0.2, 0.6, 1, 3.3, 10]) {
      expect(diskWeights(radius).reduce((sum, { weight }) => sum + weight, 0)).closeTo(1, 1e-4);
    }
  });
});

describe("Gaussian blur", () => {
  const random = seededRandom(2);

  for (const [width, height] of AWKWARD_SIZES) {
    it(`agrees with its reference on ${width}x${height}`, async () => {
      const source = noiseF32(random, width, height, 3);
      for (const sigma of [0, 0.4, 1, uniform(random, 1, 3)]) {
        expect(farthest(await gaussianBlur(source, sigma), referenceGaussianBlur(source, sigma))).below(2e-6);
      }
    });
  }

  it("computes a part of the picture", async () => {
    const source = noiseF32(random, 30, 20);
    const roi = { x: 25, y: 3, width: 5, height: 17 };
    expect(farthest(await gaussianBlur(source, 2, { roi }), referenceGaussianBlur(source, 2, roi))).below(
      2e-6,
    );
  });

  it("refuses a standard deviation out of range", async () => {
    for (const sigma of [-0.1, NaN, 251]) {
      expect((await rejection(gaussianBlur(noiseF32(random, 3, 3), sigma))).code).equal("invalid_input");
    }
  });
});
