import { expect } from "chai";
import { FOCUS_MEASURES, type FocusMeasureName } from "../../../src/algorithms/focus-measure/names.ts";
import { crop, image, type ImageF32 } from "../../../src/core/image.ts";
import { diskBlur, expose, focusMeasure } from "../../../src/core/native/index.ts";
import { seededRandom, uniformInt } from "../../../src/core/random.ts";
import { rejection } from "../../support/async.ts";
import { AWKWARD_SIZES, noiseF32, noiseU8 } from "../../support/pictures.ts";
import { REFERENCE_MEASURES } from "../../support/reference/focus-measures.ts";

/** Measures that judge structure, not just how values are spread: these must fall with every step of blur. */
const OF_STRUCTURE: readonly FocusMeasureName[] = [
  "squared-gradient",
  "laplacian-energy",
  "tenengrad",
  "brenner",
  "variance",
  "normalised-variance",
  "autocorrelation",
  "dct-energy-ratio",
  "edge-width",
];

/** Boxes of any brightness over one another: a picture with edges of all directions and sizes. */
function boxes(size: number): ImageF32 {
  const random = seededRandom(11);
  const scene = image(size, size, 1, new Float32Array(size * size).fill(0.5));
  for (let box = 0; box < 150; box++) {
    const [x, y] = [uniformInt(random, 0, size - 1), uniformInt(random, 0, size - 1)];
    const [w, h] = [uniformInt(random, 6, 60), uniformInt(random, 6, 60)];
    const value = random.next();
    for (let j = y; j < Math.min(size, y + h); j++)
      scene.data.fill(value, j * size + x, j * size + Math.min(size, x + w));
  }
  return scene;
}

describe("focus measures", () => {
  for (const name of FOCUS_MEASURES) {
    it(`${name} agrees with its formula, on floats and bytes, whole and in part`, async () => {
      const random = seededRandom(9);
      for (const [width, height] of AWKWARD_SIZES) {
        const floats = noiseF32(random, width, height);
        const expected = REFERENCE_MEASURES[name](floats);
        expect(await focusMeasure(name, floats), `${width}x${height}`).closeTo(
          expected,
          2e-5 * (1 + expected),
        );

        const bytes = noiseU8(random, width, height);
        const scaled = image(
          width,
          height,
          1,
          Float32Array.from(bytes.data, (value) => value / 255),
        );
        const x = uniformInt(random, 0, width - 1);
        const y = uniformInt(random, 0, height - 1);
        const roi = {
          x,
          y,
          width: uniformInt(random, 1, width - x),
          height: uniformInt(random, 1, height - y),
        };
        const part = REFERENCE_MEASURES[name](crop(scaled, roi));
        expect(await focusMeasure(name, bytes, roi), `part of ${width}x${height}`).closeTo(
          part,
          2e-5 * (1 + part),
        );
      }
    });
  }

  it("of structure fall with every step of defocus", async () => {
    const scene = boxes(256);
    for (const name of OF_STRUCTURE) {
      let last = Infinity;
      for (const radius of [0, 1, 2, 4, 8, 16]) {
        const value = await focusMeasure(name, await diskBlur(scene, radius));
        expect(value, `${name} at radius ${radius}`).below(last);
        last = value;
      }
    }
  });

  it("read a picture of the wrong polarity and orientation alike", async () => {
    const scene = boxes(128);
    const turned = { ...scene, data: scene.data.map((_, at) => scene.data[(at % 128) * 128 + (at >> 7)]!) };
    for (const name of FOCUS_MEASURES) {
      const value = await focusMeasure(name, scene);
      expect(await focusMeasure(name, turned), name).closeTo(value, 1e-4 * value);
    }
    const negative = { ...scene, data: scene.data.map((value) => 1 - value) };
    for (const name of ["tenengrad", "brenner", "laplacian-energy", "variance", "edge-width"] as const) {
      const value = await focusMeasure(name, scene);
      expect(await focusMeasure(name, negative), name).closeTo(value, 1e-3 * value);
    }
  });

  it("measure a perfect edge of known width", async () => {
    for (const width of [1, 3, 8]) {
      const ramp = image(
        40,
        20,
        1,
        Float32Array.from({ length: 800 }, (_, at) => Math.min(1, Math.max(0, ((at % 40) - 15) / width))),
      );
      // The steepest of equal slopes is the last one.
      expect(await focusMeasure("edge-width", ramp)).closeTo(1 / width, 1e-9);
    }
  });

  it("give 0 for a flat picture and survive values that are no light", async () => {
    const flat = image(30, 20, 1, new Float32Array(600).fill(0.4));
    const broken = noiseF32(seededRandom(2), 30, 20);
    broken.data.set([NaN, Infinity, -Infinity, 1e30, -5]);
    for (const name of FOCUS_MEASURES) {
      expect(await focusMeasure(name, flat), name).closeTo(0, 1e-6);
      await focusMeasure(name, broken);
    }
    expect(await focusMeasure("histogram-range", broken)).equal(1);
  });

  it("do not depend on the depth of the picture", async () => {
    const scene = boxes(64);
    const bytes = await expose(scene, { gain: 1, gamma: 1, shotNoise: 0, readNoise: 0, seed: 0 });
    const floats = image(
      64,
      64,
      1,
      Float32Array.from(bytes.data, (value) => value / 255),
    );
    for (const name of FOCUS_MEASURES) {
      const value = await focusMeasure(name, bytes);
      expect(await focusMeasure(name, floats), name).closeTo(value, 1e-5 * (1 + value));
    }
  });

  it("refuse unknown names, colour and windows outside", async () => {
    const gray = noiseU8(seededRandom(3), 6, 6);
    expect((await rejection(focusMeasure("sharpest", gray))).message).equal(
      'Expected the name of a focus measure for name but received "sharpest".',
    );
    const colour = noiseU8(seededRandom(3), 6, 6, 3);
    expect((await rejection(focusMeasure("variance", colour))).code).equal("invalid_image");
    const outside = { x: 3, y: 3, width: 4, height: 1 };
    expect((await rejection(focusMeasure("variance", gray, outside))).code).equal("invalid_input");
  });
});
