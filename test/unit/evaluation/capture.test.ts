import { expect } from "chai";
import { PLANNER_NAMES } from "../../../src/algorithms/planning/index.ts";
import { captureScene, SCENE_KINDS } from "../../../src/evaluation/capture/capture-scenes.ts";
import { studyCapture, type CaptureResult } from "../../../src/evaluation/capture/capture-study.ts";
import { reportCapture } from "../../../src/evaluation/capture/report.ts";
import type { ImageU8 } from "../../../src/core/image.ts";
import type { Roi } from "../../../src/core/roi.ts";
import { linearLens, UNTEXTURED } from "../../support/linear-lens.ts";

const LENS = linearLens({ max: 200, sigma: 50 });
const SIZE = { width: 64, height: 48 };

describe("evaluation: capture", () => {
  it("has scenes of as many depths as they say, within the range, and the same again from their seed", () => {
    for (const kind of SCENE_KINDS) {
      const { picture, focus } = captureScene(kind, 3, LENS, SIZE);
      expect(picture).to.include({ ...SIZE, channels: 3 });
      expect(focus).to.include({ ...SIZE, channels: 1 });
      for (const z of focus.data) expect(z).to.be.within(0, 200);
      expect(captureScene(kind, 3, LENS, SIZE).focus.data).to.deep.equal(focus.data);
      const depths = new Set(focus.data).size;
      if (kind === "one depth") expect(depths).to.equal(1);
      else if (kind === "plateaus") expect(depths).to.equal(3);
      else expect(depths).to.be.greaterThan(20);
    }
  });

  it("runs every planner on the same scene and measures what it covers", async function () {
    this.timeout(30_000);
    let steps = 0;
    // A reader that sees no texture: the strategies end after their first look, the others do not read.
    const reader = {
      sizes: [128],
      read: (_: ImageU8, patches: readonly Roi[]) => Promise.resolve(patches.map(() => UNTEXTURED)),
    };
    const results = await studyCapture(LENS, reader, 1, true, () => () => {
      steps++;
    });
    expect(results.map(({ planner }) => planner)).to.deep.equal([...PLANNER_NAMES]);
    expect(steps).to.equal(PLANNER_NAMES.length);
    const of = (name: string): CaptureResult => results.find(({ planner }) => planner === name)!;
    expect(of("sweep")).to.include({ frames: 2, fused: 2, covered: 1, coveredEven: 1, coveredPixels: 1 });
    expect(of("confident")).to.include({ frames: 1, fused: 1, travel: 0 });
    expect(of("confident").covered).to.be.lessThan(1);
    expect(of("sweep").psnr).to.be.greaterThan(of("confident").psnr);
    expect(of("sweep").ssim).to.be.within(0.2, 1);
  });

  it("reports a table a kind of scene with a row a planner", () => {
    const results = PLANNER_NAMES.map((planner, index): CaptureResult => ({
      ...{ kind: "plateaus", seed: 1, start: 5, planner, frames: index + 2, fused: 2, travel: 10 },
      ...{ covered: 1, coveredEven: 1, coveredPixels: 0.987, psnr: 30, ssim: 0.9 },
    }));
    const { sections, figures } = reportCapture(results, "some-lens");
    expect(sections.map(({ heading }) => heading)).to.deep.equal(["Scenes: plateaus"]);
    expect(figures).to.equal(results);
    const [table] = sections[0]!.tables!;
    expect(table!.rows).to.have.length(PLANNER_NAMES.length);
    expect(table!.rows[0]).to.deep.equal([
      "`confident`",
      "ours",
      "2.0",
      2,
      "2.0",
      "10",
      "100.0 %",
      "100.0 %",
      "98.7 %",
      "30.00",
      "0.9000",
    ]);
  });
});
