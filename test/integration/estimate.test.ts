/** The `estimate` command as a program: documents, messages and exit codes. */
import { execFile } from "node:child_process";
import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { image, type ImageU8 } from "../../src/core/image.ts";
import { diskBlur } from "../../src/core/native/index.ts";
import { seededRandom } from "../../src/core/random.ts";
import { drawTexture } from "../../src/dataset/textures.ts";
import type { ImageFigures } from "../../src/cli/estimate/estimate-image.ts";
import { writePicture, type Picture } from "../../src/io/picture.ts";
import { temporaryFolder } from "../support/tiny-models.ts";

const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(...args: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(process.execPath, ["--import", "tsx", MAIN, "estimate", ...args], (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
    );
  });
}

/** A procedural scene behind a disk of `radius`, as an 8-bit camera with gamma 2.2 sees it. */
async function defocused(radius: number, side = 640): Promise<ImageU8> {
  const scene = drawTexture("leaves", side, seededRandom(21));
  const light = image(
    side,
    side,
    1,
    Float32Array.from(scene.data, (value) => (value / 255) ** 2.2),
  );
  const { data } = await diskBlur(light, radius);
  return image(
    side,
    side,
    1,
    Uint8Array.from(data, (value) => Math.round(255 * value ** (1 / 2.2))),
  );
}

function colour16(gray: ImageU8): Picture {
  const data = new Uint16Array(3 * gray.data.length);
  gray.data.forEach((value, at) => data.fill(257 * value, 3 * at, 3 * at + 3));
  return image(gray.width, gray.height, 3, data);
}

type Entry = { readonly file: string; readonly error?: { readonly code: string } } & ImageFigures;

describe("estimate", function () {
  this.timeout(60_000);
  let directory: string;
  const file = (name: string): string => path.join(directory, name);
  before(async () => {
    directory = await temporaryFolder();
    await writePicture(file("sharp.png"), await defocused(0));
    await writePicture(file("blurred.png"), await defocused(8));
    await writePicture(file("deep.png"), colour16(await defocused(8)));
    await writePicture(file("small.png"), await defocused(2, 200));
    await writePicture(file("tiny.png"), await defocused(0, 100));
    await writePicture(file("wall.png"), image(300, 300, 1, new Uint8Array(90_000).fill(100)));
    await writeFile(file("broken.png"), "no picture");
  });
  after(() => rm(directory, { recursive: true }));

  it("reads pictures in argument order, 8 and 16 bits, gray and colour, large and small", async () => {
    const names = ["blurred.png", "sharp.png", "deep.png", "small.png", "wall.png"];
    const { code, stdout } = await run(...names.map(file), "--json");
    expect(code).to.equal(0);
    const entries = JSON.parse(stdout) as Entry[];
    expect(entries.map((entry) => path.basename(entry.file))).to.deep.equal(names);
    const [blurred, sharp, deep, small, wall] = entries as [Entry, Entry, Entry, Entry, Entry];
    expect(blurred.radius_px).to.be.closeTo(8, 0.3);
    expect(blurred.in_focus).to.equal(false);
    expect(sharp.radius_px).to.be.lessThan(1.2);
    expect(sharp.in_focus).to.equal(true);
    expect(sharp.sharpness).to.be.greaterThan(blurred.sharpness!);
    expect(deep.radius_px).to.be.closeTo(blurred.radius_px!, 0.2);
    expect(blurred.patches.map(({ x, y, size }) => [x, y, size])).to.deep.equal([
      [0, 0, 512],
      [128, 0, 512],
      [0, 128, 512],
      [128, 128, 512],
      [0, 0, 640],
    ]);
    expect(new Set(small.patches.map(({ size }) => size))).to.deep.equal(new Set([128]));
    expect(wall.radius_px).to.equal(null);
    expect(wall.in_focus).to.equal(false);
    expect(wall.patches.every((patch) => patch.radius_px === null)).to.equal(true);
  });

  it("with a lens names the focus positions on both sides that explain the radius", async () => {
    const { code, stdout } = await run(
      file("blurred.png"),
      ...["--lens", "evetar-25mm", "--position", "1500", "--stride", "64", "--json"],
    );
    expect(code).to.equal(0);
    const [entry] = JSON.parse(stdout) as [Entry];
    expect(entry.candidates).to.have.length(2);
    expect(entry.candidates![0]).to.be.lessThan(1500);
    expect(entry.candidates![1]).to.be.greaterThan(1500);
    expect(entry.in_focus).to.equal(false);
    expect(entry.patches).to.have.length(9);
  });

  it("says what is wrong with one picture, reads the others, and fails", async () => {
    const names = ["broken.png", "sharp.png", "tiny.png", "missing.png"];
    const { code, stdout, stderr } = await run(...names.map(file), "--json");
    expect(code).to.equal(1);
    const entries = JSON.parse(stdout) as Entry[];
    expect(entries.map((entry) => entry.error?.code)).to.deep.equal([
      "invalid_image",
      undefined,
      "invalid_image",
      "io",
    ]);
    for (const name of ["broken.png", "tiny.png", "missing.png"]) expect(stderr).to.contain(name);
    expect(stderr).to.contain("at least 128x128");
  });

  it("exits with 2 on wrong use", async () => {
    const wrong = [
      [],
      [file("sharp.png"), "--lens", "evetar-25mm"],
      [file("sharp.png"), "--lens", "evetar-25mm", "--position", "99999"],
      [file("sharp.png"), "--stride", "0"],
      [file("sharp.png"), "--position", "abc"],
    ];
    const outcomes = await Promise.all(wrong.map((args) => run(...args, "--json")));
    for (const { code, stdout, stderr } of outcomes) {
      expect(code, stderr).to.equal(2);
      expect(stdout).to.equal("");
      expect(stderr).to.not.equal("");
    }
  });

  it("says which model is missing", async () => {
    const { code, stderr } = await run(file("sharp.png"), "--models", directory);
    expect(code).to.equal(1);
    expect(stderr).to.contain("model_missing").and.to.contain("defocus.json");
  });
});
