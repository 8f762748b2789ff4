import { expect } from "chai";
import { image, type ImageF32 } from "../../../src/core/image.ts";
import {
  carriedFlow,
  denseFlow,
  diskBlur,
  equalBlur,
  flowMismatch,
  gaussianBlur,
  resample,
  warp,
} from "../../../src/core/native/index.ts";
import { seededRandom } from "../../../src/core/random.ts";
import { rejection } from "../../support/async.ts";
import { farthest, noiseF32 } from "../../support/pictures.ts";

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

/** Nothing is out of focus. */
const SHARP = flat(0);

/** Middle value. */
function median(values: Float32Array): number {
  return values.slice().sort()[values.length >> 1]!;
}

/** Defocus in light of gamma 2. */
async function defocused(picture: ImageF32, radius: number): Promise<ImageF32> {
  const light = { ...picture, data: picture.data.map((value) => Math.min(1, Math.max(0, value)) ** 2) };
  const { data } = await diskBlur(light, radius);
  return { ...picture, data: data.map((value) => Math.sqrt(Math.max(0, value))) };
}

describe("denseFlow", () => {
  for (const [x, y] of [
    [0.4, -0.3],
    [3.25, 1.5],
    [-9.5, 6.75],
  ] as const) {
    it(`finds a shift by (${x}, ${y})`, async () => {
      const from = await texture(150, 110);
      const { dx, dy } = await denseFlow(from, await shifted(from, x, y), SHARP);
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
    const { dx, dy } = await denseFlow(from, { ...from, data: from.data.map((value) => value + 0.2) }, SHARP);
    expect(farthest(dx, flat(0, 32, 24))).below(0.02);
    expect(farthest(dy, flat(0, 32, 24))).below(0.02);
  });

  it("tells two motions side by side apart", async () => {
    const from = await texture(160, 80);
    const [left, right] = await Promise.all([shifted(from, 3, 0), shifted(from, -3, 0)]);
    const to = { ...left, data: left.data.map((value, i) => (i % 160 < 80 ? value : right.data[i]!)) };
    const { dx } = await denseFlow(from, to, SHARP);
    const at = (column: number): number => dx.data[20 * 80 + column]!;
    expect(at(20)).closeTo(3, 0.2);
    expect(at(60)).closeTo(-3, 0.2);
  });

  it("finds the motion of what is out of focus", async () => {
    const scene = await texture(200, 160);
    const [from, to] = await Promise.all(
      [scene, await shifted(scene, 2.5, -1.5)].map((each) => defocused(each, 10)),
    );
    const { dx, dy, certainty } = await denseFlow(from!, to!, flat(10));
    expect(median(dx.data)).closeTo(2.5, 0.15);
    expect(median(dy.data)).closeTo(-1.5, 0.15);
    const sharp = await denseFlow(scene, await shifted(scene, 2.5, -1.5), SHARP);
    expect(median(certainty.data)).below(median(sharp.certainty.data) / 2);
  });

  it("expects what it is told where there is nothing to see, and believes its eyes where there is", async () => {
    const empty = flat(0.5, 96, 64);
    const expected = { dx: flat(1.5), dy: flat(-0.5), certainty: flat(25) };
    const blind = await denseFlow(empty, empty, SHARP, expected);
    expect(farthest(blind.dx, flat(1.5, 48, 32))).below(0.05);
    expect(farthest(blind.dy, flat(-0.5, 48, 32))).below(0.05);
    const scene = await texture(96, 64);
    const seen = await denseFlow(scene, await shifted(scene, -2, 1), SHARP, expected);
    expect(median(seen.dx.data)).closeTo(-2, 0.1);
    const nothing = await denseFlow(empty, empty, SHARP);
    expect(Math.max(...nothing.certainty.data)).below(1);
    expect(Math.min(...blind.certainty.data)).above(5);
  });

  it("takes motion below the noise for none", async () => {
    const scene = await texture(96, 64);
    const { dx, dy } = await denseFlow(scene, await shifted(scene, 0.02, 0.01), SHARP);
    expect([median(dx.data), median(dy.data)]).deep.equal([0, 0]);
    dx.data.forEach((value, at) => {
      const length = Math.hypot(value, dy.data[at]!);
      expect(length === 0 || length >= 0.0599).equal(true);
    });
  });

  it("refuses pictures that do not fit together", async () => {
    const wrong = await rejection(denseFlow(flat(0, 32, 32), flat(0, 32, 31), SHARP));
    expect(wrong).property("code", "invalid_image");
    expect(await rejection(denseFlow(flat(0, 9, 32), flat(0, 9, 32), SHARP))).property(
      "code",
      "invalid_image",
    );
  });
});

describe("carriedFlow", () => {
  it("expects what moved to be further on, and the faster it was the less surely", async () => {
    const slow = { dx: flat(0, 20, 12), dy: flat(0, 20, 12), certainty: flat(40, 20, 12) };
    expect((await carriedFlow(slow)).certainty.data[0]).closeTo(40 / 1.4, 1e-4);
    // The right half comes from 4 px, 2 cells, to the left.
    const dx = { ...slow.dx, data: slow.dx.data.map((_, at) => (at % 20 < 10 ? 0 : -4)) };
    const carried = await carriedFlow({ ...slow, dx });
    const row = Array.from(carried.dx.data.subarray(0, 20));
    expect(row).deep.equal(Array.from({ length: 20 }, (_, column) => (column < 12 ? 0 : -4)));
    expect(carried.certainty.data[19]).closeTo(40 / (1 + 40 * 16.01), 1e-6);
  });

  it("refuses maps of different sizes", async () => {
    const wrong = { dx: flat(0, 4, 4), dy: flat(0, 4, 3), certainty: flat(0, 4, 4) };
    expect(await rejection(carriedFlow(wrong))).property("code", "invalid_image");
  });
});

describe("flowMismatch", () => {
  it("is the mean difference over cells that a motion leaves", async () => {
    const from = noiseF32(random, 21, 14);
    const to = noiseF32(random, 21, 14);
    const flow = { dx: flat(1.25), dy: flat(-0.5) };
    const moved = await warp(from, flow);
    const found = await flowMismatch(from, to, flow);
    expect([found.width, found.height]).deep.equal([11, 7]);
    const differs = (x: number, y: number): number =>
      Math.abs(to.data[y * 21 + x]! - moved.data[y * 21 + x]!);
    const whole = (differs(4, 6) + differs(5, 6) + differs(4, 7) + differs(5, 7)) / 4;
    expect(found.data[3 * 11 + 2]).closeTo(whole, 1e-5);
    expect(found.data[10]).closeTo((differs(20, 0) + differs(20, 1)) / 2, 1e-5);
  });

  it("refuses pictures of different sizes", async () => {
    const wrong = flowMismatch(flat(0, 8, 8), flat(0, 8, 9), { dx: flat(0), dy: flat(0) });
    expect(await rejection(wrong)).property("code", "invalid_image");
  });
});

describe("equalBlur", () => {
  it("measures by how much one picture is out of focus, whichever it is, and moved or not", async () => {
    const scene = await texture(160, 120);
    for (const radius of [1.5, 4, 11]) {
      const blurred = await defocused(scene, radius);
      const forth = await equalBlur(scene, blurred, 16);
      expect(median(forth.radius.data)).closeTo(radius, 0.15 * radius);
      expect((await equalBlur(blurred, scene, 16)).radius.data).deep.equal(
        forth.radius.data.map((value) => -value),
      );
      const moved = await equalBlur(scene, await defocused(await shifted(scene, 3, -2), radius), 16);
      expect(median(moved.radius.data)).closeTo(radius, 0.2 * radius);
    }
  });

  it("makes the pictures alike, and leaves the one that shows less", async () => {
    const scene = await texture(160, 120);
    const blurred = await defocused(scene, 5);
    const { from, to } = await equalBlur(scene, blurred, 16);
    const apart = (a: ImageF32, b: ImageF32): number =>
      median(a.data.map((value, i) => Math.abs(value - b.data[i]!)));
    expect(apart(from, to)).below(0.1 * apart(scene, blurred));
    expect(apart(to, blurred)).below(1e-3);
  });

  it("finds each half of a picture out of focus by as much as it is", async () => {
    const scene = await texture(200, 100);
    const [left, right] = await Promise.all([defocused(scene, 2), defocused(scene, 8)]);
    const to = { ...left, data: left.data.map((value, i) => (i % 200 < 100 ? value : right.data[i]!)) };
    const { radius } = await equalBlur(scene, to, 16);
    const within = (first: number, last: number): number =>
      median(radius.data.filter((_, i) => i % 100 >= first && i % 100 < last));
    expect(within(5, 40)).closeTo(2, 0.4);
    expect(within(60, 95)).closeTo(8, 1.5);
  });

  it("leaves pictures alone that are alike", async () => {
    const scene = noiseF32(random, 61, 47);
    const { from, to, radius } = await equalBlur(scene, scene, 12);
    expect(farthest(radius, flat(0, 31, 24))).equal(0);
    for (const each of [from, to]) expect(farthest(each, scene)).below(1e-5);
  });

  it("goes no further than the largest blur there can be", async () => {
    const { radius } = await equalBlur(noiseF32(random, 64, 64), flat(0.5, 64, 64), 6);
    expect(Math.max(...radius.data)).closeTo(6, 1e-4);
  });
});
