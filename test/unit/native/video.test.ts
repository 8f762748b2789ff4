import { expect } from "chai";
import { image, type ImageF32 } from "../../../src/core/image.ts";
import { blend, resample, smallPicture, toGray, warp } from "../../../src/core/native/index.ts";
import { seededRandom } from "../../../src/core/random.ts";
import { rejection } from "../../support/async.ts";
import { farthest, noiseF32, noiseU8 } from "../../support/pictures.ts";

const random = seededRandom(31);

/** One value everywhere. */
function flat(value: number, width = 1, height = 1): ImageF32 {
  return image(width, height, 1, new Float32Array(width * height).fill(value));
}

describe("warp", () => {
  it("moves bytes by cubic convolution and floats bilinearly", async () => {
    const bytes = noiseU8(random, 40, 30, 3);
    const flow = { dx: flat(2.25), dy: flat(-1.5) };
    const moved = await warp(bytes, flow);
    const matrix = [1, 0, 2.25, 0, 1, -1.5] as const;
    const floats = { ...bytes, data: Float32Array.from(bytes.data) };
    const options = { width: 40, height: 30, matrix, border: "replicate" } as const;
    const cubic = await resample(floats, { ...options, filter: "bicubic" });
    const expected = { ...cubic, data: cubic.data.map((value) => Math.min(255, Math.max(0, value))) };
    // Both offsets are multiples of 1/64 px, so that only rounding differs.
    expect(farthest(moved, expected)).below(0.65);
    const map = noiseF32(random, 40, 30);
    expect(farthest(await warp(map, flow), await resample(map, { ...options, filter: "bilinear" }))).below(
      1e-4,
    );
  });

  it("takes a flow in other units", async () => {
    const bytes = noiseU8(random, 20, 15, 3);
    const flow = { dx: flat(0.5), dy: flat(-1) };
    const twice = { dx: flat(1.5), dy: flat(-3) };
    expect(await warp(bytes, flow, { scale: 3 })).deep.equal(await warp(bytes, twice));
  });

  it("writes over the picture it is given for that, if it can", async () => {
    const [bytes, into] = [noiseU8(random, 20, 15, 3), noiseU8(random, 20, 15, 3)];
    const flow = { dx: flat(0.5), dy: flat(-1) };
    const anew = await warp(bytes, flow);
    expect(await warp(bytes, flow, { into })).equal(into);
    expect(into).deep.equal(anew);
    const small = noiseU8(random, 15, 20, 3);
    expect(await rejection(warp(bytes, flow, { into: small }))).property("code", "invalid_image");
    expect(await rejection(warp(bytes, flow, { into: bytes }))).property("code", "invalid_input");
  });

  it("does not wear a picture down that does not move", async () => {
    const bytes = noiseU8(random, 33, 21);
    expect((await warp(bytes, { dx: flat(0.005), dy: flat(0) })).data).deep.equal(bytes.data);
  });
});

describe("blend", () => {
  it("mixes by the enlarged weight", async () => {
    const [a, b] = [noiseU8(random, 40, 8, 3), noiseU8(random, 40, 8, 3)];
    const mixed = await blend(a, b, image(2, 1, 1, Float32Array.of(0, 1)));
    mixed.data.forEach((value, i) => {
      const column = Math.floor(i / 3) % 40;
      const share = Math.min(1, Math.max(0, (column + 0.5) / 20 - 0.5));
      expect(value).closeTo(share * a.data[i]! + (1 - share) * b.data[i]!, 1.1);
    });
  });
});

describe("blend of floats", () => {
  it("mixes by the weight, and takes what is no weight for none", async () => {
    const [a, b] = [noiseF32(random, 4, 2), noiseF32(random, 4, 2)];
    const weight = image(4, 2, 1, Float32Array.of(0, 1, 0.25, 0.1, -1, 2, 0.5, 0.75));
    const shares = [0, 1, 0.25, 0.1, 0, 1, 0.5, 0.75];
    (await blend(a, b, weight)).data.forEach((value, at) =>
      expect(value).closeTo(shares[at]! * a.data[at]! + (1 - shares[at]!) * b.data[at]!, 1e-6),
    );
    expect(await blend(a, b, flat(NaN))).deep.equal(b);
  });
});

describe("smallPicture", () => {
  /** Means of `value` over squares of `side` px. */
  function means(
    width: number,
    height: number,
    side: number,
    value: (x: number, y: number) => number,
  ): ImageF32 {
    const [columns, rows] = [Math.ceil(width / side), Math.ceil(height / side)];
    const data = Float32Array.from({ length: columns * rows }, (_, at) => {
      const [left, top] = [side * (at % columns), side * Math.floor(at / columns)];
      let [sum, count] = [0, 0];
      for (let y = top; y < Math.min(height, top + side); y++)
        for (let x = left; x < Math.min(width, left + side); x++, count++) sum += value(x, y);
      return sum / count;
    });
    return image(columns, rows, 1, data);
  }

  /** Square of the difference between a pixel and the mean around it. */
  function detailOf(at: (x: number, y: number) => number): (x: number, y: number) => number {
    return (x, y) => {
      let sum = 0;
      for (let j = -1; j <= 1; j++) for (let i = -1; i <= 1; i++) sum += at(x + i, y + j);
      return (at(x, y) - sum / 9) ** 2;
    };
  }

  /** The pixels, which go on at the borders. */
  function pixelsOf({ width, height, data }: ImageF32): (x: number, y: number) => number {
    const within = (at: number, side: number): number => Math.min(side - 1, Math.max(0, at));
    return (x, y) => data[within(y, height) * width + within(x, width)]!;
  }

  for (const [channels, small] of [
    [1, 3],
    [3, 2],
    [3, 1],
  ] as const)
    it(`is as defined, for ${channels} channels and pixels of ${small} px`, async () => {
      const picture = noiseU8(random, 23, 134, channels);
      const gray = await toGray(picture);
      const at = pixelsOf({ ...gray, data: Float32Array.from(gray.data, (value) => value / 255) });
      const found = await smallPicture(picture, small);
      const luma = means(23, 134, small, at);
      const { width, height } = luma;
      expect(farthest(found.luma, luma)).below(1e-5);
      expect(farthest(found.cells, means(width, height, 2, pixelsOf(luma)))).below(1e-5);
      expect(farthest(found.fine, means(23, 134, 2 * small, detailOf(at)))).below(1e-5);
      expect(farthest(found.coarse, means(width, height, 2, detailOf(pixelsOf(luma))))).below(1e-5);
    });
});
