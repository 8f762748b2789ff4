import { expect } from "chai";
import { calibratePair } from "../../../src/algorithms/calibration/pair/calibrate-pair.ts";
import type { PairOptions } from "../../../src/algorithms/calibration/pair/types.ts";
import { crop, image, type ImageF32, zerosF32 } from "../../../src/core/image.ts";
import { diskBlur, gaussianBlur, linearise, resample } from "../../../src/core/native/index.ts";
import { normal, seededRandom } from "../../../src/core/random.ts";
import { poster } from "../../../src/drivers/simulator/procedural/poster.ts";
import { decode, encode, readGray } from "../../../src/io/picture.ts";
import { realData } from "../../support/data.ts";
import { noiseF32 } from "../../support/pictures.ts";
import { referenceDiskBlur } from "../../support/reference/blur.ts";
import { searchPair } from "../../support/reference/pair-search.ts";
import { rejection } from "../../support/async.ts";

const GAMMA = 2.2;

interface Look {
  readonly size: readonly [number, number];
  readonly blur: (sharp: ImageF32) => ImageF32 | Promise<ImageF32>;
  readonly scale: number;
  readonly shift?: readonly [number, number];
  /** Standard deviation in linear light. */
  readonly noise?: number;
  readonly jpeg?: boolean;
}

/** Two frames of a flat scene in linear light, the second blurred and magnified. */
async function pairOf(look: Look): Promise<[ImageF32, ImageF32]> {
  const { size, blur, scale, shift = [0, 0], noise = 0, jpeg = false } = look;
  const [width, height] = size;
  const sharp = poster({ width, height, channels: 1 }, seededRandom(4));
  const start = (side: number, by: number): number => (side / 2) * (1 - 1 / scale) + (0.5 - by) / scale - 0.5;
  const seen = await resample(await blur(sharp), {
    width,
    height,
    matrix: [1 / scale, 0, start(width, shift[0]), 0, 1 / scale, start(height, shift[1])],
    filter: "bicubic",
    border: "mirror",
  });
  const random = seededRandom(9);
  return (await Promise.all(
    [sharp, seen].map(async (light) => {
      const noisy = light.data.map((value) => Math.min(1, Math.max(0, value + noise * normal(random))));
      if (!jpeg) return image(width, height, 1, noisy);
      const bytes = Uint8Array.from(noisy, (value) => Math.round(255 * value ** (1 / GAMMA)));
      return linearise(await decode(await encode(image(width, height, 1, bytes), "jpeg"), "frame"), GAMMA);
    }),
  )) as [ImageF32, ImageF32];
}

const disk =
  (radius: number) =>
  (sharp: ImageF32): Promise<ImageF32> =>
    diskBlur(sharp, radius);

describe("calibration of a pair", () => {
  it("finds radius and magnification of the disk", async () => {
    for (const [radius, scale] of [
      [2.2, 1.004],
      [3.3, 0.985],
      [9.2, 1.03],
    ] as const) {
      const [a, b] = await pairOf({ size: [260, 200], blur: disk(radius), scale, shift: [1.7, -2.4] });
      const found = await calibratePair(a, b);
      expect(found.width, "width").to.be.closeTo(radius, 0.03 * radius);
      expect(found.radius, "radius").to.be.closeTo(radius * scale, 0.03 * radius);
      expect(found.scale, "scale").to.be.closeTo(scale, 0.001);
      expect(found.shift.x, "x").to.be.closeTo(1.7, 0.1);
      expect(found.shift.y, "y").to.be.closeTo(-2.4, 0.1);
      expect(found.confidence).to.be.greaterThan(0.8);
      const [from, to] = found.widthRange;
      expect(from)
        .to.be.lessThan(radius)
        .and.greaterThan(0.7 * radius);
      expect(to)
        .to.be.greaterThan(radius)
        .and.lessThan(1.3 * radius);
    }
  });

  it("finds the standard deviation of a Gaussian, whose disk is twice as wide", async () => {
    const blur = (sharp: ImageF32): Promise<ImageF32> => gaussianBlur(sharp, 4);
    const [a, b] = await pairOf({ size: [260, 200], blur, scale: 0.98 });
    const found = await calibratePair(a, b, { filter: "gaussian" });
    expect(found.width).to.be.closeTo(4, 0.1);
    expect(found.radius).to.be.closeTo(2 * 0.98 * 4, 0.2);
    expect(found.scale).to.be.closeTo(0.98, 0.0005);
    expect((await calibratePair(a, b)).score).to.be.lessThan(found.score);
  });

  it("agrees with trying everything", async () => {
    const [a, b] = await pairOf({
      size: [128, 100],
      blur: (sharp) => referenceDiskBlur(sharp, 3.1),
      scale: 1.03,
      noise: 0.01,
    });
    const patch = { x: 24, y: 14, width: 80, height: 72 };
    const around = { x: 14, y: 4, width: 104, height: 92 };
    const brute = searchPair(a, crop(b, around), patch, {
      radii: [2.5, 2.8, 3.1, 3.4, 3.7],
      scales: [1.01, 1.02, 1.03, 1.04, 1.05],
    });
    const found = await calibratePair(a, b, { patch });
    expect(brute.radius).to.equal(3.1);
    expect(brute.scale).to.equal(1.03);
    expect(found.width).to.be.closeTo(brute.radius, 0.1);
    expect(found.scale).to.be.closeTo(brute.scale, 0.002);
    expect(found.score).to.be.greaterThan(brute.score - 0.002);
  });

  it("bears noise, JPEG and another gamma", async () => {
    const look = { size: [360, 260], blur: disk(6), scale: 1.02, noise: 0.02, jpeg: true } as const;
    const [a, b] = await pairOf(look);
    const found = await calibratePair(a, b);
    expect(found.width).to.be.closeTo(6, 0.2);
    expect(found.scale).to.be.closeTo(1.02, 0.001);
    const power = ({ width, height, data }: ImageF32): ImageF32 =>
      image(
        width,
        height,
        1,
        data.map((value) => value ** (1.8 / GAMMA)),
      );
    const wrong = await calibratePair(power(a), power(b));
    expect(wrong.width).to.be.closeTo(6, 0.4);
    expect(wrong.confidence).to.be.lessThan(1);
  });

  it("reports the scores of the coarse search and the second peak", async () => {
    const [a, b] = await pairOf({ size: [260, 200], blur: disk(6), scale: 1.02 });
    const { surface, secondBest, score } = await calibratePair(a, b);
    const { widths, scales, scores } = surface;
    expect(scores).to.have.length(widths.length);
    for (const row of scores) expect(row).to.have.length(scales.length);
    let best = { width: NaN, scale: NaN, score: -1 };
    scores.forEach((row, i) =>
      row.forEach((each, j) => {
        if (each > best.score) best = { width: widths[i]!, scale: scales[j]!, score: each };
      }),
    );
    expect(best.scale).to.be.closeTo(1.02, 0.02);
    expect(best.width).to.be.within(3, 10);
    if (secondBest !== undefined) expect(secondBest.score).to.be.lessThan(score);
  });

  it("finds no magnification beyond what is looked for", async () => {
    const [a, b] = await pairOf({ size: [300, 220], blur: (sharp) => diskBlur(sharp, 4), scale: 1.1 });
    expect((await calibratePair(a, b)).scale).to.be.closeTo(1.1, 0.002);
    const within = await calibratePair(a, b, { maxScale: 0.04 });
    expect(within.scale).to.be.within(0.95, 1.06);
  });

  it("is sure of nothing where there is nothing to be sure of", async () => {
    const flat = zerosF32(200, 160);
    expect(await rejection(calibratePair(flat, flat))).to.include({ code: "no_texture" });
    const random = seededRandom(1);
    const [a, b] = [noiseF32(random, 200, 160), noiseF32(random, 200, 160)];
    expect(await rejection(calibratePair(a, b))).to.include({ code: "calibration_failed" });
    const ramp = flat.data.map((_, index) => (index % 200) / 200);
    const found = await calibratePair(image(200, 160, 1, ramp), image(200, 160, 1, ramp));
    expect(found.confidence).to.be.lessThan(0.1);
  });

  it("refuses what it cannot use", async () => {
    const random = seededRandom(2);
    const frame = noiseF32(random, 200, 160);
    const refused = async (b: ImageF32, options: PairOptions = {}): Promise<string> =>
      (await rejection(calibratePair(frame, b, options))).message;
    expect(await refused(noiseF32(random, 200, 161))).to.match(/200x160 px but received 200x161/);
    expect(await refused(noiseF32(random, 200, 160, 3))).to.match(/1 channel/);
    expect(await refused(frame, { patch: { x: 0, y: 0, width: 201, height: 160 } })).to.match(/within/);
    expect(await refused(frame, { patch: { x: 0.5, y: 0, width: 100, height: 100 } })).to.match(/whole/);
    expect(await refused(frame, { patch: { x: 0, y: 0, width: 100, height: 63 } })).to.match(/64/);
    expect(await refused(frame, { maxWidth: 100 })).to.match(/largest width/);
    expect(await refused(frame, { maxScale: 1 })).to.match(/largest magnification/);
    expect(await refused(frame, { maxShift: NaN })).to.match(/largest shift/);
    expect(await refused(frame, { filter: "square" as "disk" })).to.match(/disk or gaussian/);
    const holes = image(
      200,
      160,
      1,
      frame.data.map((value, index) => (index % 7 === 0 ? NaN : value)),
    );
    expect(await refused(holes)).to.match(/finite/);
  });

  it("measures a real pair that is nearly smooth, where a wide blur correlates too", async function () {
    const frames = ["pcb_003.JPG", "pcb_006.JPG"].map(async (name) =>
      linearise(await readGray(realData(this, "stacks", "pcb_depthmap", name)), GAMMA),
    );
    const [a, b] = (await Promise.all(frames)) as [ImageF32, ImageF32];
    const found = await calibratePair(a, b, { patch: { x: 400, y: 600, width: 400, height: 400 } });
    // Trying every radius in steps of 1 px and every magnification in steps of 0.001 with another program: 25.4 px
    // and 1.015, with little between 0.999 and 1.019; the confidence says so.
    expect(found.radius).to.be.closeTo(25.4, 0.5);
    expect(found.scale).to.be.closeTo(1.015, 0.005);
    expect(found.confidence).to.be.below(0.15);
  });

  it("measures a real pair as trying everything does", async function () {
    const folder = realData(this, "stacks", "keyboard");
    const frames = await Promise.all(
      ["12.jpg", "0.jpg"].map(async (name) => linearise(await readGray(`${folder}/${name}`), GAMMA)),
    );
    const found = await calibratePair(frames[0]!, frames[1]!, {
      patch: { x: 200, y: 200, width: 300, height: 200 },
    });
    // By another program: all radii in steps of 0.1 px, scales of 0.001 and positions of 1/4 px gave 5.2 and 0.961.
    expect(found.width).to.be.closeTo(5.2, 0.03 * 5.2);
    expect(found.scale).to.be.closeTo(0.961, 0.002);
  });
});
