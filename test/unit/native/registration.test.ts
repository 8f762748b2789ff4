import { expect } from "chai";
import { image, type ImageF32 } from "../../../src/core/image.ts";
import {
  boxFilter,
  compareFrames,
  correlateFrames,
  correlateShifts,
  featureLevels,
  gaussianBlur,
  type ResampleOptions,
} from "../../../src/core/native/index.ts";
import { seededRandom, uniform } from "../../../src/core/random.ts";
import { rejection } from "../../support/async.ts";
import { AWKWARD_SIZES, noiseF32 } from "../../support/pictures.ts";
import { referenceComparison, referenceCorrelation } from "../../support/reference/registration.ts";

const random = seededRandom(12);
const IDENTITY = [1, 0, 0, 0, 1, 0] as const;
// The reference takes its time.
const SIZES = [...AWKWARD_SIZES.filter(([width, height]) => width * height < 1000), [33, 24]] as const;

/** Noise of mean 0, that blurs differently in its left and right half, and the same blurred more. */
async function blurs(source: ImageF32, sigma: number): Promise<ImageF32[]> {
  const sharp = image(
    source.width,
    source.height,
    1,
    source.data.map((value) => 2 * value - 1),
  );
  const soft = await gaussianBlur(sharp, sigma);
  const half = sharp.data.map((value, i) =>
    i % source.width < source.width / 2 ? value : (soft.data[i] as number),
  );
  const first = image(source.width, source.height, 1, half);
  return [first, await gaussianBlur(first, 1.2), await gaussianBlur(first, 3)];
}

function farthestOf(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).to.equal(b.length);
  const scale = Math.max(1, ...Array.from(b, Math.abs));
  return Math.max(0, ...Array.from(a, (value, i) => Math.abs(value - b[i]!) / scale));
}

describe("registration kernels", () => {
  const maps = (): ResampleOptions["matrix"][] => [
    [...IDENTITY],
    [
      uniform(random, 0.9, 1.1),
      0,
      uniform(random, -3, 3),
      0,
      uniform(random, 0.9, 1.1),
      uniform(random, -3, 3),
    ],
    [1.02, -0.03, 1.7, 0.03, 1.02, -2.3],
  ];

  it("compare agrees with its reference", async () => {
    for (const [width, height] of SIZES) {
      const source = noiseF32(random, width, height);
      const [ours, theirs] = [await blurs(source, 1), await blurs(source, 2)];
      for (const matrix of maps()) {
        const found = await compareFrames(ours, theirs, matrix, 25);
        const right = referenceComparison(ours, theirs, matrix, 25);
        const name = `${width}x${height} ${matrix.join(" ")}`;
        expect(farthestOf(found.agreement.data, right.agreement), name).below(1e-3);
        expect(farthestOf(found.strength.data, right.strength), name).below(1e-5);
        expect(farthestOf(found.hessian, right.hessian), name).below(1e-3);
        expect(farthestOf(found.gradient, right.gradient), name).below(1e-3);
      }
    }
  });

  it("correlate agrees with its reference", async () => {
    for (const [width, height] of SIZES) {
      const [a, b] = [(await blurs(noiseF32(random, width, height), 1))[0]!, noiseF32(random, width, height)];
      for (const matrix of maps())
        expect(await correlateFrames(a, b, matrix)).closeTo(referenceCorrelation(a, b, matrix), 1e-5);
    }
  });

  it("correlates every whole shift as that shift", async () => {
    const [a, b] = [noiseF32(random, 33, 26), noiseF32(random, 33, 26)];
    const { width, height, data } = await correlateShifts(a, b, 4);
    expect([width, height]).to.deep.equal([9, 9]);
    for (const [dx, dy] of [
      [0, 0],
      [4, -4],
      [-3, 2],
    ] as const) {
      let [aa, ab, bb] = [0, 0, 0];
      for (let y = 3 + Math.max(0, -dy); y < 23 - Math.max(0, dy); y++)
        for (let x = 3 + Math.max(0, -dx); x < 30 - Math.max(0, dx); x++) {
          const [p, q] = [a.data[y * 33 + x]!, b.data[(y + dy) * 33 + x + dx]!];
          aa += p * p;
          ab += p * q;
          bb += q * q;
        }
      expect(data[(dy + 4) * 9 + dx + 4]).closeTo(ab / Math.sqrt(aa * bb), 1e-5);
    }
  });

  it("makes levels of evened features, the coarsest first", async () => {
    const colour = noiseF32(random, 83, 61, 3);
    const levels = await featureLevels(colour, 50, 16);
    expect(levels.map(({ reduction }) => reduction)).to.deep.equal([8, 4, 2]);
    for (const { reduction, blurred, energy } of levels) {
      const [width, height] = [Math.floor(83 / reduction), Math.floor(61 / reduction)];
      const gray = image(width, height, 1, new Float32Array(width * height));
      for (let y = 0; y < reduction * height; y++)
        for (let x = 0; x < reduction * width; x++) {
          const [r, g, b] = [0, 1, 2].map((k) => colour.data[3 * (y * 83 + x) + k]!);
          const at = Math.floor(y / reduction) * width + Math.floor(x / reduction);
          gray.data[at]! += (0.299 * r! + 0.587 * g! + 0.114 * b!) / reduction ** 2;
        }
      const [fine, coarse] = [await gaussianBlur(gray, 1), await gaussianBlur(gray, 2.2)];
      const band = fine.data.map((value, i) => value - coarse.data[i]!);
      const contrast = await boxFilter({ ...gray, data: band.map((value) => value * value) }, 8, "shrink");
      const mean = contrast.data.reduce((sum, value) => sum + value, 0) / band.length;
      expect(energy / mean).closeTo(1, 1e-3);
      const evened = band.map((value, i) => value / Math.sqrt(contrast.data[i]! + 0.25 * mean));
      for (const [k, sigma] of [0, 1.2, 3].entries()) {
        const right = await gaussianBlur({ ...gray, data: evened }, sigma);
        expect(farthestOf(blurred[k]!.data, right.data)).below(1e-3);
      }
    }
  });

  it("finds no features where there are none, and says where values are not finite", async () => {
    const flat = image(40, 40, 1, new Float32Array(1600).fill(0.5));
    for (const { energy, blurred } of await featureLevels(flat, 40, 20)) {
      expect(energy).below(1e-12);
      expect(blurred.every(({ data }) => data.every(Number.isFinite))).equal(true);
    }
    flat.data[7] = NaN;
    expect((await featureLevels(flat, 40, 20)).some(({ energy }) => Number.isNaN(energy))).equal(true);
    expect((await rejection(featureLevels(flat, 10, 20))).code).to.equal("invalid_input");
  });

  it("rejects what does not fit together", async () => {
    const [a, b] = [noiseF32(random, 20, 20), noiseF32(random, 20, 21)];
    const colour = noiseF32(random, 20, 20, 3);
    expect((await rejection(compareFrames([a, a, a], [b, b, b], IDENTITY, 10))).code).to.equal(
      "invalid_image",
    );
    expect((await rejection(compareFrames([a, a, b], [a, a, a], IDENTITY, 10))).code).to.equal(
      "invalid_image",
    );
    expect((await rejection(compareFrames([a, a], [a, a, a], IDENTITY, 10))).code).to.equal("invalid_input");
    expect((await rejection(correlateFrames(a, colour, IDENTITY))).code).to.equal("invalid_image");
    expect((await rejection(correlateShifts(a, a, 11))).code).to.equal("invalid_input");
  });
});
