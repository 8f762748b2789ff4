import { expect } from "chai";
import { focused } from "../../../src/algorithms/search/outcome.ts";
import { polished } from "../../../src/algorithms/search/polish.ts";
import type {
  FocusResult,
  FocusSearch,
  Measurement,
  SearchContext,
} from "../../../src/algorithms/search/types.ts";
import { linearLens, readingAt } from "../../support/linear-lens.ts";
import { contextFor } from "../../support/synthetic-focus.ts";

/** 0.1 px a step: readings resolve the focus to 10 steps, the depth of field is 2. */
const LENS = linearLens({ min: 0, max: 300, sigma: 2 });

/** A search that takes one reading and believes to be in focus at `end`. */
const endingAt = (end: number, asked: number[] = []) =>
  function* (context: SearchContext): FocusSearch {
    asked.push(context.depthOfField(end));
    yield { moveTo: end, measure: "defocus", reason: "Go there." };
    return focused(end, 0.95, "It is sharp here.");
  };

interface Course {
  readonly result: FocusResult;
  readonly visited: readonly number[];
}

/** Runs the search in front of a scene that is sharp at `z0`. */
function run(
  search: FocusSearch,
  z0: number,
  contrast = (z: number): number => 1 / (1 + ((z - z0) / 15) ** 2),
): Course {
  const visited: number[] = [];
  let step = search.next();
  while (step.done !== true) {
    const { moveTo: position, measure, contrast: beside } = step.value;
    visited.push(position);
    const answer: Measurement =
      measure === "defocus"
        ? {
            kind: "defocus",
            position,
            readings: [readingAt(LENS, z0, position)],
            ...(beside !== undefined && { contrast: contrast(position) }),
          }
        : ({ kind: measure, position, value: contrast(position) } as Measurement);
    step = search.next(answer);
  }
  return { result: step.value, visited };
}

describe("the last stretch by contrast", () => {
  it("climbs to the focus from where readings cannot tell", () => {
    for (const [end, z0] of [
      [150, 150],
      [150, 157],
      [150, 141],
      [150, 190],
      [4, 0],
      [297, 300],
    ] as const) {
      const { result, visited } = run(polished(endingAt(end))(contextFor(LENS, 100)), z0);
      expect(result.outcome).to.equal("focused");
      expect(result.position, `${end} to ${z0}`).to.be.closeTo(z0, 2);
      expect(visited.length).to.be.at.most(8);
      expect(visited.at(-1)).to.equal(result.position);
      expect(result.inFocusProbability).to.equal(0.95);
      expect(result.reason).to.match(/^It is sharp here\. .*by contrast/);
    }
  });

  it("asks the search for no more than readings can resolve", () => {
    const asked: number[] = [];
    run(polished(endingAt(150, asked))(contextFor(LENS, 100)), 150);
    expect(asked).to.deep.equal([10]);
  });

  it("leaves a search alone whose depth of field readings resolve, that failed, or that has no captures left", () => {
    const wide = { ...contextFor(LENS, 100), depthOfField: () => 12 };
    expect(run(polished(endingAt(150))(wide), 141).visited).to.deep.equal([150]);
    const { start, range, depthOfField, limits, random } = contextFor(LENS, 100);
    const without = { start, range, depthOfField, limits, random };
    expect(run(polished(endingAt(150))(without), 141).visited).to.deep.equal([150]);
    const scarce = contextFor(LENS, 100, { limits: { maxCaptures: 3 } });
    expect(run(polished(endingAt(150))(scarce), 141).visited).to.deep.equal([150]);
    // eslint-disable-next-line require-yield -- it fails at once
    const failing = function* (): FocusSearch {
      return { ...focused(150, 0, "No."), outcome: "failed" };
    };
    expect(run(polished(failing)(contextFor(LENS, 100)), 141).visited).to.deep.equal([]);
  });

  it("keeps within the captures allowed", () => {
    for (let maxCaptures = 1; maxCaptures < 16; maxCaptures++) {
      const context = contextFor(LENS, 100, { limits: { maxCaptures } });
      expect(run(polished(endingAt(150))(context), 200).visited.length).to.be.at.most(
        Math.max(1, maxCaptures),
      );
    }
  });

  it("ends at the centre of a peak whose top is noise", () => {
    const ripple = (z: number): number => (1 + 0.04 * Math.sin(1.7 * z)) / (1 + ((z - 163) / 30) ** 4);
    const { result } = run(polished(endingAt(150))(contextFor(LENS, 100)), 163, ripple);
    expect(result.position).to.be.closeTo(163, 4);
  });

  it("takes a frame's contrast with its reading, and no frame twice but to go back", () => {
    const { visited } = run(polished(endingAt(150))(contextFor(LENS, 100)), 152);
    expect(visited.slice(0, -1)).to.have.length(new Set(visited.slice(0, -1)).size);
  });

  it("moves by the stops of the lens only", () => {
    const stops = Array.from({ length: 31 }, (_, index) => 10 * index);
    const { result, visited } = run(polished(endingAt(150))(contextFor(LENS, 100, { stops })), 163);
    expect(result.position).to.equal(160);
    for (const position of visited) expect(stops).to.include(position);
  });

  it("is not taken in by a flank with a gap before it", () => {
    // Two frames far apart on one side of the focus: the peak lies between them.
    const search = function* (): FocusSearch {
      yield { moveTo: 20, measure: "defocus", reason: "Look." };
      yield { moveTo: 220, measure: "defocus", reason: "Look there." };
      return focused(220, 0.9, "It is sharp here.");
    };
    const { result } = run(polished(search)(contextFor(LENS, 100)), 190);
    expect(result.position).to.be.closeTo(190, 2);
  });

  it("goes back to where the readings led when contrast has no peak", () => {
    const { result, visited } = run(polished(endingAt(150))(contextFor(LENS, 100)), 150, () => 0.5);
    expect(result).to.include({ outcome: "focused", position: 150 });
    expect(visited.at(-1)).to.equal(150);
  });
});
