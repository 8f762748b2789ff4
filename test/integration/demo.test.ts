import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { runDemo } from "../../src/cli/demo/run-demo.ts";
import { shortcomings, toMarkdown, type DemoReport } from "../../src/cli/demo/summary.ts";
import { rejection } from "../support/async.ts";

describe("the demonstration", () => {
  let folder: string;

  before(async () => (folder = await mkdtemp(path.join(tmpdir(), "demo-"))));
  after(() => rm(folder, { recursive: true }));

  describe("on small frames", () => {
    const lines: string[] = [];
    let report: DemoReport;

    before(async function () {
      this.timeout(120_000);
      const frame = { width: 320, height: 256 };
      report = await runDemo({
        out: path.join(folder, "out"),
        seed: 1,
        frame,
        say: (line) => lines.push(line),
      });
    });

    it("writes what it says it wrote", async () => {
      const files = await readdir(path.join(folder, "out"));
      expect(files).to.include.members([...report.pictures, "summary.json", "summary.md"]);
      for (const name of ["still-all-in-focus.png", "still-depth.png", "still-frame-1-activation.png"])
        expect(report.pictures).to.include(name);
      const summary: unknown = JSON.parse(await readFile(path.join(folder, "out", "summary.json"), "utf8"));
      expect(summary).to.deep.equal(JSON.parse(JSON.stringify(report)));
    });

    it("focuses from every start, and fuses better pictures than the camera takes", () => {
      expect(report.focus).to.have.length(3);
      for (const { error, success } of report.focus) {
        expect(success).to.equal(true);
        expect(Math.abs(error)).to.be.at.most(20);
      }
      expect(report.still.psnr).to.be.greaterThan(report.still.psnrBestFrame);
      expect(report.still.frames).to.be.lessThan(report.still.framesOfSweep);
      expect(report.video.psnrFused).to.be.greaterThan(report.video.psnrFrame);
    });

    it("tells each step with its reason", () => {
      expect(lines.filter((line) => line.startsWith("    frame 1 at"))).to.have.length.at.least(4);
      expect(lines.some((line) => line.includes("Read the defocus where the lens stands."))).to.equal(true);
    });
  });

  it("says what it did not keep", () => {
    const good = {
      focus: [{ start: 1, success: true, withinDepthOfField: true, reason: "" }],
      still: { success: true, problem: "", psnr: 30, psnrBestFrame: 20 },
      video: { psnrFused: 30, psnrFrame: 20 },
    } as unknown as DemoReport;
    expect(shortcomings(good)).to.deep.equal([]);
    const bad = {
      focus: [{ start: 7, success: false, withinDepthOfField: false, reason: "Lost." }],
      still: { success: false, problem: "No frames.", psnr: 10, psnrBestFrame: 20 },
      video: { psnrFused: 10, psnrFrame: 20 },
    } as unknown as DemoReport;
    expect(shortcomings(bad)).to.deep.equal([
      "focus from 7: Lost.",
      "still scene: No frames.",
      "the fused picture is not better than the best frame",
      "the video is not better than the frames of the camera",
    ]);
  });

  it("has a row for each run in its summary", () => {
    const run = {
      start: 461,
      final: 629,
      truth: 628,
      error: 1,
      moves: 1,
      captures: 2,
      travel: 168,
      seconds: 0.2,
    };
    const report = {
      lens: "some-lens",
      seed: 3,
      seconds: 12.34,
      focus: [{ ...run, success: true }],
      still: {
        frames: 4,
        positions: [500.2],
        surfaces: [501],
        framesOfSweep: 14,
        coverage: 1,
        travel: 3,
        seconds: 1,
        problem: "",
        psnr: 28.44,
        psnrBestFrame: 20,
      },
      video: { frames: [], seconds: 4, moves: 3, psnrFused: 22, psnrFrame: 17 },
      pictures: ["a.png"],
    } as unknown as DemoReport;
    const text = toMarkdown(report);
    expect(text).to.include("461 | 629 | 628 | 1 | 1 | 2 | 168 | 0.20 | yes");
    expect(text).to.include("28.4 dB");
    expect(text).to.include("- [a.png](a.png)");
  });

  it("cannot write where a file stands in the way", async () => {
    const file = path.join(folder, "file");
    await writeFile(file, "x");
    const demo = runDemo({ out: file, seed: 1, frame: { width: 320, height: 256 }, say: () => undefined });
    expect(await rejection(demo)).to.include({ code: "io" });
  });
});
