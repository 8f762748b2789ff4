import { expect } from "chai";
import { image, type ImageU8 } from "../../../src/core/image.ts";
import { seededRandom } from "../../../src/core/random.ts";
import { paintShape, type Shape } from "../../../src/dataset/paint-shape.ts";
import { drawRoundThings } from "../../../src/dataset/round-things.ts";
import { roundThings, textures } from "../../../src/dataset/sources.ts";

const plain = (value: number, side = 64): ImageU8 =>
  image(side, side, 1, new Uint8Array(side * side).fill(value));
const sum = ({ data }: ImageU8): number => data.reduce((total, value) => total + value, 0);

describe("paintShape", () => {
  const white = { value: 200, rim: 0, slope: 0 };
  const shapes: Record<Shape["kind"], { shape: Shape; area: number }> = {
    ellipse: {
      shape: { kind: "ellipse", halfWidth: 12, halfHeight: 7.5, thickness: 0, rotation: 0.6 },
      area: Math.PI * 12 * 7.5,
    },
    ring: {
      shape: { kind: "ring", halfWidth: 14, halfHeight: 14, thickness: 2.2, rotation: 0 },
      area: Math.PI * (16.2 ** 2 - 11.8 ** 2),
    },
    rounded: {
      shape: { kind: "rounded", halfWidth: 15, halfHeight: 9, thickness: 4, rotation: 1.1 },
      area: 4 * 15 * 9 - (4 - Math.PI) * 4 ** 2,
    },
  };
  for (const { shape, area } of Object.values(shapes)) {
    it(`covers the area of the shape (${shape.kind}), wherever between pixels it lies`, () => {
      for (const at of [32, 31.3, 30.75]) {
        const picture = plain(0);
        paintShape(picture, shape, white, at, at);
        expect(sum(picture) / white.value / area).to.be.closeTo(1, 0.01);
      }
    });
  }

  it("has an edge one pixel wide, and changes nothing outside", () => {
    const picture = plain(10);
    paintShape(picture, shapes.ellipse.shape, white, 32, 32);
    const mixed = picture.data.filter((value) => value !== 10 && value !== white.value).length;
    // About one pixel, at most two, along the outline.
    expect(mixed).to.be.within(40, 130);
    expect(picture.data[32 * 64 + 32]).to.equal(white.value);
    expect(picture.data[0]).to.equal(10);
  });

  it("cuts off what lies outside the picture", () => {
    const picture = plain(0);
    paintShape(picture, shapes.ring.shape, white, 64, -3);
    expect(sum(picture)).to.be.within(1, (white.value * shapes.ring.area) / 3);
  });

  it("shades from the centre to the rim and from side to side", () => {
    const picture = plain(0);
    const disk: Shape = { kind: "ellipse", halfWidth: 20, halfHeight: 20, thickness: 0, rotation: 0 };
    paintShape(picture, disk, { value: 200, rim: -80, slope: 30 }, 32, 32);
    const value = (x: number): number => picture.data[32 * 64 + x]!;
    expect(value(32)).to.equal(200);
    expect(value(42)).to.equal(200 - 80 / 4 + 30 / 2);
    expect(value(22)).to.equal(200 - 80 / 4 - 30 / 2);
  });
});

describe("drawRoundThings", () => {
  it("leaves the ground as it was, repeats itself by the seed and differs by it", () => {
    const ground = plain(90, 300);
    const draw = (seed: number): Uint8Array => drawRoundThings(ground, seededRandom(seed)).data;
    expect(draw(3)).to.deep.equal(draw(3));
    expect(draw(3)).not.to.deep.equal(draw(4));
    expect(new Set(ground.data)).to.deep.equal(new Set([90]));
  });

  it("shows things on most plain grounds, a part of them at night", () => {
    const ground = plain(128, 300);
    const pictures = Array.from({ length: 60 }, (_, seed) => drawRoundThings(ground, seededRandom(seed)));
    const withThings = pictures.filter(({ data }) => new Set(data).size > 1);
    const dark = pictures.filter(({ data }) => data.filter((value) => value < 12).length > data.length / 2);
    expect(withThings.length).to.be.at.least(54);
    expect(dark.length).to.be.within(6, 32);
  });
});

describe("night scenes", () => {
  it("are as many as asked for", () => {
    const ground = plain(128, 200);
    const isDark = ({ data }: ImageU8): boolean =>
      data.filter((value) => value < 12).length > data.length / 2;
    const dark = (share: number): number =>
      Array.from({ length: 12 }, (_, seed) => drawRoundThings(ground, seededRandom(seed), share)).filter(
        isDark,
      ).length;
    expect(dark(1)).to.equal(12);
    expect(dark(0)).to.be.at.most(2);
  });
});

describe("roundThings", () => {
  it("paints on the pictures given and names them, the same whenever they are loaded", async () => {
    const grounds = textures(4, 1);
    const things = roundThings(12, grounds, 7);
    const again = roundThings(12, grounds, 7);
    for (const [index, { name, load }] of things.entries()) {
      const [ground, number] = name.split("+round-");
      expect(grounds.map((each) => each.name)).to.include(ground);
      expect(number).to.equal(String(index));
      if (index > 1) continue;
      const first = await load();
      expect(first.data).to.deep.equal((await again[index]!.load()).data);
      expect(first.data).to.deep.equal((await load()).data);
    }
    expect(new Set(things.map(({ name }) => name.split("+")[0])).size).to.be.above(1);
  });
});
