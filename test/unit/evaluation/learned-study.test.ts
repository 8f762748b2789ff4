/** `learned` on stacks that exist as numbers only: what a network reads and what contrast shows, in frames of a lens unknown. */
import { expect } from "chai";
import { radiusRead } from "../../../src/algorithms/optics/softness.ts";
import { logRadiusOf } from "../../../src/algorithms/search/types.ts";
import { normal, seededRandom, uniform } from "../../../src/core/random.ts";
import { FocalStack } from "../../../src/drivers/replay/focal-stack.ts";
import { studyLearned, type RecordedWindow } from "../../../src/evaluation/stacks/learned-study.ts";

const FRAMES = Array.from({ length: 24 }, (_, index) => index + 1);
const SIDE = 128;

const stack = new FocalStack(
  { width: 6 * SIDE, height: 5 * SIDE, channels: 1 },
  FRAMES.map((position) => ({ position, file: `frame${position}.png` })),
);

/** 30 windows at depths of their own, frames `slope` px of blur apart. */
function windowsOf(slope: number, softness: number): RecordedWindow[] {
  const random = seededRandom(4);
  return Array.from({ length: 30 }, (_, index) => {
    const z0 = uniform(random, 3, 22);
    const scene = uniform(random, 1, 9);
    const radii = FRAMES.map((z) => slope * Math.abs(z - z0));
    return {
      window: { x: SIDE * (index % 6), y: SIDE * Math.floor(index / 6), width: SIDE, height: SIDE },
      readings: radii.map((radius) => ({
        logRadius: logRadiusOf(radiusRead(radius, softness)) + 0.08 * normal(random),
        logRadiusStd: 0.1,
        inFocusProbability: 0.5,
        sharpness: 0.5,
        textured: true,
      })),
      climbed: radii.map((radius) => (scene * (1 + 0.02 * normal(random))) / (1 + (radius / 1.5) ** 2)),
      truth: Math.round(z0),
    };
  });
}

describe("the learned search on a stack calibrated from itself", () => {
  for (const [slope, softness] of [
    [0.4, 0],
    [0.4, 1.3],
    [0.4, -1],
    [1.5, 1.3],
    [6, 0],
  ] as const)
    it(`finds the frame in few captures, ${slope} px apart and ${softness} px soft`, async () => {
      const focused = await studyLearned(stack, windowsOf(slope, softness));
      expect(focused).to.have.length(30);
      let [near, learned, scan] = [0, 0, 0];
      for (const { truth, runs } of focused ?? []) {
        if (Math.abs((runs.learned?.final ?? NaN) - truth) <= 1) near++;
        learned += runs.learned?.captures ?? Infinity;
        scan += runs["coarse-fine"]?.captures ?? 0;
      }
      expect(near).to.be.at.least(28);
      expect(learned).to.be.below(scan / 2);
    });

  it("is not tried where the readings give no lens", async () => {
    const blind = windowsOf(1, 0).map((each) => ({
      ...each,
      readings: each.readings.map((reading) => ({ ...reading, textured: false })),
    }));
    expect(await studyLearned(stack, blind)).to.equal(undefined);
  });

  it("focuses the windows that are to be judged", async () => {
    const some = windowsOf(1, 0).map((each, index) => (index < 9 ? each : { ...each, truth: undefined }));
    expect(await studyLearned(stack, some)).to.have.length(9);
  });
});
