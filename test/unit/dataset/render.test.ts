import { expect } from "chai";
import { image, type ImageF32, type ImageU8 } from "../../../src/core/image.ts";
import { diskBlur } from "../../../src/core/native/index.ts";
import { seededRandom } from "../../../src/core/random.ts";
import { photograph } from "../../../src/dataset/camera.ts";
import { normals } from "../../../src/dataset/normals.ts";
import { drawRadius, MAX_RADIUS, type CameraRecipe, type SceneRecipe } from "../../../src/dataset/recipe.ts";
import { joinAtEdge, renderLight, textureOf } from "../../../src/dataset/render.ts";
import { sampleScene } from "../../../src/dataset/sample-scene.ts";
import { drawTexture } from "../../../src/dataset/textures.ts";

const whole = { x: 0, y: 0, width: 512, height: 512 };
const plain: CameraRecipe = {
  softening: 0,
  motion: 0,
  motionAngle: 0,
  contrast: 1,
  exposure: 0.2,
  vignetting: 0,
  slope: 0,
  electrons: 1e12,
  readNoise: 0,
  noiseBlur: 0,
  gamma: 2.2,
  sharpenAmount: 0,
  sharpenSigma: 1,
  jpegQuality: 0,
};
const scene = (changes: Partial<SceneRecipe> = {}): SceneRecipe => ({
  source: 0,
  scale: 1,
  reduction: 1,
  cubic: -0.5,
  flip: false,
  transpose: false,
  gamma: 1,
  ...changes,
});

function difference(a: ImageF32, b: ImageF32): number {
  const squares = a.data.reduce((sum, value, at) => sum + (value - b.data[at]!) ** 2, 0);
  return Math.sqrt(squares / a.data.length);
}

describe("renderLight", () => {
  const leaves = drawTexture("leaves", 512, seededRandom(4));

  it("at radius 0 and scale 1 is the photograph in linear light", async () => {
    const light = await renderLight(leaves, scene({ gamma: 2.2 }), 0, seededRandom(1));
    const linear = image(
      512,
      512,
      1,
      Float32Array.from(leaves.data, (value) => (value / 255) ** 2.2),
    );
    expect(difference(light, linear)).to.be.lessThan(1e-5);
  });

  it("is the photograph behind the disk of its radius, mirrored at the borders", async () => {
    const light = await renderLight(leaves, scene(), 6.3, seededRandom(1));
    const linear = image(
      512,
      512,
      1,
      Float32Array.from(leaves.data, (value) => value / 255),
    );
    expect(difference(light, await diskBlur(linear, 6.3))).to.be.lessThan(1e-4);
  });

  it("differs little when a large blur is computed on a reduced picture", async () => {
    const direct = await renderLight(leaves, scene(), 48, seededRandom(1));
    for (const reduction of [2, 4] as const) {
      const reduced = await renderLight(leaves, scene({ reduction }), 48, seededRandom(1));
      expect(difference(direct, reduced)).to.be.lessThan(0.5 / 255);
    }
  });
});

describe("sampleScene", () => {
  const ramp = (width: number, height: number): ImageU8 =>
    image(
      width,
      height,
      1,
      Uint8Array.from({ length: width * height }, (_, at) => 2 * (at % width)),
    );

  it("keeps a ramp a ramp when reducing and when enlarging", () => {
    for (const scale of [0.37, 1, 1.9]) {
      const view = { x: 30, y: 10, scale, width: 16, height: 8, flip: false, transpose: false, cubic: -0.5 };
      const { data } = sampleScene(ramp(100, 60), view, 1);
      for (let x = 0; x < 16; x++) {
        const value = (2 * (30 + (x + 0.5) / scale - 0.5)) / 255;
        expect(data[x]).to.be.closeTo(value, 2e-3);
      }
    }
  });

  it("mirrors beyond the borders, flips and transposes", () => {
    const view = { x: -2, y: 0, scale: 1, width: 4, height: 4, flip: false, transpose: false, cubic: -0.5 };
    const row = (changes: object): number[] =>
      [...sampleScene(ramp(50, 50), { ...view, ...changes }, 1).data.subarray(0, 4)].map((value) =>
        Math.round((value * 255) / 2),
      );
    expect(row({})).to.deep.equal([1, 0, 0, 1]);
    expect(row({ x: 3, flip: true })).to.deep.equal([6, 5, 4, 3]);
    expect(row({ x: 3, transpose: true })).to.deep.equal([3, 3, 3, 3]);
  });
});

describe("photograph", () => {
  const flat = (value: number): ImageF32 => image(512, 512, 1, new Float32Array(512 * 512).fill(value));

  it("brings the mean to the exposure and applies gamma", async () => {
    const { patch } = await photograph(flat(0.7), plain, seededRandom(1));
    const expected = Math.round(255 * 0.2 ** (1 / 2.2));
    expect(new Set(patch.data)).to.deep.equal(new Set([expected]));
  });

  it("adds shot noise of the variance that the electrons give", async () => {
    const { patch, ideal } = await photograph(
      flat(0.5),
      { ...plain, electrons: 500, gamma: 1 },
      seededRandom(2),
    );
    const mean = patch.data.reduce((sum, value) => sum + value, 0) / patch.data.length;
    const variance = patch.data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / patch.data.length;
    expect(mean).to.be.closeTo(51, 0.1);
    expect(variance / 255 ** 2).to.be.closeTo(0.2 / 500, 0.2 / 500 / 20);
    expect(textureOf(ideal, whole)).to.be.lessThan(1e-3);
  });

  it("correlates the noise, sharpens and compresses when told to", async () => {
    const noisy = { ...plain, electrons: 500 };
    const neighbours = async (recipe: CameraRecipe): Promise<number> => {
      const { patch } = await photograph(flat(0.5), recipe, seededRandom(2));
      const mean = patch.data.reduce((sum, value) => sum + value, 0) / patch.data.length;
      let product = 0;
      let square = 0;
      for (let at = 0; at + 1 < patch.data.length; at++) {
        product += (patch.data[at]! - mean) * (patch.data[at + 1]! - mean);
        square += (patch.data[at]! - mean) ** 2;
      }
      return product / square;
    };
    expect(await neighbours(noisy)).to.be.closeTo(0, 0.02);
    expect(await neighbours({ ...noisy, noiseBlur: 1 })).to.be.greaterThan(0.6);
    expect(await neighbours({ ...noisy, sharpenAmount: 1.5 })).to.be.lessThan(-0.02);
    const { patch } = await photograph(flat(0.5), { ...noisy, jpegQuality: 60 }, seededRandom(2));
    const { patch: raw } = await photograph(flat(0.5), noisy, seededRandom(2));
    expect(patch.data).to.not.deep.equal(raw.data);
  });
});

describe("joinAtEdge", () => {
  it("shows both depths, with an edge as wide as the nearer one's blur", () => {
    const near = image(512, 512, 1, new Float32Array(512 * 512).fill(1));
    const far = image(512, 512, 1, new Float32Array(512 * 512));
    const { light, share } = joinAtEdge(near, far, 20, seededRandom(6));
    expect(light.data).to.deep.equal(share);
    const between = share.filter((value) => value > 0.001 && value < 0.999).length;
    expect(between / 512).to.be.within(20, 60);
    expect(Math.min(...share.subarray(0, 512 * 10), ...share.subarray(512 * 502))).to.equal(0);
  });
});

describe("drawing", () => {
  it("gives radii from 0 to the largest with mass near focus", () => {
    const random = seededRandom(1);
    const radii = Array.from({ length: 5000 }, () => drawRadius(random));
    const share = (low: number, high: number): number =>
      radii.filter((radius) => radius >= low && radius < high).length / radii.length;
    expect(Math.max(...radii)).to.be.within(190, MAX_RADIUS);
    expect(share(0, 3)).to.be.within(0.3, 0.5);
    for (const [low, high] of [
      [3, 10],
      [10, 30],
      [30, 100],
      [100, 200],
    ] as const)
      expect(share(low, high)).to.be.greaterThan(0.08);
  });

  it("gives standard normal deviates that repeat with the seed", () => {
    const values = normals(100_000, seededRandom(8));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
    expect(mean).to.be.closeTo(0, 0.015);
    expect(variance).to.be.closeTo(1, 0.02);
    expect(normals(100_000, seededRandom(8))).to.deep.equal(values);
  });
});
