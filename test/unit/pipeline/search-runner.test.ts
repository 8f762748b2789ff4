/** What the runner counts, and how a run is ended from outside. */
import { expect } from "chai";
import type { FocusSearch, Measurement, Request } from "../../../src/algorithms/search/types.ts";
import { SteppedClock } from "../../../src/core/clock.ts";
import { AutofocusError } from "../../../src/core/errors.ts";
import { runSearch, type FocusDevice, type SearchStep } from "../../../src/pipeline/search-runner.ts";

/** A search that visits the positions given and then ends; it tells when it was dropped. */
function* visit(positions: readonly number[], dropped?: () => void): FocusSearch {
  try {
    for (const moveTo of positions) yield { moveTo, measure: "variance", reason: `to ${moveTo}` };
    const position = positions.at(-1) ?? 0;
    return { outcome: "focused", position, inFocusProbability: NaN, fallback: false, reason: "visited" };
  } finally {
    dropped?.();
  }
}

/** A device that takes `time` for every measurement and arrives `aside` of what is asked. */
function device(clock: SteppedClock, time = 10, aside = 0): FocusDevice & { asked: Request[] } {
  let position = 100;
  const asked: Request[] = [];
  return {
    asked,
    position: () => position,
    measure: async (request, signal): Promise<Measurement> => {
      asked.push(request);
      await clock.sleep(time, signal);
      position = request.moveTo + aside;
      return { kind: "variance", position, value: 1 };
    },
  };
}

async function thrown(work: Promise<unknown>): Promise<AutofocusError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof AutofocusError) return error;
    throw error;
  }
  throw new Error("expected a failure");
}

describe("the search runner", () => {
  it("counts captures, moves, travel and time; the position where the lens stands is no move", async () => {
    const clock = new SteppedClock();
    const run = runSearch(visit([100, 140, 140, 90]), device(clock), { clock });
    await clock.advance(100);
    const { result, cost } = await run;
    expect(result.position).to.equal(90);
    expect(cost).to.deep.equal({
      captures: 4,
      moves: 2,
      travel: 90,
      elapsed: 40,
      visited: [100, 140, 140, 90],
    });
  });

  it("does not count the flutter of an encoder as a move", async () => {
    const clock = new SteppedClock();
    const run = runSearch(visit([100, 100]), device(clock, 10, 0.2), { clock });
    await clock.advance(100);
    expect((await run).cost.moves).to.equal(0);
  });

  it("tells every step with the totals so far", async () => {
    const clock = new SteppedClock();
    const steps: SearchStep[] = [];
    const run = runSearch(visit([120, 90]), device(clock), { clock, onStep: (step) => steps.push(step) });
    await clock.advance(100);
    await run;
    expect(
      steps.map(({ request, cost }) => [request.reason, cost.captures, cost.moves, cost.travel]),
    ).to.deep.equal([
      ["to 120", 1, 1, 20],
      ["to 90", 2, 2, 50],
    ]);
  });

  it("ends with canceled when the signal aborts, at once and with the cost", async () => {
    const clock = new SteppedClock();
    const controller = new AbortController();
    let dropped = false;
    const run = runSearch(
      visit([120, 90], () => (dropped = true)),
      device(clock),
      { clock, signal: controller.signal },
    );
    const failure = thrown(run);
    await clock.advance(15);
    controller.abort();
    const { code, context } = await failure;
    expect(code).to.equal("canceled");
    expect(context["cost"]).to.include({ captures: 1, moves: 1 });
    expect(dropped).to.equal(true);
  });

  it("passes on why it was aborted", async () => {
    const clock = new SteppedClock();
    const controller = new AbortController();
    const failure = thrown(runSearch(visit([120]), device(clock), { clock, signal: controller.signal }));
    controller.abort(new AutofocusError("preempted", "A newer goal took over."));
    expect((await failure).code).to.equal("preempted");
  });

  it("does not touch the device when aborted before it begins", async () => {
    const clock = new SteppedClock();
    const used = device(clock);
    expect(
      (await thrown(runSearch(visit([120]), used, { clock, signal: AbortSignal.abort() }))).code,
    ).to.equal("canceled");
    expect(used.asked).to.deep.equal([]);
  });

  it("ends with timeout even when the device never answers", async () => {
    const clock = new SteppedClock();
    const stuck: FocusDevice = { position: () => 0, measure: () => new Promise<never>(() => undefined) };
    // What is left of a time that has begun to run is no round number.
    const failure = thrown(runSearch(visit([120]), stuck, { clock, timeout: 499.96826171875 }));
    await clock.advance(499);
    await clock.advance(1);
    expect((await failure).code).to.equal("timeout");
    expect((await failure).message).to.contain("longer than 500 ms.");
  });

  it("leaves no timer behind", async () => {
    const clock = new SteppedClock();
    const run = runSearch(visit([120]), device(clock), { clock, timeout: 500 });
    await clock.advance(10);
    await run;
    await clock.advance(0);
    expect(clock.nextDue).to.equal(undefined);
  });

  it("ends with limit_reached when the search asks for more captures than allowed", async () => {
    const clock = new SteppedClock();
    const used = device(clock);
    const failure = thrown(runSearch(visit([1, 2, 3]), used, { clock, maxCaptures: 2 }));
    await clock.advance(100);
    expect((await failure).code).to.equal("limit_reached");
    expect(used.asked).to.have.length(2);
  });

  it("passes errors of the device through and drops the search", async () => {
    const clock = new SteppedClock();
    let dropped = false;
    const fault = new AutofocusError("lens_timeout", "The lens did not arrive.");
    const broken: FocusDevice = { position: () => 0, measure: () => Promise.reject(fault) };
    const failure = thrown(
      runSearch(
        visit([1], () => (dropped = true)),
        broken,
        { clock },
      ),
    );
    expect(await failure).to.equal(fault);
    expect(dropped).to.equal(true);
  });
});
