import { expect } from "chai";
import fc from "fast-check";
import { focusMap } from "../../../src/algorithms/fusion/gfdf/decision.ts";
import { fuseGfdf, GFDF_DEFAULTS } from "../../../src/algorithms/fusion/gfdf/fuse-gfdf.ts";
import { GfdfFold } from "../../../src/algorithms/fusion/gfdf/gfdf-fold.ts";
import { roughFocusMap } from "../../../src/algorithms/fusion/gfdf/rough-focus-map.ts";
import { image, zerosF32, type ImageF32 } from "../../../src/core/image.ts";
import { rejection } from "../../support/async.ts";

const WIDTH = 18;
const HEIGHT = 14;

/** A frame with a pattern on one half and a soft ramp on the other. */
function half(isPatterned: (column: number) => boolean): ImageF32 {
  const frame = zerosF32(WIDTH, HEIGHT);
  for (let i = 0; i < HEIGHT; i++)
    for (let j = 0; j < WIDTH; j++)
      frame.data[i * WIDTH + j] = isPatterned(j)
        ? ((i * 7 + j * 13 + ((i * j) % 5) * 3) % 17) / 16
        : 0.4 + 0.01 * i + 0.005 * j;
  return frame;
}

const A = half((column) => column < WIDTH / 2);
const B = half((column) => column >= WIDTH / 2);

/**
 * [row, column, rough focus map of A, the same filtered, mask, weight, fused picture]: the authors' published code
 * (github.com/bitname/Multi-focus-image-fusion-GFDF) run in GNU Octave 7.3 on these two frames.
 */
const GOLDEN = [
  [0, 0, 0.349489796, 0.241223495, 1, 0.956029693, 0.017588123],
  [0, 8, 0.326632653, 0.157547145, 1, 0.561400608, 0.263158809],
  [4, 7, 0.101785714, 0.177680918, 1, 0.625140081, 0.529699757],
  [6, 9, 0.025918367, 0.133330496, 0, 0.465935059, 0.268676263],
  [9, 10, 0.05377551, 0.111941605, 0, 0.374508975, 0.436793981],
  [13, 17, 0.012857143, 0.025424146, 0, 0.04502651, 0.564863892],
] as const;

describe("fusion: GFDF", () => {
  it("gives the numbers of the authors' code, step by step", async () => {
    const rough = await roughFocusMap(A);
    const filtered = await focusMap(A, GFDF_DEFAULTS);
    const { fused, mask, weight } = await fuseGfdf(A, B);
    for (const [row, column, ...numbers] of GOLDEN) {
      const at = row * WIDTH + column;
      const ours = [rough, filtered, mask, weight, fused].map(({ data }) => data[at]!);
      for (const [step, number] of numbers.entries()) expect(ours[step]).to.be.closeTo(number, 1e-6);
    }
    expect(mask.data.reduce((sum, value) => sum + value, 0)).to.equal(126);
  });

  it("gives a frame back when it is fused with itself", async () => {
    const { fused } = await fuseGfdf(A, A);
    for (const [i, value] of fused.data.entries()) expect(value).to.be.closeTo(A.data[i]!, 1e-6);
  });

  it("does not depend on the order of the frames where one of them is sharper", async () => {
    const [forth, back] = await Promise.all([fuseGfdf(A, B), fuseGfdf(B, A)]);
    for (const [i, value] of forth.fused.data.entries())
      expect(value).to.be.closeTo(back.fused.data[i]!, 1e-5);
  });

  it("stays between the two frames everywhere, whatever they are", async () => {
    const side = fc.integer({ min: 1, max: 9 });
    await fc.assert(
      fc.asyncProperty(
        side,
        side,
        fc.constantFrom(1 as const, 3 as const),
        fc.nat(),
        async (w, h, channels, salt) => {
          const make = (seed: number): ImageF32 =>
            image(
              w,
              h,
              channels,
              Float32Array.from({ length: w * h * channels }, (_, i) => ((i * seed + salt) % 23) / 22),
            );
          const [a, b] = [make(7), make(11)];
          const { fused } = await fuseGfdf(a, b, { areaRatio: 0 });
          for (const [i, value] of fused.data.entries()) {
            const [low, high] = [Math.min(a.data[i]!, b.data[i]!), Math.max(a.data[i]!, b.data[i]!)];
            expect(value).to.be.within(low - 0.05, high + 0.05);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it("refuses frames of different sizes", async () => {
    expect(await rejection(fuseGfdf(A, zerosF32(4, 4)))).to.include({ code: "fusion_failed" });
  });
});

describe("fusion: GFDF folded over several frames", () => {
  it("is GFDF for two frames, with the position of each pixel", async () => {
    const fold = new GfdfFold();
    await fold.add(A, 100);
    await fold.add(B, 200);
    const { fused, index, position } = await fold.finish();
    const { fused: pair, mask } = await fuseGfdf(A, B);
    expect(fused).to.deep.equal(pair);
    for (const [i, isA] of mask.data.entries()) {
      expect(index.data[i]).to.equal(isA === 1 ? 0 : 1);
      expect(position.data[i]).to.equal(isA === 1 ? 100 : 200);
    }
  });

  it("refuses to finish without a frame, and positions that are no numbers", async () => {
    const fold = new GfdfFold();
    expect(await rejection(fold.finish())).to.include({ code: "fusion_failed" });
    expect(await rejection(fold.add(A, NaN))).to.include({ code: "fusion_failed" });
  });
});
