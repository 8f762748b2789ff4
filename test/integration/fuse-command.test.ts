import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { luma } from "../../src/algorithms/fusion/luma.ts";
import { edgePreservation } from "../../src/algorithms/fusion/metrics/edge-preservation.ts";
import { psnr } from "../../src/algorithms/fusion/metrics/psnr.ts";
import { fuseCommand } from "../../src/cli/commands/fuse.ts";
import { readFrame } from "../../src/cli/fuse/frames.ts";
import { image, type ImageF32 } from "../../src/core/image.ts";
import { expose } from "../../src/core/native/index.ts";
import { seededRandom } from "../../src/core/random.ts";
import { DepthScene } from "../../src/drivers/simulator/depth-scene.ts";
import { poster } from "../../src/drivers/simulator/procedural/poster.ts";
import { loadLens } from "../../src/io/lens-file.ts";
import { readPicture, writePicture } from "../../src/io/picture.ts";
import { rejection } from "../support/async.ts";
import { realData } from "../support/data.ts";

const WIDTH = 320;
const HEIGHT = 240;
/** Where the left and the right half of the scene are sharp, and the frames are taken. */
const POSITIONS = [1400, 1800] as const;
const CAMERA = { gain: 1, gamma: 2.2, shotNoise: 0, readNoise: 0, seed: 1 };

describe("the command fuse", () => {
  let folder = "";
  let out = "";
  let frames: string[] = [];
  let truth: ImageF32;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "fuse-"));
    out = path.join(folder, "out", "fused.png");
    frames = POSITIONS.map((position) => path.join(folder, `${position}.png`));
    const lens = (await loadLens("evetar-25mm")).resized(0.15);
    const picture = poster({ width: WIDTH, height: HEIGHT, channels: 3 }, seededRandom(7));
    const z0 = Float32Array.from(
      { length: WIDTH * HEIGHT },
      (_, i) => POSITIONS[i % WIDTH < WIDTH / 2 ? 0 : 1],
    );
    const view = { lens, reference: POSITIONS[0] };
    const scene = new DepthScene(picture, image(WIDTH, HEIGHT, 1, z0), view);
    for (const [i, position] of POSITIONS.entries())
      await writePicture(frames[i]!, await expose(await scene.render(position), CAMERA));
    const sharp = path.join(folder, "truth.png");
    await writePicture(sharp, await expose(picture, CAMERA));
    truth = await readFrame(sharp, 3);
  });
  after(() => rm(folder, { recursive: true }));
  beforeEach(() => rm(out, { force: true }));

  const fuse = (files: readonly string[], ...options: string[]): Promise<unknown> =>
    fuseCommand().parseAsync([...files, "-o", out, ...options], { from: "user" });

  /** Agreement of the result with the scene, away from the border and from the edge between the halves, dB. */
  async function quality(): Promise<number> {
    const picture = await readFrame(out, 3);
    const isInside = (i: number): boolean => {
      const [x, y] = [Math.floor(i / 3) % WIDTH, Math.floor(i / 3 / WIDTH)];
      return x >= 16 && y >= 16 && x < WIDTH - 16 && y < HEIGHT - 16 && Math.abs(x - WIDTH / 2) > 20;
    };
    const inside = (source: ImageF32): ImageF32 => ({
      ...source,
      data: source.data.map((value, i) => (isInside(i) ? value : 0)),
    });
    return psnr(inside(picture), inside(truth), 1);
  }

  it("makes one sharp picture, aligned by the lens or by what the frames show", async () => {
    await fuse(frames, "--no-align");
    const crooked = await quality();
    await fuse(frames, "--lens", "evetar-25mm", "--positions", POSITIONS.join(","));
    const known = await quality();
    await fuse(frames);
    const found = await quality();
    expect(known)
      .to.be.greaterThan(30)
      .and.greaterThan(crooked + 3);
    expect(found).to.be.greaterThan(known - 2);
  });

  it("writes from which focus position each pixel comes, black the lowest and white the highest", async () => {
    const depth = path.join(folder, "depth.png");
    await fuse(frames, "--lens", "evetar-25mm", "--positions", POSITIONS.join(","), "--depth", depth);
    const { data } = await readPicture(depth);
    expect(data).to.be.instanceOf(Uint16Array);
    const share = (from: number, to: number, value: number): number => {
      const half = data.filter((_, i) => i % WIDTH >= from && i % WIDTH < to);
      return half.filter((each) => each === value).length / half.length;
    };
    expect(share(20, WIDTH / 2 - 20, 0)).to.be.greaterThan(0.9);
    expect(share(WIDTH / 2 + 20, WIDTH - 20, 65535)).to.be.greaterThan(0.9);
  });

  it("keeps 16 bits and gray", async () => {
    const wide = [0, 1].map((i) => path.join(folder, `wide-${i}.tif`));
    const data = Uint16Array.from({ length: 40 * 40 }, (_, i) => (i * 40503) % 65536);
    for (const file of wide) await writePicture(file, image(40, 40, 1, data));
    await fuse(wide);
    expect(await readPicture(out)).to.deep.equal(image(40, 40, 1, data));
  });

  it("takes any number of frames, by either method", async () => {
    for (const method of ["default", "gfdf"]) {
      await fuse([...frames, frames[0]!], "--method", method);
      expect(await readPicture(out)).to.include({ width: WIDTH, height: HEIGHT, channels: 3 });
    }
  });

  const wrong: [string, () => readonly string[], readonly string[], string, string][] = [
    ["one frame", () => frames.slice(1), [], "invalid_input", "at least 2"],
    ["positions that are too few", () => frames, ["--positions", "1"], "invalid_input", "2 numbers"],
    ["a lens without positions", () => frames, ["--lens", "ca378-vcm"], "invalid_input", "--positions"],
    [
      "a position that the lens does not have",
      () => frames,
      ["--lens", "ca378-vcm", "--positions", "500,5000"],
      "invalid_input",
      "450 to 1000",
    ],
    [
      "alignment by the lens and none",
      () => frames,
      ["--lens", "ca378-vcm", "--positions", "500,600", "--no-align"],
      "invalid_input",
      "contradict",
    ],
    ["a depth picture of 8 bits", () => frames, ["--depth", "depth.jpg"], "invalid_input", "depth.jpg"],
    ["a missing frame", () => [frames[0]!, "none.png"], [], "io", "none.png"],
  ];
  for (const [what, files, options, code, said] of wrong) {
    it(`refuses ${what} and writes nothing`, async () => {
      const error = await rejection(fuse(files(), ...options));
      expect(error.code).to.equal(code);
      expect(error.summary).to.include(said);
      expect(existsSync(out)).to.equal(false);
    });
  }

  it("replaces no frame and writes nothing twice, and takes no result of an earlier run for a frame", async () => {
    const [first] = frames as [string, string];
    const before = await readFile(first);
    const onto = fuseCommand().parseAsync([...frames, "-o", first], { from: "user" });
    expect(await rejection(onto)).to.include({ code: "invalid_input" });
    expect((await rejection(fuse(frames, "--depth", out))).message).to.equal(
      `${out} would be written twice.`,
    );
    expect(await readFile(first)).to.deep.equal(before);
    expect(existsSync(out)).to.equal(false);
    const stack = path.join(folder, "stack");
    for (const [index, frame] of frames.entries())
      await writePicture(path.join(stack, `${index}.png`), await readPicture(frame));
    const inside = path.join(stack, "9.png");
    for (const run of [1, 2]) {
      await fuseCommand().parseAsync([stack, "-o", inside, "--positions", "1,2"], { from: "user" });
      expect(existsSync(inside), `run ${run}`).to.equal(true);
    }
  });

  it("says which frames show too little of the same to be aligned", async () => {
    const other = path.join(folder, "other.png");
    const elsewhere = poster({ width: WIDTH, height: HEIGHT, channels: 3 }, seededRandom(99));
    await writePicture(other, await expose(elsewhere, CAMERA));
    const said: string[] = [];
    const write = process.stderr.write.bind(process.stderr);
    process.stderr.write = (chunk) => said.push(String(chunk)) > 0;
    try {
      await fuse(frames);
      expect(said).to.deep.equal([]);
      await fuse([frames[0]!, other]);
    } finally {
      process.stderr.write = write;
    }
    expect(said.join("")).to.match(/^left as they lie, .*: .*other\.png\n$/);
  });

  it("refuses frames of different sizes, naming them", async () => {
    const small = path.join(folder, "small.png");
    await writePicture(small, image(4, 4, 1, new Uint8Array(16)));
    const error = await rejection(fuse([frames[0]!, small]));
    expect(error.code).to.equal("fusion_failed");
    expect(error.message).to.include("320x240").and.to.include("small.png (4x4)");
  });

  it("keeps the edges of real pairs as well as the method was published to", async function () {
    const of = (side: string): string => realData(this, "multifocus", "lytro", `lytro_01_${side}.jpg`);
    const pair = [of("A"), of("B")];
    await fuse(pair);
    const [a, b, fused] = await Promise.all(
      [...pair, out].map(async (file) => luma(await readFrame(file, 3))),
    );
    // Mean Qabf over the 20 Lytro pairs in the publication: 0.705.
    expect(edgePreservation(a!, b!, fused!)).to.be.greaterThan(0.705);
  });
});
