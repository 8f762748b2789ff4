import { expect } from "chai";
import { cornerDistance, IDENTITY } from "../../../src/algorithms/calibration/registration/similarity.ts";
import { image, type ImageF32 } from "../../../src/core/image.ts";
import {
  alignLevels,
  type AlignSearch,
  boxFilter,
  featureLevels,
  type FeatureLevel,
  gaussianBlur,
  levelGain,
  resample,
  type Similarity,
} from "../../../src/core/native/index.ts";
import { seededRandom, uniform } from "../../../src/core/random.ts";
import { rejection } from "../../support/async.ts";
import { noiseF32 } from "../../support/pictures.ts";
import { referenceAlign, referenceGain } from "../../support/reference/align.ts";

const random = seededRandom(12);
// The reference takes its time.
const FRAME = { width: 75, height: 57 };

/** Two frames of smooth noise, the second moved by about `map` and blurred in its right half, as levels. */
async function pair({ along, across, dx, dy }: Similarity): Promise<[FeatureLevel[], FeatureLevel[]]> {
  const { width, height } = FRAME;
  const scene = await gaussianBlur(noiseF32(random, width, height), 1.5);
  const matrix = [along, -across, dx, across, along, dy] as const;
  const moved = await resample(scene, { width, height, matrix, filter: "bicubic", border: "mirror" });
  const soft = await gaussianBlur(moved, 1);
  const halves = moved.data.map((value, i) => (i % width < width / 2 ? value : (soft.data[i] as number)));
  const levels = (frame: ImageF32): Promise<FeatureLevel[]> => featureLevels(frame, 80, 40);
  return Promise.all([levels(scene), levels(image(width, height, 1, halves))]);
}

function farthestOf(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).to.equal(b.length);
  const scale = Math.max(1, ...Array.from(b, Math.abs));
  return Math.max(0, ...Array.from(a, (value, i) => Math.abs(value - b[i]!) / scale));
}

describe("registration kernels", () => {
  const maps: readonly Similarity[] = [
    IDENTITY,
    { along: uniform(random, 0.96, 0.98), across: 0, dx: uniform(random, 0, 2), dy: uniform(random, 0, 2) },
    { along: 1.0213, across: 0.0187, dx: -1.713, dy: 1.237 },
  ];

  for (const rotation of [false, true])
    it(`align agrees with its reference, ${rotation ? "with" : "without"} a turn`, async () => {
      const search: AlignSearch = { likely: [IDENTITY], scale: 0.04, shift: 4, rotation };
      for (const map of maps) {
        const [ours, theirs] = await pair(map);
        const found = await alignLevels(ours, theirs, FRAME, search);
        const right = referenceAlign(ours, theirs, FRAME, search);
        expect(cornerDistance(found, right, FRAME), JSON.stringify([found, right])).below(1e-3);
        if (!rotation) expect(found.across).equal(0);
      }
    });

  it("align takes the likely map that is right", async () => {
    const [ours, theirs] = await pair(maps[2]!);
    const near = referenceAlign(ours, theirs, FRAME, {
      likely: [IDENTITY],
      scale: 0.04,
      shift: 4,
      rotation: true,
    });
    const far = { ...IDENTITY, dx: 9, dy: -9 };
    const found = await alignLevels(ours, theirs, FRAME, {
      likely: [far, near],
      scale: 0,
      shift: 0,
      rotation: true,
    });
    expect(cornerDistance(found, near, FRAME)).below(0.05);
  });

  it("gain agrees with its reference", async () => {
    for (const truth of maps) {
      const [ours, theirs] = await pair(truth);
      for (const map of maps)
        for (const [i, level] of ours.entries()) {
          const found = await levelGain(level, theirs[i]!, FRAME, map);
          const right = referenceGain(level, theirs[i]!, FRAME, map);
          expect(found.certain).equal(right.certain);
          expect(found.before).closeTo(right.before, 1e-4);
          expect(found.after).closeTo(right.after, 1e-4);
          const scale = Math.max(1, Math.abs(right.explained));
          expect(Math.abs(found.explained - right.explained) / scale).below(1e-3);
        }
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
    const [ours, theirs] = await pair(IDENTITY);
    const search: AlignSearch = { likely: [IDENTITY], scale: 0.04, shift: 4, rotation: false };
    const [coarse, fine] = theirs as [FeatureLevel, FeatureLevel];
    const code = async (promise: Promise<unknown>): Promise<string> => (await rejection(promise)).code;
    expect(await code(alignLevels(ours, [fine, coarse], FRAME, search))).to.equal("invalid_image");
    expect(await code(alignLevels(ours, [coarse], FRAME, search))).to.equal("invalid_input");
    expect(await code(alignLevels([], [], FRAME, search))).to.equal("invalid_input");
    expect(await code(alignLevels(ours, theirs, { width: 0, height: 1 }, search))).to.equal("invalid_input");
    expect(await code(alignLevels(ours, theirs, FRAME, { ...search, likely: [] }))).to.equal("invalid_input");
    expect(await code(alignLevels(ours, theirs, FRAME, { ...search, scale: 2 }))).to.equal("invalid_input");
    const partial = { ...coarse, blurred: coarse.blurred.slice(1) };
    expect(await code(levelGain(ours[0]!, partial, FRAME, IDENTITY))).to.equal("invalid_input");
    expect(await code(levelGain(ours[0]!, fine, FRAME, IDENTITY))).to.equal("invalid_image");
    const nowhere = { ...IDENTITY, dx: NaN };
    expect(await code(levelGain(ours[0]!, coarse, FRAME, nowhere))).to.equal("invalid_input");
  });
});
