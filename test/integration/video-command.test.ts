import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { psnr } from "../../src/algorithms/fusion/metrics/psnr.ts";
import { unitRange } from "../../src/algorithms/fusion/unit-range.ts";
import { videoCommand } from "../../src/cli/commands/video.ts";
import { image, type ImageF32 } from "../../src/core/image.ts";
import { diskBlur, gaussianBlur } from "../../src/core/native/index.ts";
import { seededRandom } from "../../src/core/random.ts";
import { readPicture, writePicture } from "../../src/io/picture.ts";
import { rejection } from "../support/async.ts";
import { noiseF32 } from "../support/pictures.ts";

const [WIDTH, HEIGHT] = [160, 120];
const [NEAR, FAR] = [600, 400];
/** 0.02 px a step, no focus breathing. */
const LENS = `name: flat
range: { min: 300, max: 700 }
sensor: { width: ${WIDTH}, height: ${HEIGHT} }
frame: { width: ${WIDTH}, height: ${HEIGHT} }
model:
  form: grid
  positions: [300, 700]
  radius: [[0, 8], [8, 0]]
  scale: [[1, 1], [1, 1]]
depthOfField:
  - { position: 300, halfWidth: 50 }
  - { position: 700, halfWidth: 50 }
`;

describe("the command video", () => {
  let [folder, frames, lens] = ["", "", ""];
  let sharp: ImageF32;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "video-command-"));
    [frames, lens] = [path.join(folder, "frames"), path.join(folder, "flat.yaml")];
    await writeFile(lens, LENS);
    sharp = await gaussianBlur(noiseF32(seededRandom(5), WIDTH, HEIGHT), 1);
    for (let frame = 0; frame < 6; frame++) {
      const z = frame % 2 === 0 ? NEAR : FAR;
      await writePicture(path.join(frames, `${frame}.png`), await seenAt(z));
    }
  });
  after(() => rm(folder, { recursive: true }));

  /** The left half is near, the right one far. */
  async function seenAt(z: number) {
    const [near, far] = await Promise.all([NEAR, FAR].map((z0) => diskBlur(sharp, 0.02 * Math.abs(z - z0))));
    const half = (i: number): number => (i % WIDTH < WIDTH / 2 ? near!.data[i]! : far!.data[i]!);
    return image(
      WIDTH,
      HEIGHT,
      1,
      Uint8Array.from(sharp.data, (_, i) => Math.round(255 * half(i))),
    );
  }

  const video = (...args: string[]) => videoCommand().exitOverride().parseAsync(args, { from: "user" });
  const likeness = async (file: string): Promise<number> =>
    psnr(await unitRange(await readPicture(file)), sharp, 1);

  it("puts together, picture by picture, what the frames have in focus, and says where that is", async () => {
    const out = path.join(folder, "out");
    await video(frames, "--lens", lens, "--positions", `${NEAR},${FAR}`, "-o", out, "--depth");
    const names = (await readdir(out)).sort();
    expect(names).to.have.length(12);
    expect(names.slice(-2)).to.deep.equal(["000006-depth.png", "000006.png"]);
    const frame = await likeness(path.join(frames, "5.png"));
    expect(await likeness(path.join(out, "000006.png"))).to.be.greaterThan(frame + 4);
    const depth = await readPicture(path.join(out, "000006-depth.png"));
    const at = (x: number): number => 300 + (400 * depth.data[(HEIGHT / 2) * WIDTH + x]!) / 65535;
    expect(at(WIDTH / 4)).to.be.closeTo(NEAR, 30);
    expect(at((3 * WIDTH) / 4)).to.be.closeTo(FAR, 30);
  });

  it("says what is wrong, and leaves the frames as they are", async () => {
    const refused = async (...args: string[]): Promise<string> => {
      const error = await rejection(video(...args, "--lens", lens));
      return `${error.code}: ${error.message}`;
    };
    const out = path.join(folder, "none");
    const before = await readFile(path.join(frames, "0.png"));
    expect(await refused(frames, "--positions", "600", "-o", frames)).to.match(/invalid_input: .*--out/);
    expect(await refused(frames, "--positions", "600,900", "-o", out)).to.match(
      /invalid_input: .*300 to 700/,
    );
    expect(await refused(frames, "--positions", "6,6,6,6,6,6,6", "-o", out)).to.match(/at most 6 numbers/);
    expect(await refused(path.join(folder, "no.png"), "--positions", "600", "-o", out)).to.match(/^io: /);
    const other = path.join(folder, "other.png");
    await writePicture(other, image(64, 64, 1, new Uint8Array(4096)));
    const mixed = [path.join(frames, "0.png"), other];
    expect(await refused(...mixed, "--positions", "600", "-o", out)).to.match(/^fusion_failed: /);
    expect(await readFile(path.join(frames, "0.png"))).to.deep.equal(before);
  });
});
