/** Algorithm 1 of paper 1, line by line, and every point it leaves open. */
import { expect } from "chai";
import { paper } from "../../../src/algorithms/search/paper.ts";
import type { Request, SearchContext } from "../../../src/algorithms/search/types.ts";
import { SteppedClock } from "../../../src/core/clock.ts";
import type { Random } from "../../../src/core/random.ts";
import { runSearch, type SearchRun } from "../../../src/pipeline/search-runner.ts";
import { contextFor, instantDevice, paperLens } from "../../support/synthetic-focus.ts";

/** What f_e and f_d say at a position. */
type Look = readonly [distance: number, inFocusProbability: number];

interface Run extends SearchRun {
  readonly asked: readonly number[];
}

async function run(
  start: number,
  look: (z: number) => Look,
  more: Partial<SearchContext> = {},
): Promise<Run> {
  const asked: number[] = [];
  const device = instantDevice(start, ({ measure }: Request, position) => {
    expect(measure).to.equal("steps");
    asked.push(position);
    const [distance, inFocusProbability] = look(position);
    return { kind: "steps", position, distance, inFocusProbability };
  });
  const search = paper(contextFor(paperLens(), start, more));
  return { ...(await runSearch(search, device, { clock: new SteppedClock() })), asked };
}

/** Perfect networks for a patch in focus at z0. */
const perfect =
  (z0: number) =>
  (z: number): Look => [Math.abs(z0 - z), Math.abs(z0 - z) <= 20 ? 1 : 0];

/** Networks that answer from a table. */
const table =
  (answers: Record<number, Look>) =>
  (z: number): Look => {
    const answer = answers[z];
    if (answer === undefined) throw new Error(`nobody expected a look at ${z}`);
    return answer;
  };

describe("Algorithm 1 of paper 1", () => {
  it("lines 4-5: ends at once where the frame is in focus, without a move", async () => {
    const { result, cost } = await run(1500, perfect(1510));
    expect(result).to.include({ outcome: "focused", position: 1500, inFocusProbability: 1, fallback: false });
    expect(cost).to.include({ captures: 1, moves: 0, travel: 0 });
  });

  it("lines 11-12: takes the candidate above where the one below is out of range", async () => {
    const { result, cost, asked } = await run(1100, perfect(1800));
    expect(asked).to.deep.equal([1100, 1800]);
    expect(result.position).to.equal(1800);
    expect(cost).to.include({ captures: 2, moves: 1, travel: 700 });
  });

  it("lines 13-14: takes the candidate below where the one above is out of range", async () => {
    expect((await run(2000, perfect(1300))).asked).to.deep.equal([2000, 1300]);
  });

  it("lines 16-25: looks at both candidates; the one below ends the search where the lens stands: 2 moves", async () => {
    const { result, cost, asked } = await run(1500, perfect(1400));
    expect(asked).to.deep.equal([1500, 1600, 1400]);
    expect(result.position).to.equal(1400);
    expect(cost).to.include({ captures: 3, moves: 2, travel: 300 });
  });

  it("line 19: returning to the candidate above costs a third move", async () => {
    const { result, cost, asked } = await run(1500, perfect(1600));
    expect(asked).to.deep.equal([1500, 1600, 1400, 1600]);
    expect(result.position).to.equal(1600);
    expect(cost).to.include({ captures: 4, moves: 3, travel: 500 });
  });

  it("lines 21 and 30: goes on from the better candidate with its estimate, not looking at it again", async () => {
    const answers = { 1500: [100, 0], 1600: [30, 0], 1400: [170, 0], 1630: [2, 1], 1570: [60, 0] } as const;
    const { asked, result } = await run(1500, table(answers));
    expect(asked).to.deep.equal([1500, 1600, 1400, 1630, 1570, 1630]);
    expect(result).to.include({ outcome: "focused", position: 1630 });
  });

  it("equality: a candidate exactly at an end of the range is within it", async () => {
    expect((await run(1700, table({ 1700: [400, 0], 2100: [0, 1], 1300: [800, 0] }))).asked).to.deep.equal([
      1700, 2100, 1300, 2100,
    ]);
    expect((await run(1450, table({ 1450: [400, 0], 1850: [0, 1], 1050: [800, 0] }))).asked).to.deep.equal([
      1450, 1850, 1050, 1850,
    ]);
  });

  it("equality: at an end with the other candidate out of range, it never leaves the range", async () => {
    expect((await run(1550, table({ 1550: [550, 0], 2100: [0, 1] }))).asked).to.deep.equal([1550, 2100]);
    expect((await run(1600, table({ 1600: [550, 0], 1050: [0, 1] }))).asked).to.deep.equal([1600, 1050]);
  });

  it("equality: of candidates estimated equally far, the one below (line 17: <)", async () => {
    const answers = { 1500: [100, 0], 1600: [50, 1], 1400: [50, 1] } as const;
    const { result, asked } = await run(1500, table(answers));
    expect(asked).to.deep.equal([1500, 1600, 1400]);
    expect(result.position).to.equal(1400);
  });

  it("the discriminator says in focus from one half", async () => {
    expect((await run(1500, () => [5, 0.5])).result.outcome).to.equal("focused");
    expect((await run(1100, table({ 1100: [300, 0.499], 1400: [0, 1] }))).asked).to.have.length(2);
  });

  it("line 10: with both candidates out of range it draws a position from the random numbers given", async () => {
    const draws = [0, 0.999999, 0.5];
    const random: Random = { next: () => draws.shift()! };
    const { asked, result } = await run(1500, (z) => (z === 1575 ? [0, 1] : [2000, 0]), { random });
    expect(asked).to.deep.equal([1500, 1050, 2100, 1575]);
    expect(result.outcome).to.equal("focused");
  });

  it("iterations: gives up after 10, back at the smallest estimate", async () => {
    let at = 0;
    const draws = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95];
    const random: Random = { next: () => draws[at++]! };
    const { result, asked } = await run(1500, (z) => [z === 1365 ? 1500 : 3000, 0], { random });
    expect(result).to.include({ outcome: "failed", code: "focus_failed", position: 1365 });
    expect(asked).to.have.length(11);
  });

  it("captures: keeps within those allowed and says so", async () => {
    for (const maxCaptures of [1, 3, 4, 5, 8]) {
      const { result, cost } = await run(1500, () => [10, 0], { limits: { maxCaptures } });
      expect(result).to.include({ outcome: "failed", code: "limit_reached" });
      expect(cost.captures).to.be.at.most(maxCaptures);
    }
  });

  for (const distance of [0, 0.4, -12, NaN])
    it(`a distance of ${distance} that the discriminator denies ends the search`, async () => {
      const { result, cost } = await run(1500, () => [distance, 0.1]);
      expect(result).to.include({ outcome: "failed", code: "focus_failed", position: 1500 });
      expect(cost).to.include({ captures: 1, moves: 0 });
    });

  it("with perfect networks every position is found from every start of Table 2", async () => {
    for (const start of [1100, 1400, 1700, 2000])
      for (let z0 = 1050; z0 <= 2100; z0 += 7) {
        const { result, cost } = await run(start, perfect(z0));
        expect(Math.abs(result.position - z0)).to.be.at.most(20);
        expect(cost.moves).to.be.at.most(3);
      }
  });
});
