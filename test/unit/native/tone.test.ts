import { expect } from "chai";
import { image } from "../../../src/core/image.ts";
import { expose, linearise, toGray, toGrayF32 } from "../../../src/core/native/index.ts";
import { seededRandom } from "../../../src/core/random.ts";
import { rejection } from "../../support/async.ts";
import { AWKWARD_SIZES, noiseF32, noiseU8 } from "../../support/pictures.ts";

const SILENT = { gain: 1, gamma: 2.2, shotNoise: 0, readNoise: 0, seed: 0 };

/** Mean and standard deviation. */
function moments(values: ArrayLike<number>): { mean: number; deviation: number } {
  const all = Array.from(values);
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  const deviation = Math.sqrt(all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length);
  return { mean, deviation };
}

describe("linearise", () => {
  it("is (I / largest)^gamma for 8 and 16 bits", async () => {
    const bytes = image(
      256,
      1,
      1,
      Uint8Array.from({ length: 256 }, (_, value) => value),
    );
    const words = image(4, 1, 1, Uint16Array.of(0, 1000, 30000, 65535));
    for (const gamma of [1, 2.2]) {
      (await linearise(bytes, gamma)).data.forEach((light, value) =>
        expect(light).closeTo((value / 255) ** gamma, 1e-6),
      );
      (await linearise(words, gamma)).data.forEach((light, index) =>
        expect(light).closeTo((words.data[index]! / 65535) ** gamma, 1e-6),
      );
    }
  });

  it("refuses a gamma out of range and other arrays", async () => {
    const source = noiseU8(seededRandom(1), 2, 2);
    expect((await rejection(linearise(source, 0))).code).equal("invalid_input");
    const floats = { ...source, data: new Float32Array(4) } as unknown as typeof source;
    expect((await rejection(linearise(floats, 1))).code).equal("invalid_image");
  });
});

describe("expose", () => {
  it("is round(255 clip(gain I)^(1 / gamma)) without noise", async () => {
    const light = noiseF32(seededRandom(5), 97, 31, 3);
    light.data.set([0, 1, 7, -2, NaN, 1e-7, 0.999999]);
    for (const gamma of [0.5, 1, 2.2, 4]) {
      for (const gain of [0, 0.4, 1.7]) {
        const { data } = await expose(light, { ...SILENT, gain, gamma });
        data.forEach((value, index) => {
          const clipped = Math.min(Math.max(gain * light.data[index]!, 0), 1);
          const exact = Number.isNaN(clipped) ? 0 : 255 * clipped ** (1 / gamma);
          // Where the exact value lies halfway between two, single precision may choose either.
          expect(Math.abs(value - exact), `${light.data[index]!}`).below(0.501);
        });
      }
    }
  });

  it("undoes linearise", async () => {
    const bytes = image(
      256,
      1,
      1,
      Uint8Array.from({ length: 256 }, (_, value) => value),
    );
    expect((await expose(await linearise(bytes, 2.2), SILENT)).data).deep.equal(bytes.data);
  });

  it("adds the noise that is asked for", async () => {
    const light = image(400, 400, 1, new Float32Array(160000).fill(0.4));
    const linear = { ...SILENT, gamma: 1 };
    const read = moments((await expose(light, { ...linear, readNoise: 0.05, seed: 1 })).data);
    expect(read.mean / 255).closeTo(0.4, 0.001);
    expect(read.deviation / 255).closeTo(0.05, 0.0005);
    const shot = moments((await expose(light, { ...linear, shotNoise: 100, seed: 2 })).data);
    expect(shot.deviation / 255).closeTo(Math.sqrt(0.4 / 100), 0.0006);
  });

  it("repeats the noise of a seed, and has other noise for another one and no pattern", async () => {
    const light = image(64, 64, 1, new Float32Array(4096).fill(0.5));
    const noisy = { ...SILENT, gamma: 1, readNoise: 0.05 };
    const first = await expose(light, { ...noisy, seed: 7 });
    expect((await expose(light, { ...noisy, seed: 7 })).data).deep.equal(first.data);
    const other = await expose(light, { ...noisy, seed: 8 });
    for (const lag of [1, 2, 64]) {
      const correlation = moments(first.data.subarray(lag).map((value, k) => 128 + value - first.data[k]!));
      expect(correlation.deviation / 255, `lag ${lag}`).closeTo(0.05 * Math.SQRT2, 0.003);
    }
    const difference = moments(first.data.map((value, k) => 128 + value - other.data[k]!));
    expect(difference.deviation / 255).closeTo(0.05 * Math.SQRT2, 0.003);
  });

  it("refuses what is out of range", async () => {
    const light = noiseF32(seededRandom(1), 2, 2);
    for (const bad of [
      { gain: -1 },
      { gamma: 0 },
      { shotNoise: NaN },
      { readNoise: -0.1 },
      { seed: -1 },
      { seed: 2 ** 60 },
    ]) {
      expect((await rejection(expose(light, { ...SILENT, ...bad }))).code).equal("invalid_input");
    }
  });
});

describe("gray", () => {
  const random = seededRandom(6);

  it("is the luma of BT.601, rounded", async () => {
    for (const [width, height] of AWKWARD_SIZES) {
      const source = noiseU8(random, width, height, 3);
      const bytes = await toGray(source);
      const floats = await toGrayF32(source);
      bytes.data.forEach((value, index) => {
        const [red, green, blue] = source.data.subarray(3 * index) as unknown as [number, number, number];
        const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
        expect(Math.abs(value - luma)).below(0.51);
        expect(floats.data[index]).closeTo(luma / 255, 2e-5);
      });
    }
  });

  it("keeps white white, and copies what is gray", async () => {
    const white = image(1, 1, 3, Uint8Array.of(255, 255, 255));
    expect((await toGray(white)).data[0]).equal(255);
    expect((await toGrayF32(white)).data[0]).closeTo(1, 1e-7);
    const gray = noiseU8(random, 5, 3);
    const copy = await toGray(gray);
    expect(copy.data).deep.equal(gray.data);
    expect(copy.data).not.equal(gray.data);
  });
});
