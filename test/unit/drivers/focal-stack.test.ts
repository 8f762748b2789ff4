import { writeFile } from "node:fs/promises";
import path from "node:path";
import { expect } from "chai";
import { SteppedClock } from "../../../src/core/clock.ts";
import { image } from "../../../src/core/image.ts";
import { openStack } from "../../../src/drivers/replay/focal-stack.ts";
import { ReplayLens } from "../../../src/drivers/replay/replay-lens.ts";
import { writePicture } from "../../../src/io/picture.ts";
import { letPass } from "../../contract/lens-driver.ts";
import { rejection } from "../../support/async.ts";
import { withStack } from "../../support/stack.ts";

const named = (...numbers: number[]): string[] => numbers.map((number) => `frame${number}.png`);

describe("focal stacks", () => {
  it("come in the order of the numbers in the names, whatever else is in the folder", () =>
    withStack({ names: named(2, 10, 1) }, async (folder) => {
      await writeFile(path.join(folder, "README.txt"), "frame 7");
      await writePicture(path.join(folder, "cover.png"), image(3, 3, 1, new Uint8Array(9)));
      const stack = await openStack(folder);
      expect(stack.positions).to.deep.equal([1, 2, 10]);
      expect(stack).to.include({ width: 12, height: 8, channels: 1 });
      expect((await stack.read(10)).data[0]).to.equal(60);
      expect(stack.trueFocus({ x: 0, y: 0, width: 4, height: 4 })).to.equal(undefined);
    }));

  for (const name of ["7.png", "pcb_007.png", "step7.tiff", "cam2_frame7.png", "img-0007-a.png"]) {
    it(`know a frame by the last number in ${name}`, () =>
      withStack({ names: [name, name.replace("7", "9")] }, async (folder) => {
        expect((await openStack(folder)).positions).to.deep.equal([7, 9]);
      }));
  }

  it("read the frame nearest to a position, each file once while it is in use", () =>
    withStack({ names: named(1, 4, 6) }, async (folder) => {
      const stack = await openStack(folder);
      expect([-5, 2.4, 2.5, 2.6, 5, 99].map((position) => stack.nearest(position))).to.deep.equal([
        1, 1, 1, 4, 4, 6,
      ]);
      expect(await stack.read(5.9)).to.equal(await stack.read(6));
    }));

  it("forget frames that are not in use, and read them again", () =>
    withStack({ names: named(1, 2, 3, 4, 5, 6) }, async (folder) => {
      const stack = await openStack(folder);
      const first = await stack.read(1);
      for (const position of [2, 3, 4, 5, 6]) await stack.read(position);
      const again = await stack.read(1);
      expect(again).to.not.equal(first);
      expect(again).to.deep.equal(first);
    }));

  for (const name of ["idxImage.png", "scene_depthmap.png", "depth_map.png"]) {
    it(`find the best-focus map ${name} and answer with frames there are`, () =>
      withStack({ names: named(1, 2, 3, 4, 5) }, async (folder) => {
        const values = new Uint8Array(96).map((_, at) => (at % 12 < 6 ? 2 : 9));
        await writePicture(path.join(folder, name), image(12, 8, 1, values));
        const stack = await openStack(folder);
        expect(stack.positions).to.deep.equal([1, 2, 3, 4, 5]);
        expect(stack.trueFocus({ x: 0, y: 0, width: 6, height: 8 })).to.equal(2);
        expect(stack.trueFocus({ x: 6, y: 2, width: 6, height: 2 }), "beyond the last frame").to.equal(5);
        expect(() => stack.trueFocus({ x: 6, y: 2, width: 60, height: 2 })).to.throw("within 12x8");
      }));
  }

  const broken: [string, string[], (folder: string) => Promise<void>, string, string][] = [
    ["fewer than two frames", named(1), () => Promise.resolve(), "invalid_input", "at least 2"],
    ["no frames", [], () => Promise.resolve(), "invalid_input", "found 0"],
    ["frames of two stacks", ["a1.png", "a2.png", "b3.png"], () => Promise.resolve(), "invalid_input", "aN"],
    [
      "a number twice",
      ["a1.png", "a01.png", "a2.png"],
      () => Promise.resolve(),
      "invalid_input",
      "two frames",
    ],
    [
      "a frame of another size",
      named(1, 2),
      (folder) => writePicture(path.join(folder, "frame3.png"), image(5, 5, 1, new Uint8Array(25))),
      "invalid_image",
      "frame3.png is 5x5",
    ],
    [
      "a map of another size",
      named(1, 2),
      (folder) => writePicture(path.join(folder, "idxImage.png"), image(5, 5, 1, new Uint8Array(25))),
      "invalid_image",
      "idxImage.png is 5x5",
    ],
    [
      "a frame that is no picture",
      named(1, 2),
      (folder) => writeFile(path.join(folder, "frame3.png"), "text"),
      "invalid_image",
      "frame3.png",
    ],
  ];
  for (const [what, names, spoil, code, said] of broken) {
    it(`with ${what} are refused`, () =>
      withStack({ names }, async (folder) => {
        await spoil(folder);
        const error = await rejection(openStack(folder));
        expect(error.code).to.equal(code);
        expect(error.message).to.include(said);
      }));
  }

  it("that do not exist are refused", async () => {
    expect(await rejection(openStack("/nowhere/at/all"))).to.have.property("code", "io");
  });

  it("whose frame has become unreadable say so at that frame and recover when it is back", () =>
    withStack({ names: named(1, 2) }, async (folder) => {
      const stack = await openStack(folder);
      const file = path.join(folder, "frame2.png");
      await writeFile(file, "spoilt");
      expect(await rejection(stack.read(2))).to.have.property("code", "invalid_image");
      await writePicture(file, image(12, 8, 1, new Uint8Array(96).fill(7)));
      expect((await stack.read(2)).data[0]).to.equal(7);
    }));

  it("move their lens to the nearest frame", () =>
    withStack({ names: named(1, 4, 6) }, async (folder) => {
      const clock = new SteppedClock();
      const lens = new ReplayLens({ stack: await openStack(folder), clock });
      await lens.open();
      expect(lens.capabilities()).to.include({ min: 1, max: 6 });
      expect((await letPass(clock, lens.moveTo(3))).position).to.equal(4);
      expect(lens.positionAt(clock.now())).to.equal(4);
    }));
});
