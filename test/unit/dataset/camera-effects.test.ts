import { expect } from "chai";
import { image, type ImageF32, type ImageU8 } from "../../../src/core/image.ts";
import { normal, seededRandom } from "../../../src/core/random.ts";
import { pointSpread, type Aperture } from "../../../src/dataset/aperture.ts";
import { bilateral, median } from "../../../src/dataset/denoise.ts";
import { drawCamera, drawScene } from "../../../src/dataset/recipe.ts";
import { keepingLast } from "../../../src/dataset/sources.ts";
import { drawTexture } from "../../../src/dataset/textures.ts";
import { videoQuantise } from "../../../src/dataset/video-quantise.ts";

const round: Aperture = {
  blades: 0,
  roundness: 0,
  rotation: 0,
  catEye: 0,
  catEyeAngle: 0,
  rim: 0,
  obstruction: 0,
  chromatic: 0,
};

const total = (filter: ImageF32): number => filter.data.reduce((sum, value) => sum + value, 0);

/** Mean of a function of the place, weighted by the filter. */
function mean(filter: ImageF32, of: (x: number, y: number) => number): number {
  const reach = (filter.width - 1) / 2;
  return filter.data.reduce(
    (sum, value, at) => sum + value * of((at % filter.width) - reach, Math.floor(at / filter.width) - reach),
    0,
  );
}

describe("pointSpread", () => {
  it("of a round aperture is the disk: even, and r^2 / 4 its second moment along an axis", () => {
    for (const radius of [2.5, 9, 31.3]) {
      const filter = pointSpread(round, radius);
      expect(total(filter)).to.be.closeTo(1, 1e-5);
      // A pixel adds its own 1/12.
      expect(mean(filter, (x) => x * x)).to.be.closeTo(radius ** 2 / 4 + 1 / 12, 0.01 * radius ** 2 + 0.02);
      const inside = filter.data[((filter.width - 1) / 2) * filter.width + (filter.width - 1) / 2]!;
      expect(inside).to.be.closeTo(1 / (Math.PI * radius ** 2), 0.03 * inside);
    }
  });

  it("of blades has the area of the disk, with corners beyond its radius", () => {
    const radius = 20;
    for (const blades of [5, 6, 9]) {
      const filter = pointSpread({ ...round, blades, rotation: 0.3 }, radius);
      const most = Math.max(...filter.data);
      const area = filter.data.reduce((sum, value) => sum + value / most, 0);
      expect(area).to.be.closeTo(Math.PI * radius ** 2, 0.02 * Math.PI * radius ** 2);
      const reach = (filter.width - 1) / 2;
      const farthest = Math.max(
        ...[...filter.data].map((value, at) =>
          value > most / 2
            ? Math.hypot((at % filter.width) - reach, Math.floor(at / filter.width) - reach)
            : 0,
        ),
      );
      const corner = radius * Math.sqrt(Math.PI / ((blades / 2) * Math.sin((2 * Math.PI) / blades)));
      expect(farthest).to.be.within(corner - 1.5, corner + 0.5);
    }
  });

  it("loses light on the side of the barrel, at the rim and in the middle when told to", () => {
    const squared = (filter: ImageF32): number => mean(filter, (x, y) => x * x + y * y);
    const disk = pointSpread(round, 15);
    expect(mean(pointSpread({ ...round, catEye: 0.6 }, 15), (x) => x)).to.be.greaterThan(1);
    expect(squared(pointSpread({ ...round, rim: 0.6 }, 15))).to.be.greaterThan(1.1 * squared(disk));
    expect(squared(pointSpread({ ...round, rim: -0.6 }, 15))).to.be.lessThan(0.9 * squared(disk));
    const ring = pointSpread({ ...round, obstruction: 0.4 }, 15);
    expect(ring.data[(ring.data.length - 1) / 2]).to.equal(0);
  });

  it("is a single pixel where the aperture is far smaller than one", () => {
    const filter = pointSpread(round, 0.01);
    expect([...filter.data].filter((value) => value !== 0)).to.have.length(1);
  });

  it("spreads colours over different radii", () => {
    const filter = pointSpread({ ...round, chromatic: 3 }, 10);
    const reach = (filter.width - 1) / 2;
    // Only red, 0.299 of the light, reaches 12.5 px.
    const beyond = mean(filter, (x, y) => (Math.hypot(x, y) > 11 ? 1 : 0));
    expect(reach).to.be.at.least(13);
    expect(beyond).to.be.closeTo(0.299 * (1 - 11 ** 2 / 13 ** 2), 0.02);
  });
});

describe("noise reduction", () => {
  const noisy = (level: (x: number) => number): ImageF32 => {
    const random = seededRandom(3);
    return image(
      64,
      64,
      1,
      Float32Array.from({ length: 64 * 64 }, (_, at) => level(at % 64) + 4 * normal(random)),
    );
  };
  const deviation = (picture: ImageF32, from: number, to: number): number => {
    const values = [...picture.data].filter((_, at) => at % 64 >= from && at % 64 < to);
    const centre = values.reduce((sum, value) => sum + value, 0) / values.length;
    return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / values.length);
  };

  it("lowers the noise and keeps a step", () => {
    const step = noisy((x) => (x < 32 ? 60 : 160));
    for (const filtered of [bilateral(step, 10), median(step)]) {
      expect(deviation(filtered, 4, 28)).to.be.lessThan(0.7 * deviation(step, 4, 28));
      const across = filtered.data[32 * 64 + 33]! - filtered.data[32 * 64 + 30]!;
      expect(across).to.be.greaterThan(85);
    }
  });

  it("the median of five is the one in the middle", () => {
    const random = seededRandom(7);
    for (let run = 0; run < 200; run++) {
      const values = Float32Array.from({ length: 9 }, () => Math.floor(random.next() * 6));
      const cross = [1, 3, 4, 5, 7].map((at) => values[at]!).sort((a, b) => a - b);
      expect(median(image(3, 3, 1, values)).data[4]).to.equal(cross[2]);
    }
  });
});

describe("videoQuantise", () => {
  const leaves = drawTexture("leaves", 64, seededRandom(2));
  const error = (other: ImageU8): number =>
    Math.sqrt(
      leaves.data.reduce((sum, value, at) => sum + (value - other.data[at]!) ** 2, 0) / leaves.data.length,
    );

  for (const block of [4, 8] as const) {
    it(`loses nothing at the finest step and more with each QP, in blocks of ${block}`, () => {
      expect(error(videoQuantise(leaves, { qp: 0, block }))).to.be.lessThan(0.5);
      const errors = [12, 24, 36, 48].map((qp) => error(videoQuantise(leaves, { qp, block })));
      expect(errors).to.deep.equal([...errors].sort((a, b) => a - b));
      expect(errors[3]).to.be.greaterThan(3 * errors[0]!);
    });
  }

  it("keeps a flat picture flat and pixels outside whole blocks as they are", () => {
    const flat = image(13, 9, 1, new Uint8Array(13 * 9).fill(77));
    const { data } = videoQuantise(flat, { qp: 30, block: 8 });
    expect(Math.max(...data.map((value) => Math.abs(value - 77)))).to.be.at.most(7);
    expect(data[8 * 13 + 12]).to.equal(77);
  });
});

describe("drawing of effects", () => {
  it("draws none of the extended ones for the standard set, and each of them now and then otherwise", () => {
    const random = seededRandom(5);
    const cameras = Array.from({ length: 400 }, () => drawCamera(random, 5, 2.2, "extended"));
    for (const present of [
      (each: (typeof cameras)[number]) => each.srgb === true,
      (each: (typeof cameras)[number]) => each.denoise !== undefined,
      (each: (typeof cameras)[number]) => each.video !== undefined,
    ])
      expect(cameras.filter(present).length / cameras.length).to.be.within(0.1, 0.6);
    expect(cameras.filter(({ video, jpegQuality }) => video !== undefined && jpegQuality > 0)).to.be.empty;
    const plain = Array.from({ length: 100 }, () => drawCamera(random, 5, 2.2));
    expect(plain.some((each) => each.srgb ?? each.denoise ?? each.video)).to.equal(false);
    const scenes = Array.from({ length: 200 }, () => drawScene(random, 3, 5, "extended"));
    expect(scenes.filter(({ aperture }) => aperture !== undefined).length).to.be.within(80, 160);
    expect(drawScene(random, 3, 5).aperture).to.equal(undefined);
  });
});

describe("keepingLast", () => {
  it("reads again only what it had to forget", async () => {
    const read: string[] = [];
    const load = keepingLast((name) => {
      read.push(name);
      return Promise.resolve(image(10, 10, 1, new Uint8Array(100)));
    }, 200);
    for (const name of ["a", "b", "a", "c", "a", "b"]) await load(name);
    expect(read).to.deep.equal(["a", "b", "c", "b"]);
  });
});
