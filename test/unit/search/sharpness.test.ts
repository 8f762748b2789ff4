/** The sharpness search: with and without a lens model, and the cases that can go wrong. */
import { expect } from "chai";
import { sharpnessOf } from "../../../src/algorithms/optics/sharpness-curve.ts";
import { SEARCHES, type SearchContext } from "../../../src/algorithms/search/index.ts";
import {
  FLOOR,
  inFocusSharpness,
  misfit,
  radiusGuess,
} from "../../../src/algorithms/search/sharpness-fit.ts";
import { SteppedClock } from "../../../src/core/clock.ts";
import { seededRandom, uniformInt } from "../../../src/core/random.ts";
import { runSearch, type SearchRun } from "../../../src/pipeline/search-runner.ts";
import {
  contextFor,
  HONEST,
  instantDevice,
  paperLens,
  scene,
  type Answer,
  type ReaderNoise,
} from "../../support/synthetic-focus.ts";

const lens = paperLens();
const clock = new SteppedClock();
const EXACT: ReaderNoise = { shared: 0, patch: 0, outliers: 0, patches: 1 };

function run(start: number, answer: Answer, more: Partial<SearchContext> = {}): Promise<SearchRun> {
  return runSearch(SEARCHES.sharpness(contextFor(lens, start, more)), instantDevice(start, answer), {
    clock,
  });
}

/** A context has no lens where there is none, rather than an undefined one. */
function runBlind(start: number, answer: Answer): Promise<SearchRun> {
  const { lens: known, ...context } = contextFor(lens, start);
  expect(known).to.not.equal(undefined);
  return runSearch(SEARCHES.sharpness(context), instantDevice(start, answer), { clock });
}

/** S as a function of the position; the focus measures peak at `peak`, or nowhere. */
const sharpnessAt =
  (s: (z: number) => number, peak?: number): Answer =>
  ({ measure }, position) => {
    if (measure === "sharpness") return { kind: measure, position, sharpness: s(position) };
    if (measure === "defocus" || measure === "steps")
      throw new Error(`not a measure of this search: ${measure}`);
    const value = peak === undefined ? 5 : 1000 / (1 + Math.abs(position - peak) / 6);
    return { kind: measure, position, value };
  };

describe("the sharpness search", function () {
  this.timeout(30_000);

  it("ends in the band without a move where the frame is sharp", async () => {
    const { result, cost } = await run(
      1500,
      sharpnessAt(() => 0.95),
    );
    expect(cost).to.include({ captures: 1, moves: 0 });
    expect(result).to.include({ outcome: "focused", position: 1500, fallback: false });
    expect(result.reason).to.match(/sharpness 0\.95 is in the in-focus band, from 0\.\d\d/);
    expect(result.inFocusProbability).to.be.within(0.5, 1);
  });

  it("takes the direction from the second sample", async () => {
    for (const z0 of [1380, 1620]) {
      const { cost, result } = await run(1500, scene(lens, z0, EXACT, seededRandom(1)));
      expect(result.position).to.be.within(z0 - 20, z0 + 20);
      expect(cost.moves).to.be.at.most(2);
    }
  });

  for (const [name, go, most] of [
    ["with the lens model", run, 2.2],
    ["without", runBlind, 4.2],
  ] as const)
    it(`arrives from everywhere, ${name}`, async () => {
      const random = seededRandom(2);
      let moves = 0;
      for (let index = 0; index < 60; index++) {
        const z0 = uniformInt(random, 1050, 2100);
        const noise = index % 2 === 0 ? EXACT : { ...HONEST, shared: 0.1 };
        const { result, cost } = await go(
          [1100, 1400, 1700, 2000][index % 4]!,
          scene(lens, z0, noise, random),
        );
        expect(result.outcome).to.equal("focused");
        expect(Math.abs(result.position - z0), `from ${cost.visited.join()} to ${z0}`).to.be.at.most(20);
        moves += cost.moves;
      }
      expect(moves / 60).to.be.below(most);
    });

  it("does not jump over a focus where S is at its floor on both sides of it", async () => {
    for (const z0 of [1300, 1575, 1850]) {
      const { result } = await runBlind(
        1050,
        sharpnessAt((z) => Math.max(0.05, sharpnessOf(0.3 * Math.abs(z - z0))), z0),
      );
      expect(result).to.include({ outcome: "focused", fallback: false });
      expect(result.position).to.be.within(z0 - 20, z0 + 20);
    }
  });

  it("ends without a scan on a scene that is softer than the band, where all samples put the focus", async () => {
    for (const z0 of [1300, 1700]) {
      const soft = (z: number): number => sharpnessOf(Math.hypot(2.8, lens.radius(z0, z)));
      const { result, cost } = await run(1400, sharpnessAt(soft, z0));
      expect(result).to.include({ outcome: "focused", fallback: false });
      expect(result.position).to.be.within(z0 - 20, z0 + 20);
      expect(result.reason).to.match(/below the in-focus band.*a soft scene\.$/);
      expect(result.inFocusProbability).to.be.at.least(0.8);
      expect(cost.captures).to.be.within(4, 12);
    }
  });

  it("scans where the samples agree on nothing, and says how sure it is of the peak", async () => {
    const disagreeing = (z: number): number => (Math.abs(z - 1700) < 10 ? 0.67 : 0.5);
    const { result, cost } = await run(1400, sharpnessAt(disagreeing, 1700));
    expect(result.fallback).to.equal(true);
    expect(result.position).to.be.within(1680, 1720);
    expect(result.reason).to.match(/did not enter the in-focus band/);
    expect(cost.captures).to.be.below(60);
  });

  it("does not believe a peak of contrast where S says defocus", async () => {
    const { result } = await run(
      1400,
      sharpnessAt(() => 0.2, 1700),
    );
    expect(result).to.include({ outcome: "failed", code: "focus_failed", fallback: true });
  });

  it("fails with no_texture in a bounded number of captures when there is nothing", async () => {
    const { result, cost } = await run(
      1400,
      sharpnessAt(() => NaN),
    );
    expect(result).to.include({ outcome: "failed", code: "no_texture" });
    expect(cost.captures).to.be.below(60);
  });

  it("keeps within the captures allowed", async () => {
    for (const maxCaptures of [1, 2, 3, 10, 20]) {
      const { result, cost } = await run(
        1400,
        sharpnessAt(() => 0.3, 1700),
        { limits: { maxCaptures } },
      );
      expect(cost.captures).to.be.at.most(maxCaptures);
      expect(result.outcome).to.equal("failed");
    }
  });
});

describe("the fit of sharpness samples", () => {
  const depthOfField = (): number => 20;

  it("costs least at the true focus, also when the radius is not known", () => {
    for (const model of [lens, undefined]) {
      const radius = radiusGuess(model, depthOfField);
      const samples = [1300, 1500, 1650].map((position) => ({
        position,
        sharpness: sharpnessOf(lens.radius(1580, position)),
      }));
      const cost = (z0: number): number => misfit(samples, radius, model !== undefined, z0);
      for (const other of [1100, 1400, 1480, 1700, 2000]) expect(cost(other)).to.be.above(cost(1580) + 1);
    }
  });

  it("takes a sample at the floor only for far", () => {
    const radius = radiusGuess(lens, depthOfField);
    const far = [{ position: 1100, sharpness: FLOOR / 2 }];
    const cost = (z0: number): number => misfit(far, radius, true, z0);
    expect(cost(1700)).to.equal(cost(2100));
    expect(cost(1200)).to.be.above(cost(1700) + 3);
  });

  it("the band begins within the depth of field", () => {
    for (const model of [lens, undefined]) {
      const band = inFocusSharpness(radiusGuess(model, depthOfField), 1500, 20);
      const radius = radiusGuess(model, depthOfField);
      expect(band).to.be.above(sharpnessOf(radius(1520, 1500)));
      expect(band).to.be.below(sharpnessOf(radius(1510, 1500)));
    }
  });
});
