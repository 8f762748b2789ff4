import { expect } from "chai";
import { image } from "../../../src/core/image.ts";
import { seededRandom, uniformInt } from "../../../src/core/random.ts";
import { reduceSquare } from "../../../src/inference/reduce-square.ts";

const random = seededRandom(6);
const noise = (width: number, height: number): ReturnType<typeof image<Uint8Array>> =>
  image(
    width,
    height,
    1,
    Uint8Array.from({ length: width * height }, () => uniformInt(random, 0, 255)),
  );

describe("reduceSquare", () => {
  it("takes the means of whole blocks where they fit, from where the square lies", () => {
    const gray = noise(40, 30);
    const { data } = reduceSquare(gray, { x: 7, y: 3, width: 24, height: 24 }, 8);
    for (let y = 0; y < 8; y++)
      for (let x = 0; x < 8; x++) {
        let sum = 0;
        for (let k = 0; k < 9; k++)
          sum += gray.data[(3 + 3 * y + Math.floor(k / 3)) * 40 + 7 + 3 * x + (k % 3)]!;
        expect(data[y * 8 + x]).to.be.closeTo(sum / 9, 0.51);
      }
  });

  it("counts pixels on the border of two by their parts: the mean of the whole stays", () => {
    for (const [from, to] of [
      [13, 8],
      [640, 512],
      [31, 30],
    ] as const) {
      const gray = noise(from, from);
      const { data } = reduceSquare(gray, { x: 0, y: 0, width: from, height: from }, to);
      const mean = (values: Uint8Array): number =>
        values.reduce((sum, each) => sum + each, 0) / values.length;
      expect(mean(data)).to.be.closeTo(mean(gray.data), 0.3);
    }
  });

  it("leaves a square of the size asked for as it is", () => {
    const gray = noise(16, 16);
    expect(reduceSquare(gray, { x: 0, y: 0, width: 16, height: 16 }, 16).data).to.deep.equal(gray.data);
  });
});
