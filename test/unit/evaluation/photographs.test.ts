/** Which photographs an evaluation takes, and work on several at a time. */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { image, type ImageU8 } from "../../../src/core/image.ts";
import { seededRandom } from "../../../src/core/random.ts";
import { drawTexture } from "../../../src/dataset/textures.ts";
import { concurrently } from "../../../src/evaluation/concurrently.ts";
import { listPhotographs, usablePhotographs } from "../../../src/evaluation/photos/photographs.ts";
import { stacksIn } from "../../../src/evaluation/stacks/stack-folders.ts";
import { writePicture } from "../../../src/io/picture.ts";
import { rejection } from "../../support/async.ts";
import { paperLens } from "../../support/synthetic-focus.ts";

const blank: ImageU8 = image(300, 300, 1, new Uint8Array(90_000).fill(90));

describe("the photographs of an evaluation", () => {
  let folder = "";
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "photographs-"));
    await writePicture(path.join(folder, "wood_1.png"), drawTexture("leaves", 300, seededRandom(1)));
    for (const name of ["wood_2.png", "wall_1.png", "wall_2.png", "plain.png"])
      await writePicture(path.join(folder, name), blank);
  });
  after(() => rm(folder, { recursive: true }));

  it("are known by their sets, in an order that the seed alone decides", async () => {
    const names = async (seed: number): Promise<string[]> =>
      (await listPhotographs([folder], new Set(), seed)).photographs.map(({ set, name }) => `${set}/${name}`);
    const first = await names(1);
    expect(first.toSorted()).to.deep.equal([
      ...["plain/plain.png", "wall/wall_1.png", "wall/wall_2.png", "wood/wood_1.png", "wood/wood_2.png"],
    ]);
    expect(await names(1)).to.deep.equal(first);
    const orders = await Promise.all([2, 3, 4].map(names));
    expect(orders.some((order) => order.join() !== first.join())).to.equal(true);
  });

  it("leave out what a network was trained on", async () => {
    const trained = new Set(["wall_1.png", "wood_2.png", "elsewhere.png"]);
    const { photographs, trainedOn } = await listPhotographs([folder], trained, 1);
    expect(trainedOn.toSorted()).to.deep.equal(["wall_1.png", "wood_2.png"]);
    expect(photographs).to.have.length(3);
    const all = new Set(["plain.png", "wall_1.png", "wall_2.png", "wood_1.png", "wood_2.png"]);
    expect((await rejection(listPhotographs([folder], all, 1))).code).to.equal("invalid_input");
  });

  it("are used only where there is something to focus on", async () => {
    const { photographs } = await listPhotographs([folder], new Set(), 1);
    const usable = await usablePhotographs(photographs, 5, "512", paperLens());
    expect(usable.map(({ name }) => name)).to.deep.equal(["wood_1.png"]);
    const walls = photographs.filter(({ set }) => set === "wall");
    expect((await rejection(usablePhotographs(walls, 5, "512", paperLens()))).code).to.equal("no_texture");
  });

  it("come with folders of stacks, or with an error that says what is missing", async () => {
    expect(await stacksIn(path.dirname(folder))).to.include(folder);
    expect((await rejection(stacksIn(folder))).code).to.equal("invalid_input");
    expect((await rejection(stacksIn(path.join(folder, "none")))).code).to.equal("io");
  });
});

describe("work on several things at a time", () => {
  it("gives results in the order of the items, however long each takes", async () => {
    const waits = [20, 1, 10, 0];
    const results = await concurrently(waits, async (wait, index) => {
      await new Promise((resolve) => setTimeout(resolve, wait));
      return index;
    });
    expect(results).to.deep.equal([0, 1, 2, 3]);
    expect(await concurrently([], () => Promise.resolve(1))).to.deep.equal([]);
  });

  it("ends with the first failure and begins nothing after it", async () => {
    let begun = 0;
    const work = concurrently(Array.from({ length: 100 }), async () => {
      begun++;
      await Promise.resolve();
      throw new Error("no");
    });
    const error = await work.catch((reason: unknown) => reason);
    expect(error).to.be.an("error").with.property("message", "no");
    expect(begun).to.be.below(10);
  });
});
