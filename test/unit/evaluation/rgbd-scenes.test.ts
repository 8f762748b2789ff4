import { expect } from "chai";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { image } from "../../../src/core/image.ts";
import { rgbdScenes } from "../../../src/evaluation/capture/rgbd-scenes.ts";
import { writePicture } from "../../../src/io/picture.ts";
import { rejection } from "../../support/async.ts";
import { linearLens } from "../../support/linear-lens.ts";

const LENS = linearLens();

describe("evaluation: photographs with measured depth", () => {
  let folder = "";

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "rgbd-"));
  });

  afterEach(() => rm(folder, { recursive: true }));

  /** A scene whose every row has these disparities. */
  async function write(
    name: string,
    disparities: readonly number[],
    names = ["view1", "disp1"],
  ): Promise<void> {
    const [width, height] = [disparities.length, 4];
    const at = path.join(folder, name);
    await mkdir(at);
    const gray = Uint8Array.from({ length: width * height }, (_, pixel) => disparities[pixel % width]!);
    await writePicture(
      path.join(at, `${names[0]!}.png`),
      image(6, 4, 3, new Uint8Array(6 * 4 * 3).fill(128)),
    );
    await writePicture(path.join(at, `${names[1]!}.png`), image(width, height, 1, gray));
  }

  it("lie where their disparities say, near things at the near end, the middle of the range filled", async () => {
    await write("b", [40, 40, 60, 80, 120, 120], ["im2", "disp2"]);
    await write("a", [10, 10, 20, 20, 30, 30]);
    const scenes = await rgbdScenes(folder, LENS);
    expect(scenes.map(({ seed }) => seed)).to.deep.equal([1, 2]);
    const [a, b] = scenes;
    expect([...a!.focus.data.slice(0, 6)]).to.deep.equal([100, 100, 500, 500, 900, 900]);
    expect([...b!.focus.data.slice(6, 12)]).to.deep.equal([100, 100, 300, 500, 900, 900]);
    // Linear light: (128 / 255) ^ 2.2.
    expect(a!.picture.data[0]).to.be.closeTo(0.2195, 1e-3);
    expect(a!.picture).to.include({ width: 6, height: 4, channels: 3 });
  });

  it("have what is not known behind what is beside it", async () => {
    await write("holes", [0, 10, 0, 0, 30, 0]);
    const [holes] = await rgbdScenes(folder, LENS);
    expect([...holes!.focus.data.slice(0, 6)]).to.deep.equal([100, 100, 100, 100, 900, 900]);
  });

  it("are refused where something is missing, with what to do", async () => {
    await write("odd", [10, 20, 30]);
    expect((await rejection(rgbdScenes(folder, LENS))).message).to.match(/differ in size/);
    await write("bare", [10, 10, 20, 20, 30, 30], ["view1", "depth"]);
    const error = await rejection(rgbdScenes(path.join(folder), LENS));
    expect(error.message).to.match(/no picture with its disparities in .*bare|differ in size/);
    await rm(path.join(folder, "odd"), { recursive: true });
    expect((await rejection(rgbdScenes(folder, LENS))).cure).to.match(/view1 and its disparities disp1/);
  });
});
