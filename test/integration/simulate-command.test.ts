import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { simulateCommand } from "../../src/cli/commands/simulate.ts";
import { image } from "../../src/core/image.ts";
import { seededRandom } from "../../src/core/random.ts";
import { readPicture, writePicture, type Picture } from "../../src/io/picture.ts";
import { rejection } from "../support/async.ts";

const SIDE = 96;

describe("the command simulate", () => {
  let folder = "";
  let photo = "";
  let depth = "";
  let out = "";
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "simulate-"));
    photo = path.join(folder, "photo.png");
    depth = path.join(folder, "depth.png");
    out = path.join(folder, "out", "frame.png");
    const random = seededRandom(1);
    const texture = Uint8Array.from({ length: SIDE * SIDE * 3 }, () => 255 * random.next());
    await writePicture(photo, image(SIDE, SIDE, 3, texture));
    const halves = Uint16Array.from({ length: SIDE * SIDE }, (_, at) => (at % SIDE < SIDE / 2 ? 0 : 65535));
    await writePicture(depth, image(SIDE, SIDE, 1, halves));
  });
  after(() => rm(folder, { recursive: true }));
  beforeEach(() => rm(out, { force: true }));

  async function simulate(...options: string[]): Promise<Picture> {
    await simulateCommand().parseAsync([photo, "--lens", "evetar-25mm", "-o", out, ...options], {
      from: "user",
    });
    return readPicture(out);
  }

  /** Standard deviation within columns from..to. */
  function texture({ width, channels, data }: Picture, from: number, to: number): number {
    const values = [...data].filter((_, at) => {
      const column = Math.floor(at / channels) % width;
      return column >= from && column < to;
    });
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  }

  it("gives back the photograph in focus", async () => {
    expect(await simulate("--position", "1500", "--z0", "1500")).to.deep.equal(await readPicture(photo));
  });

  it("blurs the more the farther the lens is from focus", async () => {
    const near = texture(await simulate("--position", "1500", "--z0", "1530"), 0, SIDE);
    const far = texture(await simulate("--position", "1500", "--z0", "1700"), 0, SIDE);
    expect(near).to.be.within(2, 20);
    expect(far).to.be.below(near / 2);
  });

  it("blurs less when the photograph stands for the whole frame", async () => {
    // 0.157 px * 30 steps * 96 / 3840 is no blur at all.
    const whole = texture(await simulate("--position", "1500", "--z0", "1530", "--whole-frame"), 0, SIDE);
    expect(whole).to.be.above(50);
  });

  it("takes black as far and white as near in a depth picture, over the range given", async () => {
    const far = await simulate("--position", "1400", "--depth", depth, "--depth-range", "1400,1700");
    expect(texture(far, 0, 16)).to.be.above(3 * texture(far, 80, 96));
    const near = await simulate("--position", "1700", "--depth", depth, "--depth-range", "1400,1700");
    expect(texture(near, 80, 96)).to.be.above(3 * texture(near, 0, 16));
    const whole = await simulate("--position", "2100", "--depth", depth);
    expect(texture(whole, 80, 96)).to.be.above(3 * texture(whole, 0, 16));
  });

  it("adds noise, the same for a seed", async () => {
    const noisy = ["--position", "1500", "--z0", "2000", "--noise", "0.05"];
    const once = await simulate(...noisy, "--seed", "4");
    expect(texture(once, 0, SIDE)).to.be.above(4);
    expect(await simulate(...noisy, "--seed", "4")).to.deep.equal(once);
    expect(await simulate(...noisy, "--seed", "5")).to.not.deep.equal(once);
  });

  const wrong: [string, () => string[], string, string][] = [
    ["neither --z0 nor --depth", () => ["--position", "1500"], "invalid_input", "exactly one"],
    ["both", () => ["--position", "1500", "--z0", "1500", "--depth", depth], "invalid_input", "exactly one"],
    ["a position out of range", () => ["--position", "9", "--z0", "1500"], "invalid_input", "--position"],
    ["a focus out of range", () => ["--position", "1500", "--z0", "9"], "invalid_input", "--z0"],
    [
      "negative noise",
      () => ["--position", "1500", "--z0", "1500", "--noise", "-1"],
      "invalid_input",
      "--noise",
    ],
    ["no gamma", () => ["--position", "1500", "--z0", "1500", "--gamma", "0"], "invalid_input", "--gamma"],
    ["half a seed", () => ["--position", "1500", "--z0", "1500", "--seed", "0.5"], "invalid_input", "--seed"],
    [
      "one depth",
      () => ["--position", "1500", "--depth", depth, "--depth-range", "5"],
      "invalid_input",
      "far,near",
    ],
    [
      "a depth range out of range",
      () => ["--position", "1500", "--depth", depth, "--depth-range", "1050,3000"],
      "invalid_input",
      "--depth-range",
    ],
    ["a missing depth picture", () => ["--position", "1500", "--depth", "none.png"], "io", "none.png"],
    [
      "another lens",
      () => ["--position", "1500", "--z0", "1500", "--lens", "x"],
      "invalid_lens_file",
      "ca378-vcm",
    ],
  ];
  for (const [what, options, code, said] of wrong) {
    it(`refuses ${what} and writes nothing`, async () => {
      const error = await rejection(simulate(...options()));
      expect(error.code).to.equal(code);
      expect(error.summary).to.include(said);
      expect(existsSync(out)).to.equal(false);
    });
  }

  it("refuses a depth picture of another size", async () => {
    const small = path.join(folder, "small.png");
    await writePicture(small, image(4, 4, 1, new Uint8Array(16)));
    const error = await rejection(simulate("--position", "1500", "--depth", small));
    expect(error.code).to.equal("invalid_image");
    expect(error.message).to.include("96x96").and.to.include("4x4");
  });

  it("prints one JSON document with --json and ends with 0, and with 2 on wrong use", async () => {
    const main = path.resolve("src/cli/main.ts");
    const run = promisify(execFile);
    const command = ["--import", "tsx", main, "simulate", photo, "--lens", "ca378-vcm", "--position", "600"];
    const { stdout } = await run(process.execPath, [...command, "--z0", "700", "-o", out, "--json"]);
    expect(JSON.parse(stdout)).to.deep.include({ file: out, width: SIDE, height: SIDE, position: 600 });
    const failure = await run(process.execPath, command).then(
      () => undefined,
      (error: unknown) => error as { code: number; stdout: string; stderr: string },
    );
    expect(failure).to.include({ code: 2, stdout: "" });
    expect(failure?.stderr).to.include("--out");
  });
});
