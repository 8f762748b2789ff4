import { expect } from "chai";
import { patchGrid } from "../../src/algorithms/rois/patch-grid.ts";
import { focusMeasure, toGray } from "../../src/core/native/index.ts";
import { openStack } from "../../src/drivers/replay/focal-stack.ts";
import { toEightBit } from "../../src/io/picture.ts";
import { studyStacks } from "../../src/evaluation/stacks/stack-study.ts";
import { DefocusEstimator } from "../../src/inference/defocus-estimator.ts";
import type { Networks } from "../../src/pipeline/networks.ts";
import { realData } from "../support/data.ts";

describe("real focal stacks", () => {
  for (const [name, frames, first, width, height] of [
    ["dm_flowerMan", 39, 1, 860, 679],
    ["dm_smallWorld", 41, 1, 858, 570],
    ["dm_stairs11", 25, 1, 860, 679],
    ["keyboard", 32, 0, 1280, 720],
    ["pcb_depthmap", 10, 0, 2048, 1536],
    ["cmc", 6, 0, 1521, 1141],
  ] as const) {
    it(`open: ${name}`, async function () {
      const stack = await openStack(realData(this, "stacks", name));
      expect(stack).to.include({ width, height, channels: 3 });
      expect(stack.positions).to.deep.equal(Array.from({ length: frames }, (_, index) => first + index));
      expect(await stack.read(first + frames - 1)).to.include({ width, height, channels: 3 });
    });
  }

  for (const name of ["dm_stairs11", "dm_smallWorld"]) {
    it(`are sharpest where their best-focus map says: ${name}`, async function () {
      const stack = await openStack(realData(this, "stacks", name));
      const windows = patchGrid(stack.width, stack.height, 64, 96).patches;
      const sharpness: number[][] = [];
      for (const position of stack.positions) {
        const gray = await toGray(toEightBit(await stack.read(position)));
        sharpness.push(
          await Promise.all(windows.map((window) => focusMeasure("laplacian-energy", gray, window))),
        );
      }
      // Windows over several depths, without texture or with people who walk by have no sharpest frame of their own:
      // the median over all windows does not mind them.
      const errors = windows.map((window, index) => {
        const along = sharpness.map((values) => values[index]!);
        return Math.abs(stack.trueFocus(window)! - stack.positions[along.indexOf(Math.max(...along))]!);
      });
      const median = errors.sort((a, b) => a - b)[errors.length >> 1];
      expect(median).to.be.at.most(1);
    });
  }

  it("are focused within a frame, in half the captures of a scan, with a lens calibrated from them", async function () {
    const folder = realData(this, "stacks", "dm_stairs11");
    const reader = await DefocusEstimator.load();
    const unused = (): Promise<never> => Promise.reject(new Error("Not asked for."));
    const networks: Networks = { defocus: () => Promise.resolve(reader), steps: unused, sharpness: unused };
    const progress = () => () => undefined;
    const [result] = await studyStacks({ stacks: [folder], networks, quick: false, progress });
    await reader.dispose();
    const runs = (result?.focused ?? []).map(({ truth, runs: { learned, "coarse-fine": scan } }) => {
      if (learned === undefined || scan === undefined) throw new Error("Expected both searches.");
      return { near: Math.abs(learned.final - truth) <= 1, learned, scan };
    });
    expect(runs.length).to.be.at.least(12);
    expect(runs.filter(({ near }) => near).length / runs.length).to.be.at.least(0.85);
    const captures = (of: "learned" | "scan"): number => runs.reduce((sum, run) => sum + run[of].captures, 0);
    expect(captures("learned")).to.be.below(captures("scan") / 2);
  });
});
