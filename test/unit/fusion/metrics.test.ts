import { expect } from "chai";
import { edgePreservation } from "../../../src/algorithms/fusion/metrics/edge-preservation.ts";
import { mutualInformation } from "../../../src/algorithms/fusion/metrics/mutual-information.ts";
import { psnr } from "../../../src/algorithms/fusion/metrics/psnr.ts";
import { ssim } from "../../../src/algorithms/fusion/metrics/ssim.ts";
import { image, type ImageF32, type ImageU8 } from "../../../src/core/image.ts";
import { gaussianBlur } from "../../../src/core/native/index.ts";
import { seededRandom } from "../../../src/core/random.ts";

const SIDE = 32;

function noise(seed: number): ImageF32 {
  const random = seededRandom(seed);
  return image(SIDE, SIDE, 1, Float32Array.from({ length: SIDE * SIDE }, random.next));
}
const stored = (source: ImageF32): ImageU8 =>
  image(
    SIDE,
    SIDE,
    1,
    Uint8Array.from(source.data, (value) => 255 * value),
  );

describe("fusion metrics", () => {
  it("PSNR is 10 log10(peak^2 / mean squared difference)", () => {
    const black = image(2, 2, 1, Uint8Array.of(0, 0, 0, 0));
    expect(psnr(black, image(2, 2, 1, Uint8Array.of(10, 0, 0, 0)), 255)).to.be.closeTo(
      10 * Math.log10(255 ** 2 / 25),
      1e-9,
    );
    expect(psnr(black, black, 255)).to.equal(Infinity);
  });

  it("SSIM is 1 for the same picture, and what its formula says for flat ones", () => {
    expect(ssim(noise(1), noise(1))).to.be.closeTo(1, 1e-6);
    const flat = (value: number): ImageF32 => image(12, 12, 1, new Float32Array(144).fill(value));
    const expected = (2 * 0.5 * 0.7 + 1e-4) / (0.25 + 0.49 + 1e-4);
    expect(ssim(flat(0.5), flat(0.7))).to.be.closeTo(expected, 1e-5);
  });

  it("SSIM falls with blur", async () => {
    const sharp = noise(2);
    const [little, much] = [await gaussianBlur(sharp, 0.5), await gaussianBlur(sharp, 2)];
    expect(ssim(sharp, little)).to.be.greaterThan(ssim(sharp, much) + 0.2);
  });

  it("Qabf of a picture fused with itself is the top of both sigmoids", () => {
    const top = (0.9994 / (1 + Math.exp(-7.5))) * (0.9879 / (1 + Math.exp(-22 * 0.2)));
    expect(edgePreservation(noise(3), noise(3), noise(3))).to.be.closeTo(top, 1e-6);
  });

  it("Qabf falls when the fused picture loses edges", async () => {
    const sharp = noise(4);
    const soft = await gaussianBlur(sharp, 1.5);
    expect(edgePreservation(sharp, soft, sharp)).to.be.greaterThan(edgePreservation(sharp, soft, soft) + 0.1);
  });

  it("QMI is 2 for the same picture, and next to nothing for unrelated ones", () => {
    const two = (seed: number): ImageU8 => {
      const random = seededRandom(seed);
      return image(
        SIDE,
        SIDE,
        1,
        Uint8Array.from({ length: SIDE * SIDE }, () => Math.round(random.next())),
      );
    };
    const picture = stored(noise(5));
    expect(mutualInformation(picture, picture, picture)).to.be.closeTo(2, 1e-9);
    expect(mutualInformation(two(6), two(7), two(8))).to.be.within(0, 0.02);
  });
});
