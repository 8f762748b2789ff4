import { expect } from "chai";
import { eachRegion, regionsOf } from "../../../src/algorithms/planning/each-region.ts";
import { drawRegions } from "../../../src/algorithms/regions/draw-regions.ts";
import { patchGrid } from "../../../src/algorithms/rois/patch-grid.ts";
import type { DefocusReading } from "../../../src/algorithms/search/types.ts";
import type { StrategyStep } from "../../../src/algorithms/strategy/strategy-step.ts";
import { image } from "../../../src/core/image.ts";
import { linearLens, readingAt, UNTEXTURED } from "../../support/linear-lens.ts";

const LENS = linearLens();
const COLS = 10;
const sigma = (): number => 20;

interface Focused {
  readonly frames: readonly number[];
  readonly last: StrategyStep;
  readonly reason: string;
}

/** Three plateaus side by side, the third without texture in its lower half. */
function plateaus(z: number): DefocusReading[] {
  return Array.from({ length: 60 }, (_, patch) => {
    const [row, col] = [Math.floor(patch / COLS), patch % COLS];
    if (col >= 7 && row >= 3) return UNTEXTURED;
    return readingAt(LENS, col < 4 ? 262 : col < 7 ? 401 : 700, z, 0.05);
  });
}

function focus(read: (z: number) => DefocusReading[], start: number): Focused {
  const plan = eachRegion({ start, lens: LENS });
  const frames: number[] = [];
  let turn = plan.next();
  while (turn.done !== true) {
    const { moveTo: position } = turn.value;
    frames.push(position);
    expect(frames.length).to.be.lessThan(60);
    turn = plan.next({ kind: "defocus", position, readings: read(position), cols: COLS });
  }
  return { frames, last: turn.value.last!, reason: turn.value.reason };
}

describe("planning: each region", () => {
  it("finds the regions, and takes a frame near the middle of each", () => {
    const { frames, last, reason } = focus(plateaus, 500);
    const { regions, labels } = regionsOf(last, frames.at(-1)!, COLS, sigma);
    expect(regions.map(({ patches }) => patches.length)).to.deep.equal([24, 18, 9]);
    [262, 401, 700].forEach((z0, i) => {
      expect(regions[i]!.position).to.be.closeTo(z0, 4);
      expect(Math.min(...frames.map((z) => Math.abs(z - z0)))).to.be.at.most(12);
    });
    expect(labels[59]).to.equal(0);
    expect(reason).to.equal("Every region has been focused on its own: 3.");
    expect(frames.length).to.be.at.most(7);
  });

  it("goes back for a region that a frame showed at the edge of its depth of field only", () => {
    // From 275 the region at 262 counts as in focus, but not as focused on its own.
    const { frames } = focus((z) => Array.from({ length: 60 }, () => readingAt(LENS, 262, z, 0.02)), 276);
    expect(frames[0]).to.equal(276);
    expect(frames.at(-1)).to.be.closeTo(262, 5);
    expect(frames.length).to.be.within(2, 3);
  });

  it("ends where nothing can be read", () => {
    const { frames, reason } = focus(() => Array.from({ length: 60 }, () => UNTEXTURED), 500);
    expect(frames).to.deep.equal([500]);
    expect(reason).to.equal("Every region has been focused on its own: 0.");
  });

  it("draws a colour a region and leaves the rest as it is", () => {
    const grid = patchGrid(96, 32, 32, 32);
    const picture = image(96, 32, 1, new Uint8Array(96 * 32).fill(100));
    const labels = Uint16Array.from([1, 0, 2]);
    const { data } = drawRegions(picture, grid, { regions: [], labels });
    const at = (x: number): number[] => [...data.subarray(3 * (16 * 96 + x), 3 * (16 * 96 + x) + 3)];
    expect(at(48)).to.deep.equal([100, 100, 100]);
    expect(at(16)).to.not.deep.equal(at(80));
    expect(at(16)).to.not.deep.equal([100, 100, 100]);
  });
});
