import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { focusCommand } from "../../src/cli/commands/focus.ts";
import { image } from "../../src/core/image.ts";
import { readPicture, writePicture } from "../../src/io/picture.ts";
import { seededRandom } from "../../src/core/random.ts";
import { rejection } from "../support/async.ts";

interface Document {
  readonly regions: readonly {
    readonly position: number;
    readonly error: number;
    readonly patches: number;
  }[];
  readonly frames: readonly unknown[];
  readonly useful_range: { readonly min: number; readonly max: number };
}

describe("the command focus --regions", () => {
  let folder = "";
  before(async () => (folder = await mkdtemp(path.join(os.tmpdir(), "regions-"))));
  after(() => rm(folder, { recursive: true }));

  async function focus(...options: string[]): Promise<Document> {
    const write = process.stdout.write.bind(process.stdout);
    let text = "";
    process.stdout.write = (chunk: string | Uint8Array): boolean => {
      text += String(chunk);
      return true;
    };
    try {
      await focusCommand().parseAsync(["--regions", "--json", ...options], { from: "user" });
    } finally {
      process.stdout.write = write;
    }
    return JSON.parse(text) as Document;
  }

  it("labels the plateaus of a picture with depth and focuses each", async function () {
    this.timeout(60_000);
    const [width, height] = [640, 256];
    const random = seededRandom(2);
    const photo = path.join(folder, "photo.png");
    const depth = path.join(folder, "depth.png");
    const noise = Uint8Array.from({ length: width * height }, () => 255 * random.next());
    await writePicture(photo, image(width, height, 1, noise));
    // Far at the left, near at the right: positions 515 and 800 of 450..1000.
    const map = noise.map((_, at) => (at % width < width / 2 ? 30 : 162));
    await writePicture(depth, image(width, height, 1, map));
    const out = path.join(folder, "labels.png");
    const {
      regions,
      frames,
      useful_range: range,
    } = await focus("--photo", photo, "--depth", depth, "-o", out);
    expect(regions.length).to.be.within(2, 3);
    expect(regions[0]!.position).to.be.closeTo(515, 8);
    expect(regions.at(-1)!.position).to.be.closeTo(799, 8);
    for (const { error } of regions) expect(Math.abs(error)).to.be.at.most(10);
    expect(frames.length).to.be.at.most(6);
    expect(range.min).to.be.closeTo(515, 25);
    expect(range.max).to.be.closeTo(799, 25);
    expect(await readPicture(out)).to.include({ width, height, channels: 3 });
  });

  it("does not take photographs, which hold no regions", () => {
    const silent = focusCommand()
      .exitOverride()
      .configureOutput({ writeErr: () => undefined });
    expect(() => silent.parse(["--regions", "--photos", folder], { from: "user" }))
      .to.throw()
      .with.property("code", "commander.conflictingOption");
  });

  it("says what is missing", async () => {
    expect(await rejection(focus())).to.include({ code: "invalid_input" });
    expect(await rejection(focus("--scene", "shelf", "-o", "labels.xyz"))).to.include({
      code: "invalid_input",
    });
  });
});
