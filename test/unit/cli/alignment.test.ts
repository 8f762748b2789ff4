import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import {
  compose,
  cornerDistance,
  IDENTITY,
  type Similarity,
} from "../../../src/algorithms/calibration/registration/similarity.ts";
import { byPictures, inOrder, type LaidFrame } from "../../../src/cli/fuse/alignment.ts";
import { framesOf } from "../../../src/cli/fuse/frames.ts";
import { isIdentity, lay } from "../../../src/cli/fuse/lay.ts";
import { AutofocusError } from "../../../src/core/errors.ts";
import { image, type ImageF32 } from "../../../src/core/image.ts";
import { seededRandom } from "../../../src/core/random.ts";
import { writePicture } from "../../../src/io/picture.ts";
import { rejection } from "../../support/async.ts";
import { FRAME, look, sheet } from "../../support/warped-pair.ts";

const nowhere = (): Promise<void> => Promise.resolve();

describe("the alignment of a stack", () => {
  it("chains magnifications, turns and shifts of a hand-held stack towards its middle frame", async () => {
    const random = seededRandom(3);
    const scene = sheet(1);
    const from = (along: number, across: number, dx: number, dy: number): Similarity => ({
      along,
      across,
      dx,
      dy,
    });
    // Each over the frame before it; the third is the reference.
    const steps = [
      IDENTITY,
      from(1.01, 0.004, 2, -1),
      from(1.008, -0.006, -1.5, 2),
      from(1.012, 0.005, 1, 1.2),
      from(1.01, 0.003, 0.7, -2.1),
    ];
    const seen: Similarity[] = [];
    for (const step of steps) seen.push(compose(step, seen.at(-1) ?? IDENTITY));
    const frames = await Promise.all(
      seen.map((map, i) => look(scene, map, { blur: [0, 3, 1, 4, 2][i]!, noise: 0.01 }, random)),
    );
    const maps = await byPictures(frames.length, (index) => Promise.resolve(frames[index]!), nowhere);
    expect(isIdentity(maps[2]!)).equal(true);
    const errors = maps.map((map, i) => cornerDistance(compose(map, seen[2]!), seen[i]!, FRAME));
    const rms = Math.sqrt(errors.reduce((sum, each) => sum + each * each, 0) / errors.length);
    expect(rms, errors.map((each) => each.toFixed(2)).join(" ")).below(0.35);
  });

  it("leaves a stack as it is that lies as it should", async () => {
    const random = seededRandom(4);
    const frames = await Promise.all(
      [4, 1, 3].map((blur) => look(sheet(2), IDENTITY, { blur, noise: 0.01 }, random)),
    );
    const maps = await byPictures(3, (index) => Promise.resolve(frames[index]!), nowhere);
    expect(maps.every(isIdentity)).equal(true);
  });

  it("hands every frame over once, from the reference outward, as it lies over it", async () => {
    const random = seededRandom(5);
    const seen = [3, 1.5, 0, -1, -4, 2].map((dx) => ({ ...IDENTITY, dx }));
    const frames = await Promise.all(seen.map((map) => look(sheet(3), map, { noise: 0.01 }, random)));
    const handed: LaidFrame<ImageF32>[] = [];
    const read: number[] = [];
    const maps = await byPictures(
      frames.length,
      (index) => {
        read.push(index);
        return Promise.resolve(frames[index]!);
      },
      async (frame) => {
        handed.push(frame);
        // Slow enough that a second one would come meanwhile.
        await new Promise((resolve) => setTimeout(resolve, 5));
        expect(handed.at(-1)).equal(frame);
      },
    );
    expect(read.toSorted()).to.deep.equal([0, 1, 2, 3, 4, 5]);
    expect(handed.map(({ index, end }) => `${index} ${end}`)).to.deep.equal([
      "2 last",
      "3 last",
      "1 first",
      "4 last",
      "0 first",
      "5 last",
    ]);
    for (const { index, picture, valid } of handed)
      expect({ picture, valid }).to.deep.equal(await lay(frames[index]!, maps[index]!));
  });

  it("hands frames over in their order where their maps are known", async () => {
    const frames = [0, 1, 2, 3].map((value) => image(8, 6, 1, new Float32Array(48).fill(value)));
    const maps = frames.map((_, i) => ({ ...IDENTITY, dx: i % 2 }));
    const handed: number[] = [];
    await inOrder(
      maps,
      (index) => Promise.resolve(frames[index]!),
      ({ index, picture, valid, end }) => {
        handed.push(index);
        expect(picture.data[0]).equal(index);
        expect(valid?.width).equal(index % 2 === 0 ? undefined : 7);
        expect(end).equal("last");
        return Promise.resolve();
      },
    );
    expect(handed).to.deep.equal([0, 1, 2, 3]);
  });

  it("fails by what reading or taking in a frame fails by", async () => {
    const frame = image(64, 48, 1, new Float32Array(64 * 48).fill(0.5));
    const error = new AutofocusError("io", "unreadable");
    const read = (bad: number) => (index: number) =>
      index === bad ? Promise.reject(error) : Promise.resolve(frame);
    const add = (bad: number) => (laid: LaidFrame<ImageF32>) =>
      laid.index === bad ? Promise.reject(error) : Promise.resolve();
    const maps = Array.from({ length: 5 }, () => IDENTITY);
    for (const bad of [0, 1, 2, 4]) {
      for (const failing of [
        () => byPictures(5, read(bad), nowhere),
        () => byPictures(5, read(-1), add(bad)),
        () => inOrder(maps, read(bad), nowhere),
        () => inOrder(maps, read(-1), add(bad)),
      ])
        expect(await rejection(failing())).equal(error);
    }
  });

  it("says which part of the reference a moved or turned frame reaches", async () => {
    const frame = image(40, 30, 1, new Uint8Array(1200).fill(9));
    expect((await lay(frame, IDENTITY)).valid).equal(undefined);
    // The frame shows everything 5 px further right: of the reference, its last 5 columns are not there.
    expect((await lay(frame, { ...IDENTITY, dx: 5 })).valid).to.deep.equal({
      x: 0,
      y: 0,
      width: 35,
      height: 30,
    });
    const turned = { along: 1, across: 0.1, dx: 0, dy: 0 };
    const { valid } = await lay(frame, turned);
    // Corners of that part, turned about the middle, stay inside; one pixel further out they do not.
    const isInside = (x: number, y: number): boolean => {
      const [u, v] = [x - 19.5, y - 14.5];
      return Math.abs(u - 0.1 * v) <= 19.5 && Math.abs(0.1 * u + v) <= 14.5;
    };
    const { x, y, width, height } = valid!;
    for (const cornerX of [x, x + width - 1])
      for (const cornerY of [y, y + height - 1]) expect(isInside(cornerX, cornerY)).equal(true);
    expect(isInside(x - 1, y + height - 1)).equal(false);
    expect(width).greaterThan(30);
  });
});

describe("the frames to fuse", () => {
  it("are the pictures of a folder in the order of their numbers, without a map of the stack", async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), "frames-"));
    try {
      const picture = image(4, 4, 1, new Uint8Array(16));
      for (const name of ["frame10.png", "frame9.png", "frame1.png", "stack_depthmap.png"])
        await writePicture(path.join(folder, name), picture);
      const found = await framesOf([folder, "single.png"]);
      expect(found.map((file) => path.basename(file))).to.deep.equal([
        "frame1.png",
        "frame9.png",
        "frame10.png",
        "single.png",
      ]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
