import { expect } from "chai";
import fc from "fast-check";
import type { LensModel } from "../../../src/algorithms/optics/lens-model.ts";
import { image, zerosF32, type ImageF32 } from "../../../src/core/image.ts";
import { CutoutScene, type Cutout } from "../../../src/drivers/simulator/cutout-scene.ts";
import { DepthLayers } from "../../../src/drivers/simulator/depth-layers.ts";
import { DepthScene } from "../../../src/drivers/simulator/depth-scene.ts";
import { PhotoScene } from "../../../src/drivers/simulator/photo-scene.ts";
import { loadLens } from "../../../src/io/lens-file.ts";
import { rejection } from "../../support/async.ts";
import { linearLens } from "../../support/linear-lens.ts";

/** 0.1 px a step, no breathing. */
const lens = linearLens();
const view = { lens, reference: 0 };

/** The same lens, breathing by 10 % over its range. */
const breathing: LensModel = { ...lens, scale: (z0, z) => 1.1 ** ((z - z0) / 1000) };

function point(width: number, height: number, x: number, y: number): ImageF32 {
  const picture = zerosF32(width, height);
  picture.data[y * width + x] = 1;
  return picture;
}

function flat(width: number, height: number, value: number, channels: 1 | 3 = 1): ImageF32 {
  return image(width, height, channels, new Float32Array(width * height * channels).fill(value));
}

/** Light, middle and mean square distance from it. */
function moments({ width, data }: ImageF32): { sum: number; x: number; y: number; spread: number } {
  let [sum, sx, sy, squares] = [0, 0, 0, 0];
  for (const [at, value] of data.entries()) {
    const [px, py] = [at % width, Math.floor(at / width)];
    sum += value;
    sx += value * px;
    sy += value * py;
    squares += value * (px * px + py * py);
  }
  const [x, y] = [sx / sum, sy / sum];
  return { sum, x, y, spread: squares / sum - x * x - y * y };
}

describe("PhotoScene", () => {
  it("shows the photograph itself in focus at the reference", async () => {
    const picture = point(32, 24, 10, 10);
    expect(await new PhotoScene(picture, 0, view).render(0, 0)).to.deep.equal(picture);
  });

  it("spreads a point over a disk of the radius that the lens has, and keeps its light", async () => {
    const scene = new PhotoScene(point(81, 81, 40, 40), 300, { lens, reference: 300 });
    for (const position of [400, 200, 500]) {
      const { sum, x, y, spread } = moments(await scene.render(position, 0));
      expect(sum).to.be.closeTo(1, 1e-3);
      expect([x, y].every((each) => Math.abs(each - 40) < 0.01)).to.equal(true);
      // The mean square distance within a disk is r^2 / 2.
      expect(Math.sqrt(2 * spread)).to.be.closeTo(lens.radius(300, position), 0.15);
    }
  });

  it("magnifies about the optical centre", async () => {
    const at = { lens: breathing, reference: 300, centre: { x: 20.5, y: 30.5 } };
    const centre = moments(await new PhotoScene(point(100, 80, 20, 30), 300, at).render(500, 0));
    expect(centre.x).to.be.closeTo(20, 0.02);
    expect(centre.y).to.be.closeTo(30, 0.02);
    const aside = moments(await new PhotoScene(point(100, 80, 60, 50), 300, at).render(500, 0));
    expect(aside.x).to.be.closeTo(20 + 40 * breathing.scale(300, 500), 0.05);
    expect(aside.y).to.be.closeTo(30 + 20 * breathing.scale(300, 500), 0.05);
  });

  it("can come nearer with time", async () => {
    const scene = new PhotoScene(point(41, 41, 20, 20), (time) => time, { lens, reference: 0 });
    expect(scene.trueFocus(undefined, 70)).to.equal(70);
    expect(moments(await scene.render(70, 70)).spread).to.be.closeTo(0, 1e-6);
    expect(moments(await scene.render(70, 170)).spread).to.be.above(30);
  });
});

describe("DepthLayers", () => {
  const ramp = (width: number, from: number, to: number): ImageF32 =>
    image(
      width,
      1,
      1,
      Float32Array.from({ length: width }, (_, at) => from + ((to - from) * at) / (width - 1)),
    );

  it("gives each pixel a layer within 0.6 px of its own radius, the nearer the higher", async () => {
    const real = await loadLens("evetar-25mm");
    const { min, max } = real.range;
    const map = ramp(500, min, max);
    for (const factor of [1, 1 / 6]) {
      const resized = real.resized(factor);
      const layers = new DepthLayers(map, resized);
      fc.assert(
        fc.property(fc.integer({ min, max }), (position) => {
          const { index, radii } = layers.cut(
            (z0) => Math.sign(z0 - position) * resized.radius(z0, position),
          );
          const errors = map.data.map(
            (z0, pixel) => radii[index.data[pixel]!]! - resized.radius(z0, position),
          );
          expect(Math.max(...errors.map(Math.abs))).to.be.below(0.6);
          expect(index.data).to.deep.equal(index.data.toSorted());
        }),
        { numRuns: 25 },
      );
    }
  });

  it("has no more layers than fit into 8 bits", () => {
    const steep = linearLens({ above: 2, below: 2 });
    const { index, radii } = new DepthLayers(ramp(3000, 0, 1000), steep).cut((z0) => 2 * (z0 - 500));
    expect(radii.length).to.be.within(100, 256);
    expect(Math.max(...index.data)).to.equal(radii.length - 1);
  });

  it("needs one layer for one depth", () => {
    expect([...new DepthLayers(ramp(5, 400, 400), lens).cut((z0) => (z0 - 300) / 10).radii]).to.deep.equal([
      10,
    ]);
  });

  it("takes larger positions as farther for a lens that says so", () => {
    const reversed: LensModel = { ...lens, dioptres: (z) => -z };
    const { index } = new DepthLayers(ramp(10, 0, 1000), reversed).cut((z0) => z0 / 10);
    expect(index.data[0]).to.be.above(index.data[9]!);
  });

  it("refuses maps with holes or colours", () => {
    expect(() => new DepthLayers(ramp(3, NaN, 5), lens))
      .to.throw("finite")
      .with.property("code", "invalid_image");
    expect(() => new DepthLayers(flat(2, 2, 1, 3), lens)).to.throw("one channel");
  });
});

describe("DepthScene", () => {
  const halves = image(
    64,
    32,
    1,
    Float32Array.from({ length: 64 * 32 }, (_, at) => (at % 64 < 32 ? 200 : 700)),
  );
  const stripes = image(
    64,
    32,
    1,
    Float32Array.from({ length: 64 * 32 }, (_, at) => (Math.floor(at / 128) % 2 === 0 ? 0.2 : 0.8)),
  );

  it("keeps sharp what lies at the position and blurs the rest", async () => {
    const scene = new DepthScene(stripes, halves, {
      lens: linearLens({ above: 0.02, below: 0.02 }),
      reference: 0,
    });
    const contrast = ({ data }: ImageF32, column: number): number =>
      Math.max(...Array.from({ length: 32 }, (_, row) => data[row * 64 + column]!)) -
      Math.min(...Array.from({ length: 32 }, (_, row) => data[row * 64 + column]!));
    const near = await scene.render(700);
    expect(contrast(near, 60)).to.be.closeTo(0.6, 1e-5);
    expect(contrast(near, 3)).to.be.below(0.1);
    const far = await scene.render(200);
    expect(contrast(far, 3)).to.be.closeTo(0.6, 1e-5);
    expect(contrast(far, 60)).to.be.below(0.1);
  });

  it("leaves a picture of one colour alone", async () => {
    const frame = await new DepthScene(flat(64, 32, 0.4), halves, view).render(500);
    expect(Math.max(...frame.data.map((value) => Math.abs(value - 0.4)))).to.be.below(1e-5);
  });

  it("knows where a window is sharp", () => {
    const scene = new DepthScene(stripes, halves, view);
    expect(scene.trueFocus({ x: 0, y: 0, width: 40, height: 32 })).to.equal(200);
    expect(scene.trueFocus({ x: 24, y: 0, width: 40, height: 32 })).to.equal(700);
  });

  it("refuses a map of another size", () => {
    expect(() => new DepthScene(stripes, flat(32, 32, 5), view))
      .to.throw("depth map of 64x32")
      .with.property("code", "invalid_image");
  });
});

describe("CutoutScene", () => {
  const square = (z0: number, value: number, pose: Partial<{ x: number; y: number }> = {}): Cutout => ({
    picture: flat(20, 20, value),
    alpha: flat(20, 20, 1),
    pose: (time) => ({ x: 32 + time, y: 32, size: 1, z0, ...pose }),
  });
  const wall = new PhotoScene(flat(64, 64, 0.2), 100, view);
  const at = ({ data }: ImageF32, x: number, y: number): number => data[64 * y + x]!;

  it("lays a sharp cut-out over the background", async () => {
    const frame = await new CutoutScene(wall, [square(600, 0.9)], view).render(600, 0);
    expect(at(frame, 32, 32)).to.be.closeTo(0.9, 1e-6);
    expect(at(frame, 22, 32)).to.be.closeTo(0.9, 1e-6);
    expect(at(frame, 21, 32)).to.be.closeTo(0.2, 1e-6);
    expect(at(frame, 41, 41)).to.be.closeTo(0.9, 1e-6);
    expect(at(frame, 42, 42)).to.be.closeTo(0.2, 1e-6);
  });

  it("lets the background through its blurred edge, half of it at the edge itself", async () => {
    const frame = await new CutoutScene(wall, [square(600, 0.9)], view).render(550, 0);
    expect((at(frame, 21, 32) + at(frame, 22, 32)) / 2).to.be.closeTo(0.55, 0.01);
    expect(at(frame, 32, 32)).to.be.closeTo(0.9, 1e-3);
    expect(at(frame, 15, 32)).to.be.closeTo(0.2, 1e-6);
  });

  it("covers far things by near ones, in whatever order they are given", async () => {
    for (const order of [
      [square(600, 0.9), square(300, 0.5)],
      [square(300, 0.5), square(600, 0.9)],
    ])
      expect(at(await new CutoutScene(wall, order, view).render(600, 0), 32, 32)).to.be.closeTo(0.9, 1e-5);
  });

  it("moves with time, also out of the frame", async () => {
    const scene = new CutoutScene(wall, [square(600, 0.9)], view);
    expect(at(await scene.render(600, 20), 52, 32)).to.be.closeTo(0.9, 1e-6);
    expect(at(await scene.render(600, 20), 32, 32)).to.be.closeTo(0.2, 1e-6);
    const half = await scene.render(560, 32);
    expect(at(half, 63, 32)).to.be.closeTo(0.9, 1e-3);
    expect(await scene.render(600, 500)).to.deep.equal(await wall.render(600, 500));
  });

  it("breathes with the frame", async () => {
    const seen = { lens: breathing, reference: 0 };
    const black = new PhotoScene(flat(64, 64, 0), 100, seen);
    const scene = new CutoutScene(black, [square(1000, 1, { x: 42 })], seen);
    const { x, sum } = moments(await scene.render(1000, 0));
    expect(x).to.be.closeTo(31.5 + 1.1 * 10, 0.05);
    expect(Math.sqrt(sum)).to.be.closeTo(22, 0.1);
  });

  it("knows where a window is sharp", () => {
    const scene = new CutoutScene(wall, [square(300, 0.5), square(600, 0.9, { x: 40 })], view);
    expect(scene.trueFocus({ x: 36, y: 26, width: 8, height: 8 }, 0)).to.equal(600);
    expect(scene.trueFocus({ x: 23, y: 26, width: 6, height: 8 }, 0)).to.equal(300);
    expect(scene.trueFocus({ x: 0, y: 0, width: 8, height: 8 }, 0)).to.equal(100);
  });

  it("refuses parts that do not fit together", () => {
    const odd = { ...square(1, 1), alpha: flat(5, 5, 1) };
    const coloured = { ...square(1, 1), picture: flat(20, 20, 1, 3) };
    expect(() => new CutoutScene(wall, [odd], view))
      .to.throw("opacity")
      .with.property("code", "invalid_image");
    expect(() => new CutoutScene(wall, [coloured], view)).to.throw("1 channels");
  });
});

describe("imscale within a scene", () => {
  it("refuses a lens that magnifies by nothing", async () => {
    const broken: LensModel = { ...lens, scale: () => 0 };
    const error = await rejection(
      new PhotoScene(flat(4, 4, 1), 0, { lens: broken, reference: 0 }).render(10, 0),
    );
    expect(error.code).to.equal("invalid_input");
  });
});
