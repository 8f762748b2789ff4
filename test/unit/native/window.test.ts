import { expect } from "chai";
import { image } from "../../../src/core/image.ts";
import { boxFilter, guidedFilter } from "../../../src/core/native/index.ts";
import { seededRandom } from "../../../src/core/random.ts";
import { rejection } from "../../support/async.ts";
import { AWKWARD_SIZES, farthest, noiseF32 } from "../../support/pictures.ts";
import { referenceBoxFilter, referenceGuidedFilter } from "../../support/reference/window.ts";

describe("box filter", () => {
  const random = seededRandom(7);

  for (const border of ["replicate", "shrink"] as const) {
    it(`agrees with its reference, borders ${border}`, async () => {
      for (const [width, height] of AWKWARD_SIZES) {
        for (const channels of [1, 3] as const) {
          const source = noiseF32(random, width, height, channels);
          for (const radius of [0, 1, 2, 5, 14]) {
            const expected = referenceBoxFilter(source, radius, border);
            expect(
              farthest(await boxFilter(source, radius, border), expected),
              `${width}x${height}x${channels}, radius ${radius}`,
            ).below(1e-6);
          }
        }
      }
    });
  }

  it("stays accurate beside values a million times as large", async () => {
    const source = image(200, 100, 1, new Float32Array(20000).fill(0.25));
    source.data.fill(1e6, 0, 400);
    const { data } = await boxFilter(source, 3, "shrink");
    expect(data[199 * 50]).closeTo(0.25, 1e-6);
  });

  it("refuses what is out of range", async () => {
    const source = noiseF32(random, 4, 4);
    for (const radius of [-1, 1.5, NaN, 5000]) {
      expect((await rejection(boxFilter(source, radius, "shrink"))).code).equal("invalid_input");
    }
    expect((await rejection(boxFilter(source, 1, "wrap" as "shrink"))).message).equal(
      'Expected "replicate" or "shrink" for border but received "wrap".',
    );
  });
});

describe("guided filter", () => {
  const random = seededRandom(8);

  it("agrees with its definition", async () => {
    for (const [width, height] of AWKWARD_SIZES) {
      const guide = noiseF32(random, width, height);
      const input = noiseF32(random, width, height);
      for (const [radius, eps] of [
        [0, 0.01],
        [1, 0],
        [2, 1e-4],
        [6, 0.3],
      ] as const) {
        const expected = referenceGuidedFilter(guide, input, radius, eps);
        expect(
          farthest(await guidedFilter(guide, input, radius, eps), expected),
          `${width}x${height}, radius ${radius}`,
        ).below(1e-5);
      }
    }
  });

  it("stays accurate for a guide with an offset a thousand times its contrast", async () => {
    const input = noiseF32(random, 40, 30);
    const guide = { ...input, data: input.data.map((value) => 100 + Math.fround(value / 10)) };
    const expected = referenceGuidedFilter(guide, input, 4, 1e-4);
    expect(farthest(await guidedFilter(guide, input, 4, 1e-4), expected)).below(1e-3);
  });

  it("refuses pictures that do not fit", async () => {
    const gray = noiseF32(random, 4, 4);
    for (const [guide, input] of [
      [noiseF32(random, 4, 4, 3), gray],
      [gray, noiseF32(random, 4, 4, 3)],
      [gray, noiseF32(random, 4, 5)],
    ] as const) {
      expect((await rejection(guidedFilter(guide, input, 1, 0.1))).code).equal("invalid_image");
    }
    expect((await rejection(guidedFilter(gray, gray, 1, -0.1))).code).equal("invalid_input");
  });
});
