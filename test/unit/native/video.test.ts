import { expect } from "chai";
import { image, type ImageF32 } from "../../../src/core/image.ts";
import {
  blend,
  cellMeans,
  denseFlow,
  detailEnergy,
  diskBlur,
  gaussianBlur,
  resample,
  variableBlur,
  warp,
} from "../../../src/core/native/index.ts";
import { seededRandom } from "../../../src/core/random.ts";
import { rejection } from "../../support/async.ts";
import { farthest, noiseF32, noiseU8 } from "../../support/pictures.ts";

const random = seededRandom(31);

/** One value everywhere. */
function flat(value: number, width = 1, height = 1): ImageF32 {
  return image(width, height, 1, new Float32Array(width * height).fill(value));
}

/** Smooth texture, which a flow can hold on to. */
async function texture(width: number, height: number): Promise<ImageF32> {
  const fine = await gaussianBlur(noiseF32(random, width, height), 1.5);
  const coarse = await gaussianBlur(noiseF32(random, width, height), 8);
  return {
    ...fine,
    data: fine.data.map((value, i) => 0.5 + 3 * (value - 0.5) + 4 * (coarse.data[i]! - 0.5)),
  };
}

/** `picture` with the whole of it moved: result(p) = picture(p + (x, y)). */
function shifted(picture: ImageF32, x: number, y: number): Promise<ImageF32> {
  const { width, height } = picture;
  return resample(picture, {
    width,
    height,
    matrix: [1, 0, x, 0, 1, y],
    filter: "bicubic",
    border: "mirror",
  });
}

describe("denseFlow", () => {
  for (const [x, y] of [
    [0.4, -0.3],
    [3.25, 1.5],
    [-9.5, 6.75],
  ] as const) {
    it(`finds a shift by (${x}, ${y})`, async () => {
      const from = await texture(150, 110);
      const { dx, dy } = await denseFlow(from, await shifted(from, x, y));
      expect([dx.width, dx.height]).deep.equal([75, 55]);
      // What came in over the border cannot be found.
      const errors: number[] = [];
      for (let row = 8; row < 47; row++)
        for (let column = 8; column < 67; column++) {
          const at = row * 75 + column;
          errors.push(Math.hypot(dx.data[at]! - x, dy.data[at]! - y));
        }
      errors.sort((a, b) => a - b);
      expect(errors[errors.length >> 1]).below(0.1);
      // Where there is little texture a small motion is not believed.
      expect(errors.at(-1)).below(0.6);
    });
  }

  it("sees no motion between pictures that differ only in brightness", async () => {
    const from = await texture(64, 48);
    const { dx, dy } = await denseFlow(from, { ...from, data: from.data.map((value) => value + 0.2) });
    expect(farthest(dx, flat(0, 32, 24))).below(0.02);
    expect(farthest(dy, flat(0, 32, 24))).below(0.02);
  });

  it("tells two motions side by side apart", async () => {
    const from = await texture(160, 80);
    const [left, right] = await Promise.all([shifted(from, 3, 0), shifted(from, -3, 0)]);
    const to = { ...left, data: left.data.map((value, i) => (i % 160 < 80 ? value : right.data[i]!)) };
    const { dx } = await denseFlow(from, to);
    const at = (column: number): number => dx.data[20 * 80 + column]!;
    expect(at(20)).closeTo(3, 0.2);
    expect(at(60)).closeTo(-3, 0.2);
  });

  it("refuses pictures that do not fit together", async () => {
    const wrong = await rejection(denseFlow(flat(0, 32, 32), flat(0, 32, 31)));
    expect(wrong).property("code", "invalid_image");
    expect(await rejection(denseFlow(flat(0, 9, 32), flat(0, 9, 32)))).property("code", "invalid_image");
  });
});

describe("variableBlur", () => {
  /** The disk in light of gamma 2. */
  async function inLight(picture: ImageF32, radius: number): Promise<ImageF32> {
    const light = { ...picture, data: picture.data.map((value) => value * value) };
    const { data } = await diskBlur(light, radius);
    return { ...picture, data: data.map((value) => Math.sqrt(Math.max(0, value))) };
  }

  it("is the blur of a disk in light where the map is one of its radii", async () => {
    const picture = noiseF32(random, 60, 41);
    for (const radius of [0, 0.7, 2.8, 11.2])
      expect(farthest(await variableBlur(picture, flat(radius)), await inLight(picture, radius))).below(5e-3);
  });

  it("comes near it between its radii", async () => {
    const picture = await texture(80, 60);
    const positive = { ...picture, data: picture.data.map((value) => Math.min(1, Math.max(0, value))) };
    for (const radius of [0.4, 1.2, 2.4, 4.7, 9.5])
      expect(farthest(await variableBlur(positive, flat(radius)), await inLight(positive, radius))).below(
        0.08,
      );
  });

  it("follows the map", async () => {
    const picture = noiseF32(random, 64, 32);
    const map = image(2, 1, 1, Float32Array.of(0, 8));
    const { data } = await variableBlur(picture, map);
    data.forEach((value, i) => {
      if (i % 64 < 12) expect(value).closeTo(picture.data[i]!, 1e-6);
    });
    const spread = (values: Float32Array): number => Math.max(...values) - Math.min(...values);
    expect(spread(data.filter((_, i) => i % 64 > 52))).below(0.25);
  });
});

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
    // Weights are told apart to 1/128, in both directions.
    expect(farthest(moved, expected)).below(4);
    const map = noiseF32(random, 40, 30);
    expect(farthest(await warp(map, flow), await resample(map, { ...options, filter: "bilinear" }))).below(
      1e-4,
    );
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

describe("cellMeans and detailEnergy", () => {
  it("agree with their definitions", async () => {
    const picture = noiseU8(random, 23, 10);
    const at = (x: number, y: number): number =>
      picture.data[Math.min(9, Math.max(0, y)) * 23 + Math.min(22, Math.max(0, x))]! / 255;
    const detail = (x: number, y: number): number => {
      let sum = 0;
      for (let j = -1; j <= 1; j++) for (let i = -1; i <= 1; i++) sum += at(x + i, y + j);
      return (at(x, y) - sum / 9) ** 2;
    };
    const [means, energies] = await Promise.all([cellMeans(picture, 4), detailEnergy(picture, 4)]);
    expect([means.width, means.height]).deep.equal([6, 3]);
    for (let row = 0; row < 3; row++)
      for (let column = 0; column < 6; column++) {
        let [mean, energy, count] = [0, 0, 0];
        for (let y = 4 * row; y < Math.min(10, 4 * row + 4); y++)
          for (let x = 4 * column; x < Math.min(23, 4 * column + 4); x++) {
            mean += at(x, y);
            energy += detail(x, y);
            count++;
          }
        expect(means.data[6 * row + column]).closeTo(mean / count, 1e-5);
        expect(energies.data[6 * row + column]).closeTo(energy / count, 1e-5);
      }
  });
});
