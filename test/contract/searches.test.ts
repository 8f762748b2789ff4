/**
 * What every search must do, whatever it measures: a generator that asks for positions within its range and captures,
 * says why, ends where it has looked, and gives the same for the same.
 */
import { expect } from "chai";
import fc from "fast-check";
import { SEARCH_NAMES, SEARCHES, type SearchName } from "../../src/algorithms/search/index.ts";
import { SteppedClock } from "../../src/core/clock.ts";
import { seededRandom } from "../../src/core/random.ts";
import { runSearch, type SearchStep } from "../../src/pipeline/search-runner.ts";
import { linearLens } from "../support/linear-lens.ts";
import { contextFor, curve, HONEST, instantDevice, scene, type Answer } from "../support/synthetic-focus.ts";

const lens = linearLens({ min: 0, max: 600, above: 0.2, below: 0.2, sigma: 15 });

async function run(search: SearchName, start: number, answer: Answer, maxCaptures = 300) {
  const steps: SearchStep[] = [];
  const context = contextFor(lens, start, { limits: { maxCaptures } });
  const { result, cost } = await runSearch(SEARCHES[search](context), instantDevice(start, answer), {
    clock: new SteppedClock(),
    onStep: (step) => steps.push(step),
  });
  return { result, cost, steps };
}

describe("every search", function () {
  this.timeout(20_000);

  for (const search of SEARCH_NAMES)
    describe(search, () => {
      it("focuses a scene it can read, from anywhere", async () => {
        for (const z0 of [0, 130, 310, 600])
          for (const start of [0, 200, 320, 600]) {
            const random = seededRandom(z0 + start);
            const { result } = await run(search, start, scene(lens, z0, { ...HONEST, shared: 0.02 }, random));
            expect(result.outcome, `${start} to ${z0}`).to.equal("focused");
            expect(Math.abs(result.position - z0), `${start} to ${z0}`).to.be.at.most(15);
          }
      });

      it("keeps its range and its captures and gives reasons, on a scene of any sharpness and noise", async () => {
        await fc.assert(
          fc.asyncProperty(
            fc.integer({ min: -200, max: 800 }),
            fc.integer({ min: 0, max: 600 }),
            fc.integer({ min: 1, max: 90 }),
            fc.double({ min: 0, max: 1.5, noNaN: true }),
            fc.integer(),
            async (z0, start, maxCaptures, noise, seed) => {
              const reader = { shared: noise, patch: noise / 2, outliers: 0.1, patches: 2 };
              const answer = scene(lens, z0, reader, seededRandom(seed));
              const { result, cost, steps } = await run(search, start, answer, maxCaptures);
              expect(cost.captures).to.be.at.most(maxCaptures);
              for (const z of cost.visited) expect(z).to.satisfy(Number.isInteger).and.to.be.within(0, 600);
              if (cost.captures > 0) expect(result.position).to.equal(cost.visited.at(-1));
              if (!Number.isNaN(result.inFocusProbability))
                expect(result.inFocusProbability).to.be.within(0, 1 + 1e-9);
              expect(result.code === undefined).to.equal(result.outcome === "focused");
              for (const { request } of steps) expect(request.reason).to.match(/^[A-Z].{4,158}\.$/);
              expect(result.reason).to.match(/^[A-Z].{4,250}\.$/);
            },
          ),
          { numRuns: 25 },
        );
      });

      it("gives the same for the same", async () => {
        const noise = { ...HONEST, shared: 0.1 };
        const again = () => run(search, 200, scene(lens, 350, noise, seededRandom(4)));
        expect(await again()).to.deep.equal(await again());
      });

      it("fails where there is nothing to see, in a bounded number of captures", async () => {
        const { result, cost } = await run(
          search,
          200,
          curve(() => 1),
        );
        expect(result).to.have.property("outcome", "failed");
        expect(cost.captures).to.be.at.most(100);
      });

      it("does nothing before it is asked, and ends when it is dropped", () => {
        const generator = SEARCHES[search](contextFor(lens, 200));
        expect(generator.next().done).to.equal(false);
        expect(generator.return(undefined as never).done).to.equal(true);
      });
    });
});
