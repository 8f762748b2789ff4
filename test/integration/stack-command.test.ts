import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { stackCommand } from "../../src/cli/commands/stack.ts";
import type { StackReport } from "../../src/cli/stack/report.ts";
import { image } from "../../src/core/image.ts";
import { seededRandom } from "../../src/core/random.ts";
import { openStack } from "../../src/drivers/replay/focal-stack.ts";
import { readPicture, writePicture } from "../../src/io/picture.ts";
import { rejection } from "../support/async.ts";
import { realData } from "../support/data.ts";

const SIZE = { width: 200, height: 160 };

describe("the command stack", () => {
  let folder = "";
  before(async () => (folder = await mkdtemp(path.join(os.tmpdir(), "stack-command-"))));
  after(() => rm(folder, { recursive: true }));
  afterEach(() => (process.exitCode = undefined));

  async function stack(name: string, ...options: string[]): Promise<StackReport> {
    const out = path.join(folder, name);
    await stackCommand().parseAsync(["-o", out, ...options], { from: "user" });
    return JSON.parse(await readFile(path.join(out, "report.json"), "utf8")) as StackReport;
  }

  /** A picture of noise whose left half is far and whose right half is near, and its depth. */
  async function halves(name: string): Promise<[photo: string, depth: string]> {
    const [photo, depth] = [path.join(folder, `${name}.png`), path.join(folder, `${name}-depth.png`)];
    const { width, height } = SIZE;
    const random = seededRandom(1);
    const noise = Uint8Array.from({ length: width * height }, () => 255 * random.next());
    await writePicture(photo, image(width, height, 1, noise));
    const far = noise.map((_, at) => (at % width < width / 2 ? 40 : 200));
    await writePicture(depth, image(width, height, 1, far));
    return [photo, depth];
  }

  it("captures a shelf of four depths in about a frame a depth, and keeps what it saw", async function () {
    this.timeout(60_000);
    const report = await stack("shelf", "--scene", "shelf", "--save-steps");
    expect(report).to.include({ complete: true, error: null, planner: "confident", frames_of_sweep: 14 });
    expect(report.frames_taken).to.be.within(4, 7);
    expect(report.coverage).to.be.at.least(0.99);
    const [first] = report.frames;
    expect(first!.reason).to.equal("Look where the lens stands.");
    expect(first!.matrices!.deviation).to.have.length(first!.matrices!.rows * first!.matrices!.cols);
    const out = path.join(folder, "shelf");
    const text = await readFile(path.join(out, "report.md"), "utf8");
    for (const { reason } of report.frames) expect(text).to.include(reason);
    for (const name of report.files.filter((file) => file.endsWith(".png")))
      expect(await readPicture(path.join(out, name))).to.include({ width: 720, height: 540 });
    const seen = report.files.filter((file) => file.startsWith("steps/activation/"));
    expect(seen).to.have.length(report.frames_taken);
    const kept = await openStack(path.join(out, "steps"));
    const positions = report.frames.map(({ position }) => Math.round(position)).sort((a, b) => a - b);
    expect(kept.positions).to.deep.equal(positions);
  });

  it("fuses what it has when it is interrupted, and keeps the frames of an earlier capture", async function () {
    this.timeout(60_000);
    const [photo, depth] = await halves("interrupted");
    const out = path.join(folder, "interrupted");
    await mkdir(path.join(out, "steps"), { recursive: true });
    await writeFile(path.join(out, "steps", "at-1.png"), "of an earlier capture");
    const camera = `simulated,frame_rate=20,exposure=0.001,simulated.picture=${photo},simulated.depth=${depth}`;
    const device = ["--camera", camera, "--lens-driver", "simulated", "--planner", "sweep"];
    const done = stack("interrupted", ...device, "--save-steps");
    const steps = path.join(out, "steps-2");
    while ((await readdir(steps).catch(() => [])).length < 2) await delay(5);
    process.emit("SIGTERM");
    const report = await done;
    expect(report.error).to.deep.equal({ code: "canceled", error_code: 303 });
    expect(report.reason).to.equal("The capture was interrupted; what was taken is fused.");
    expect(report.frames_taken).to.be.within(2, 13);
    expect(process.exitCode).to.equal(1);
    expect(await readPicture(path.join(out, "all-in-focus.png"))).to.include(SIZE);
    expect(await readdir(steps)).to.have.length(report.frames_taken);
    expect(await readFile(path.join(out, "steps", "at-1.png"), "utf8")).to.equal("of an earlier capture");
  });

  it("keeps the frames where nothing can be made of them, and says where they are", async function () {
    this.timeout(60_000);
    const [photo, depth] = await halves("kept");
    const out = path.join(folder, "kept");
    await mkdir(path.join(out, "all-in-focus.png"), { recursive: true });
    const options = ["--photo", photo, "--depth", depth, "--planner", "sweep"];
    const error = await rejection(stack("kept", ...options));
    expect(error).to.include({ code: "io" });
    expect(error.cure).to.include(path.join(out, "steps"));
    expect((await openStack(path.join(out, "steps"))).positions).to.have.length(14);
  });

  it("fuses what it has when it is not allowed more frames, and says so", async function () {
    this.timeout(60_000);
    const [photo, depth] = await halves("photo");
    const options = ["--photo", photo, "--depth", depth, "--planner", "sweep", "--max-frames", "2"];
    const report = await stack("few", ...options);
    expect(report).to.include({ complete: false, frames_taken: 2, coverage: null });
    expect(report.error).to.deep.equal({ code: "limit_reached", error_code: 305 });
    expect(process.exitCode).to.equal(1);
    expect(await readPicture(path.join(folder, "few", "all-in-focus.png"))).to.include(SIZE);
  });

  it("takes a fraction of the frames of a recorded stack", async function () {
    this.timeout(120_000);
    const report = await stack("cmc", "--no-align", "--stack", realData(this, "stacks", "cmc"));
    expect(report.complete).to.equal(true);
    expect(report.frames_taken).to.be.at.most(5);
    expect(report.coverage).to.be.at.least(0.8);
  });

  it("drives a camera and a lens, and leaves them where it was told to begin", async function () {
    this.timeout(60_000);
    const [photo, depth] = await halves("driven");
    const camera = `simulated,frame_rate=200,exposure=0.001,simulated.picture=${photo},simulated.depth=${depth}`;
    const device = ["--camera", camera, "--lens-driver", "simulated,simulated.settling_time=0.001"];
    const report = await stack("driven", ...device, "--start", "600", "--max-frames", "6");
    expect(report).to.include({ lens: "ca378-vcm", start: 600, source: camera });
    expect(report.frames[0]!.position).to.equal(600);
    expect(report.frames_taken).to.be.within(2, 6);
    expect(await rejection(stack("x", ...device.slice(0, 2)))).to.include({ code: "invalid_input" });
    expect(await rejection(stack("x", ...device.slice(2)))).to.include({ code: "invalid_input" });
    expect(await rejection(stack("x", ...device, "--lens", "evetar-25mm"))).to.include({
      code: "invalid_input",
    });
  });

  it("says what is wrong before it takes anything", async () => {
    expect(await rejection(stack("x"))).to.include({ code: "invalid_input" });
    expect(await rejection(stack("x", "--photo", "a.png"))).to.include({ code: "invalid_input" });
    expect(await rejection(stack("x", "--depth", "a.png"))).to.include({ code: "invalid_input" });
    const scene = ["--scene", "shelf"];
    expect(await rejection(stack("x", ...scene, "--max-frames", "0"))).to.include({ code: "invalid_input" });
    expect(await rejection(stack("x", ...scene, "--start", "5"))).to.include({ code: "invalid_input" });
    expect(await rejection(stack("x", ...scene, "--lens", "none"))).to.include({ code: "invalid_lens_file" });
    expect(await rejection(stack("x", "--stack", path.join(folder, "no")))).to.include({ code: "io" });
    const black = image(400, 320, 1, new Uint8Array(400 * 320));
    for (const number of [1, 2]) await writePicture(path.join(folder, "two", `${number}.png`), black);
    const unmeasured = await rejection(stack("x", "--stack", path.join(folder, "two")));
    expect(unmeasured).to.include({ code: "invalid_input" });
    expect(unmeasured.message).to.match(/^The stack does not tell its lens/);
    expect(unmeasured.cure).to.match(/--lens.*intelligent-autofocus fuse/);
    await writeFile(path.join(folder, "file"), "");
    expect(await rejection(stack("file", ...scene))).to.include({ code: "io" });
  });
});
