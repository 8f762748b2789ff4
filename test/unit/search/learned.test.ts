/** The learned search on a reader with known noise: thousands of runs, and the cases that can go wrong one by one. */
import { expect } from "chai";
import fc from "fast-check";
import { SEARCHES } from "../../../src/algorithms/search/index.ts";
import { learned } from "../../../src/algorithms/search/learned.ts";
import type { DefocusReading, SearchContext } from "../../../src/algorithms/search/types.ts";
import { logRadiusOf } from "../../../src/algorithms/search/types.ts";
import { SteppedClock } from "../../../src/core/clock.ts";
import { seededRandom, uniformInt } from "../../../src/core/random.ts";
import { runSearch, type SearchRun } from "../../../src/pipeline/search-runner.ts";
import { linearLens, readingAt, UNTEXTURED } from "../../support/linear-lens.ts";
import {
  contextFor,
  HONEST,
  instantDevice,
  paperLens,
  scene,
  type Answer,
  type ReaderNoise,
} from "../../support/synthetic-focus.ts";

const clock = new SteppedClock();
const lens = paperLens();

function run(
  start: number,
  answer: Answer,
  more: Partial<SearchContext> = {},
  search = learned,
): Promise<SearchRun> {
  const context = contextFor(more.lens ?? lens, start, more);
  return runSearch(search(context), instantDevice(start, answer), { clock });
}

/** Readings as a function of the position; contrast measures have their peak at `peak`, or none, half as high at `width`. */
function answers(read: (z: number) => readonly DefocusReading[], peak?: number, width = 6): Answer {
  const value = (z: number): number => (peak === undefined ? 5 : 1000 / (1 + Math.abs(z - peak) / width));
  return ({ measure, contrast }, position) => {
    if (measure === "steps" || measure === "sharpness")
      throw new Error(`the learned search asks for ${measure}`);
    if (measure !== "defocus") return { kind: measure, position, value: value(position) };
    const measured = { kind: measure, position, readings: read(position) };
    return contrast === undefined ? measured : { ...measured, contrast: value(position) };
  };
}

const exact = (z0: number): Answer => answers((z) => [readingAt(lens, z0, z, 0.02)], z0);

interface Tally {
  readonly meanMoves: number;
  readonly maxMoves: number;
  readonly inFocus: number;
  readonly fallbacks: number;
  readonly wrong: number;
}

/** Many runs from the starts of paper 1, Table 2, to positions all over the range. */
async function tally(noise: ReaderNoise, runs: number): Promise<Tally> {
  const random = seededRandom(11);
  const moves: number[] = [];
  let [inFocus, fallbacks, wrong] = [0, 0, 0];
  for (let index = 0; index < runs; index++) {
    const z0 = uniformInt(random, 1050, 2100);
    const start = [1100, 1400, 1700, 2000][index % 4]!;
    const { result, cost } = await run(start, scene(lens, z0, noise, random));
    expect(Math.min(...cost.visited), "leaves the range").to.be.at.least(1050);
    expect(Math.max(...cost.visited), "leaves the range").to.be.at.most(2100);
    expect(cost.visited.at(-1), "ends where it has looked").to.equal(result.position);
    moves.push(cost.moves);
    const hit = Math.abs(result.position - z0) <= 20;
    if (hit) inFocus++;
    else if (result.outcome === "focused") wrong++;
    if (result.fallback) fallbacks++;
  }
  const meanMoves = moves.reduce((a, b) => a + b) / runs;
  return { meanMoves, maxMoves: Math.max(...moves), inFocus: inFocus / runs, fallbacks, wrong };
}

describe("the learned search", function () {
  this.timeout(30_000);

  it("with exact readings needs at most 2 moves, 1.2 on average, and always arrives", async () => {
    const { meanMoves, maxMoves, inFocus } = await tally(
      { shared: 0, patch: 0, outliers: 0, patches: 1 },
      400,
    );
    expect(inFocus).to.equal(1);
    expect(maxMoves).to.be.at.most(2);
    expect(meanMoves).to.be.below(1.2);
  });

  it("with readings good to 3 % needs less than 1.6 moves and never falls back", async () => {
    const noise = { ...HONEST, shared: 0.03, patch: 0.02 };
    const { meanMoves, maxMoves, inFocus, fallbacks } = await tally(noise, 120);
    expect(inFocus).to.be.at.least(0.995);
    expect(maxMoves).to.be.at.most(4);
    expect(meanMoves).to.be.below(1.6);
    expect(fallbacks).to.equal(0);
  });

  it("with readings good to 10 % still arrives, in less than 2 moves", async () => {
    const { meanMoves, inFocus } = await tally({ ...HONEST, shared: 0.1 }, 120);
    expect(inFocus).to.be.at.least(0.99);
    expect(meanMoves).to.be.below(2);
  });

  it("with one frame in twenty misread arrives in 95 of 100 runs", async () => {
    const { meanMoves, inFocus } = await tally({ ...HONEST, outliers: 0.05 }, 120);
    expect(inFocus).to.be.at.least(0.95);
    expect(meanMoves).to.be.below(2.6);
  });

  it("terminates within the range and the captures allowed, whatever it reads", async () => {
    const reading = fc.record({
      logRadius: fc.oneof(
        fc.double({ min: -1, max: 6, noNaN: true }),
        fc.constantFrom(NaN, Infinity, -Infinity),
      ),
      logRadiusStd: fc.oneof(fc.double({ min: 0, max: 3, noNaN: true }), fc.constantFrom(NaN, -1)),
      inFocusProbability: fc.double({ min: 0, max: 1, noNaN: true }),
      sharpness: fc.double({ min: 0, max: 1, noNaN: true }),
      textured: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(reading, { maxLength: 4 }), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1050, max: 2100 }),
        fc.integer({ min: 1, max: 60 }),
        async (frames, start, maxCaptures) => {
          let at = 0;
          const { result, cost } = await run(
            start,
            answers(() => frames[at++ % frames.length]!, 1400),
            { limits: { maxCaptures } },
          );
          expect(cost.captures).to.be.at.most(maxCaptures);
          for (const z of cost.visited) expect(z).to.be.within(1050, 2100);
          expect(result.position).to.equal(cost.visited.at(-1));
        },
      ),
      { numRuns: 150 },
    );
  });

  it("ends without a move where the frame is within the depth of field, and says how sure it is", async () => {
    const { result, cost } = await run(1500, exact(1511));
    expect(cost).to.include({ captures: 1, moves: 0 });
    expect(result).to.include({ outcome: "focused", position: 1500, fallback: false });
    expect(result.inFocusProbability).to.be.within(0.85, 1);
    expect(result.reason).to.match(
      /^In focus with probability [01]\.\d\d: the defocus read here is within the depth of field\.$/,
    );
  });

  it("corrects a defocus just outside the depth of field, and not one just inside", async () => {
    expect((await run(1500, exact(1516))).cost.moves).to.equal(0);
    const outside = await run(1500, exact(1526));
    expect(outside.cost.moves).to.be.within(1, 2);
    expect(outside.result.position).to.be.within(1506, 1546);
  });

  it("with one candidate in range goes there", async () => {
    const { cost } = await run(1100, exact(1800));
    expect(cost.moves).to.equal(1);
    expect(cost.visited[1]).to.be.within(1780, 1820);
  });

  it("with two goes to one of them, never between, and to the other when that was wrong", async () => {
    const { cost, result } = await run(1500, exact(1800));
    const other = await run(1500, exact(1200));
    expect(cost.visited[1]).to.equal(other.cost.visited[1]);
    expect([cost.moves, other.cost.moves].sort()).to.deep.equal([1, 2]);
    expect(Math.abs(cost.visited[1]! - 1500)).to.be.within(280, 320);
    expect(result.position).to.be.within(1780, 1820);
    expect(other.result.position).to.be.within(1180, 1220);
  });

  it("takes the likelier of two by the prior", async () => {
    for (const z0 of [1200, 1800]) {
      const prior = (z: number): number => Math.exp(-0.5 * ((z - z0) / 150) ** 2);
      expect((await run(1500, exact(z0), { prior })).cost.moves).to.equal(1);
    }
  });

  it("a prior that is wrong costs moves, not the focus", async () => {
    const prior = (z: number): number => Math.exp(-0.5 * ((z - 1200) / 80) ** 2) + 1e-3;
    const { result } = await run(1500, exact(1800), { prior });
    expect(result.position).to.be.within(1780, 1820);
  });

  it("uses a lens that is not symmetric as it is", async () => {
    const skewed = linearLens({ min: 0, max: 1000, above: 0.2, below: 0.1 });
    for (const z0 of [100, 420, 700, 990]) {
      const answer = answers((z) => [readingAt(skewed, z0, z, 0.04)], z0);
      const { result } = await run(500, answer, { lens: skewed, range: skewed.range });
      expect(result.position).to.be.within(z0 - 20, z0 + 20);
    }
  });

  it("looks elsewhere when there is no texture where it starts", async () => {
    const blurred = (z: number): readonly DefocusReading[] =>
      Math.abs(z - 1900) > 500 ? [UNTEXTURED] : [readingAt(lens, 1900, z, 0.05)];
    const { result, cost } = await run(1100, answers(blurred, 1900));
    expect(result).to.include({ outcome: "focused", fallback: false });
    expect(result.position).to.be.within(1880, 1920);
    expect(cost.moves).to.be.at.most(3);
  });

  it("takes a frame without texture, where others had some, for one farther from focus", async () => {
    for (const z0 of [1350, 1500, 1650]) {
      const near = (z: number): readonly DefocusReading[] =>
        Math.abs(z - z0) > 300 ? [UNTEXTURED] : [readingAt(lens, z0, z, 0.03)];
      for (const start of [z0 - 250, z0 + 250]) {
        const { result, cost } = await run(start, answers(near, z0));
        expect(result).to.include({ outcome: "focused", fallback: false });
        expect(result.position).to.be.within(z0 - 20, z0 + 20);
        expect(cost.moves).to.be.at.most(3);
      }
    }
  });

  it("looks once at each of the stops of a lens that has no other positions", async () => {
    const stops = Array.from({ length: 26 }, (_, index) => 1060 + 40 * index);
    for (const z0 of [1100, 1333, 1640, 2050]) {
      const { result, cost } = await run(1540, exact(z0), { stops, range: { min: 1060, max: 2060 } });
      expect(result.outcome).to.equal("focused");
      expect(result.position).to.be.within(z0 - 20, z0 + 20);
      for (const position of cost.visited) expect(stops).to.include(position);
      expect(new Set(cost.visited).size).to.equal(cost.visited.length);
    }
  });

  it("scans when nothing can be read but there is contrast", async () => {
    const { result } = await run(
      1400,
      answers(() => [UNTEXTURED], 1723),
    );
    expect(result).to.include({ outcome: "focused", fallback: true });
    expect(result.position).to.be.within(1703, 1743);
  });

  it("fails with no_texture when there is nothing at all", async () => {
    const { result } = await run(
      1400,
      answers(() => [UNTEXTURED]),
    );
    expect(result).to.include({ outcome: "failed", code: "no_texture", fallback: true });
    expect(result.reason).to.match(/^Scanned, as no texture could be read\./);
  });

  describe("when readings contradict each other", () => {
    const wild = (): ((z: number) => readonly DefocusReading[]) => {
      const random = seededRandom(3);
      return () => [
        { ...readingAt(lens, 1500, 1500, 0.03), logRadius: logRadiusOf(20 + 120 * random.next()) },
      ];
    };

    it("scans, and believes a clear peak", async () => {
      const { result } = await run(1400, answers(wild(), 1723));
      expect(result).to.include({ outcome: "focused", fallback: true, inFocusProbability: 0.5 });
      expect(result.position).to.be.within(1703, 1743);
      expect(result.reason).to.match(/^Scanned, as the readings (contradict each other|did not settle)\./);
    });

    it("does not believe one that is not", async () => {
      const { result } = await run(1400, answers(wild(), 1723, 600));
      expect(result).to.include({ outcome: "failed", code: "focus_failed", fallback: true });
    });

    it("needs few frames more where those that it read show the peak", async () => {
      // Whatever is read says: go where the lens has been.
      const circling = (z: number): readonly DefocusReading[] => [
        { ...readingAt(lens, 1500, 1500, 0.01), logRadius: logRadiusOf(32 + 0.004 * (z % 7)) },
      ];
      const { result, cost } = await run(1296, answers(circling, 1500), {}, SEARCHES.learned);
      expect(result).to.include({ outcome: "focused", fallback: true });
      expect(result.position).to.be.within(1480, 1520);
      expect(cost.captures).to.be.below(16);
    });
  });

  it("follows the depth that most patches of the window agree on", async () => {
    const mixed = (z: number): DefocusReading[] => [
      ...Array.from({ length: 5 }, () => readingAt(lens, 1850, z, 0.05)),
      ...Array.from({ length: 2 }, () => readingAt(lens, 1300, z, 0.05)),
    ];
    const { result } = await run(1100, answers(mixed, 1850));
    expect(result.outcome).to.equal("focused");
    expect(result.reason).to.match(/ 2 of 7 patches lie at another depth\.$/);
    expect(result.position).to.be.within(1830, 1870);
  });

  it("lands on one of two depths that share the window, and says so", async () => {
    const halves = (z: number): DefocusReading[] =>
      [1300, 1300, 1800, 1800].map((z0) => readingAt(lens, z0, z, 0.05));
    const { result } = await run(1100, answers(halves, 1300));
    expect(result.outcome).to.equal("focused");
    expect(Math.min(Math.abs(result.position - 1300), Math.abs(result.position - 1800))).to.be.at.most(20);
    expect(result.reason).to.match(/ 2 of 4 patches lie at another depth/);
  });

  it("says where the focus is when it lies outside the range allowed", async () => {
    const { result, cost } = await run(1200, exact(1800), { range: { min: 1050, max: 1400 } });
    expect(result).to.include({ outcome: "failed", code: "focus_failed" });
    expect(result.reason).to.match(/1[78]\d\d, outside 1050\.\.1400/);
    for (const z of cost.visited) expect(z).to.be.within(1050, 1400);
  });

  it("does not call an end of the range sharp that is not", async () => {
    const beyond = answers(
      (z) => [{ ...UNTEXTURED, textured: z === 2100, logRadius: logRadiusOf(40), logRadiusStd: 0.05 }],
      2300,
    );
    const { result } = await run(1400, beyond);
    expect(result).to.include({ outcome: "failed", code: "focus_failed", position: 2100, fallback: true });
  });

  it("needs a lens model", () => {
    const context = { ...contextFor(lens, 1500), lens: undefined } as unknown as SearchContext;
    expect(() => learned(context).next())
      .to.throw("a lens model")
      .with.property("code", "invalid_input");
  });
});
