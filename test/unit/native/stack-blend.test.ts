import { expect } from "chai";
import { image, type Image, type ImageF32 } from "../../../src/core/image.ts";
import { focusEnergy, StackBlend } from "../../../src/core/native/index.ts";
import { seededRandom } from "../../../src/core/random.ts";
import { rejection } from "../../support/async.ts";
import { AWKWARD_SIZES, farthest, noiseF32, noiseU8 } from "../../support/pictures.ts";
import {
  referenceFocusEnergy,
  referenceMedian,
  referenceStackBlend,
} from "../../support/reference/stack-blend.ts";

/** Weight of coarse scales. */
const COARSE = 0.1;

async function blendOf(frames: readonly Image[], energies: readonly ImageF32[]): Promise<StackBlend> {
  const [{ width, height, channels }] = frames as [Image, ...Image[]];
  const blend = await StackBlend.create(width, height, channels);
  for (const [i, frame] of frames.entries()) await blend.add(frame, energies[i]!);
  return blend;
}

describe("focus energy", () => {
  it("agrees with its definition", async () => {
    const random = seededRandom(3);
    // The last is large enough for several scales.
    for (const [width, height] of [...AWKWARD_SIZES, [203, 165]] as const)
      for (const channels of [1, 3] as const) {
        const frame = noiseF32(random, width, height, channels);
        for (const coarse of [0.01, 0.5]) {
          const expected = referenceFocusEnergy(frame, coarse);
          expect(
            farthest(await focusEnergy(frame, coarse), expected),
            `${width}x${height}x${channels}`,
          ).below(1e-6);
        }
      }
  });

  it("is the same for stored values, and never 0", async () => {
    const bytes = noiseU8(seededRandom(4), 31, 20, 3);
    const energy = await focusEnergy(bytes, COARSE);
    const words = { ...bytes, data: Uint16Array.from(bytes.data, (value) => 257 * value) };
    const floats = { ...bytes, data: Float32Array.from(bytes.data, (value) => value / 255) };
    expect(farthest(energy, await focusEnergy(words, COARSE))).below(1e-6);
    expect(farthest(energy, await focusEnergy(floats, COARSE))).below(1e-6);
    const flat = await focusEnergy(image(9, 9, 1, new Uint8Array(81).fill(200)), COARSE);
    for (const value of flat.data) expect(value).within(1e-7, 1e-5);
  });
});

describe("stack blend", () => {
  it("agrees with its definition", async () => {
    const random = seededRandom(5);
    for (const [width, height] of AWKWARD_SIZES)
      for (const channels of [1, 3] as const) {
        const frames = Array.from({ length: 4 }, () => noiseF32(random, width, height, channels));
        // Energies of like size in some cells, of very different ones in others.
        const energies = await Promise.all(frames.map((frame) => focusEnergy(frame, COARSE)));
        for (const { data } of energies)
          data.forEach((value, i) => (data[i] = value * (i % 3 === 0 ? 10 ** (4 * random.next() - 2) : 1)));
        const blend = await blendOf(frames, energies);
        const expected = referenceStackBlend(frames, energies);
        expect(farthest(await blend.picture(32), expected), `${width}x${height}x${channels}`).below(1e-4);
      }
  });

  it("gives a frame back, however often it is added and whatever its values", async () => {
    const random = seededRandom(6);
    for (const [width, height] of AWKWARD_SIZES) {
      const bytes = noiseU8(random, width, height, 3);
      const words = { ...bytes, data: Uint16Array.from(bytes.data, (value) => 257 * value) };
      const energy = await focusEnergy(bytes, COARSE);
      const blend = await blendOf([bytes, words, bytes], [energy, energy, energy]);
      expect(await blend.picture(8)).to.deep.equal(bytes);
      expect(await blend.picture(16)).to.deep.equal(words);
    }
  });

  it("finds the sharpest frame, where the sharpness peaks and how clearly", async () => {
    const frame = image(40, 40, 1, new Uint8Array(1600));
    const levels = [0.1, 0.4, 0.9, 0.6, 0.1];
    const energies = levels.map((level) => image(20, 20, 1, new Float32Array(400).fill(level)));
    const { index, place, confidence } = await (
      await blendOf(
        levels.map(() => frame),
        energies,
      )
    ).peaks();
    expect(new Set(index.data)).to.deep.equal(new Set([2]));
    const [a, b] = [Math.log(0.4 / 0.9), Math.log(0.6 / 0.9)];
    expect(place.data[0]).closeTo(2 + (0.5 * (a - b)) / (a + b), 1e-5);
    expect(confidence.data[0]).closeTo(1 - 2.1 / 5 / 0.9, 1e-5);
  });

  it("replaces outliers by the median around them", async () => {
    const random = seededRandom(7);
    for (const [width, height] of AWKWARD_SIZES) {
      const size = { width: 2 * width, height: 2 * height };
      const frame = image(size.width, size.height, 1, new Uint8Array(4 * width * height));
      const sharpest = Uint16Array.from({ length: width * height }, () => Math.floor(6 * random.next()));
      const energies = Array.from({ length: 6 }, (_, k) =>
        image(
          width,
          height,
          1,
          Float32Array.from(sharpest, (each) => (each === k ? 1 : 0.1)),
        ),
      );
      const { index } = await (
        await blendOf(
          energies.map(() => frame),
          energies,
        )
      ).peaks();
      expect(index.data).to.deep.equal(referenceMedian(image(width, height, 1, sharpest), 4));
    }
  });

  it("does not use a frame outside of its valid part", async () => {
    const [black, white] = [0, 255].map((value) => image(64, 32, 1, new Uint8Array(64 * 32).fill(value)));
    const blend = await StackBlend.create(64, 32, 1);
    const energy = await focusEnergy(black!, COARSE);
    await blend.add(black!, energy);
    const strong = { ...energy, data: energy.data.map((value) => 100 * value) };
    await blend.add(white!, strong, { x: 32, y: 0, width: 32, height: 32 });
    const { data } = await blend.picture(8);
    for (const [i, value] of data.entries())
      if (i % 64 < 28) expect(value).to.equal(0);
      else if (i % 64 >= 36) expect(value).to.equal(255);
  });

  it("refuses what does not fit", async () => {
    const blend = await StackBlend.create(8, 6, 3);
    const frame = image(8, 6, 3, new Uint8Array(144));
    const energy = await focusEnergy(frame, COARSE);
    const gray = image(8, 6, 1, new Uint8Array(48));
    expect((await rejection(blend.add(gray, energy))).message).to.include("size of the stack for frame");
    expect((await rejection(blend.add(frame, gray as unknown as ImageF32))).code).to.equal("invalid_image");
    expect((await rejection(blend.add(frame, image(8, 6, 1, new Float32Array(48))))).code).to.equal(
      "invalid_image",
    );
    expect((await rejection(blend.add(frame, energy, { x: 0, y: 0, width: 9, height: 6 }))).code).to.equal(
      "invalid_input",
    );
    expect((await rejection(StackBlend.create(0, 1, 1))).code).to.equal("invalid_input");
  });
});
