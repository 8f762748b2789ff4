import { expect } from "chai";
import * as fc from "fast-check";
import {
  LONGEST_MEMORY,
  measuredChange,
  memoryFor,
  UNMEASURED,
} from "../../../src/algorithms/strategy/motion-memory.ts";
import type { PatchMemory } from "../../../src/algorithms/strategy/sign.ts";
import { strategyStart, strategyStep } from "../../../src/algorithms/strategy/focus-strategy.ts";
import { linearLens, readingAt } from "../../support/linear-lens.ts";

describe("strategy: k by the measured motion", () => {
  const lens = linearLens();
  const patch = (drift: number, std = 1): PatchMemory => ({ candidates: [500], std, inFocusAt: 500, drift });

  it("remembers the shorter the more changes: until half of the patches would have changed", () => {
    expect(memoryFor(0)).to.equal(LONGEST_MEMORY);
    expect(memoryFor(UNMEASURED)).to.equal(1);
    expect(memoryFor(1)).to.equal(1);
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 0.499, noNaN: true }), (share) => {
        const k = memoryFor(share);
        expect(k).to.be.within(1, LONGEST_MEMORY);
        expect((1 - share) ** k).to.be.at.least(0.5 - 1e-9);
        if (k < LONGEST_MEMORY) expect((1 - share) ** (k + 1)).to.be.below(0.5);
      }),
    );
  });

  it("counts what has moved by more than readings err, among patches read twice", () => {
    const before = [patch(0), patch(0), patch(0, 100), undefined, patch(0)];
    const unread = before[4];
    const far = 10 * lens.depthOfField(500);
    const now = [patch(0.5), patch(far), patch(Math.min(far, 150), 100), patch(far), unread];
    expect(measuredChange(0, before, now, lens)).to.be.closeTo(1 / 6, 1e-12);
    expect(measuredChange(0.3, before, before, lens)).to.equal(0.3);
  });

  it("comes to remember all of a scene that stands still, and little of one that does not", () => {
    const looks = (place: (index: number, look: number) => number): number => {
      let state = strategyStart({ kind: "dynamic", k: "motion", planner: "histogram" });
      let z = 300;
      for (let look = 0; look < 12; look++) {
        const readings = Array.from({ length: 6 }, (_, index) => readingAt(lens, place(index, look), z));
        const step = strategyStep(state, readings, lens, z);
        ({ state } = step);
        if (step.next !== "complete") z = step.next;
      }
      return memoryFor(state.change);
    };
    expect(looks((index) => 300 + 80 * index)).to.equal(LONGEST_MEMORY);
    expect(looks((index, look) => 300 + 80 * ((index * 5 + look * 3) % 6))).to.equal(1);
  });
});
