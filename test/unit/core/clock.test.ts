import { expect } from "chai";
import { SteppedClock, systemClock } from "../../../src/core/clock.ts";
import { AutofocusError } from "../../../src/core/errors.ts";

describe("SteppedClock", () => {
  it("stands still until it is advanced", async () => {
    const clock = new SteppedClock(1000);
    await Promise.resolve();
    expect(clock.now()).to.equal(1000);
    await clock.advance(250);
    expect(clock.now()).to.equal(1250);
  });

  it("wakes sleepers in the order of their due times, at those times", async () => {
    const clock = new SteppedClock();
    const woken: [string, number][] = [];
    const nap = async (name: string, duration: number): Promise<void> => {
      await clock.sleep(duration);
      woken.push([name, clock.now()]);
    };
    const naps = [nap("late", 30), nap("early", 10), nap("early too", 10)];
    await clock.advance(100);
    await Promise.all(naps);
    expect(woken).to.deep.equal([
      ["early", 10],
      ["early too", 10],
      ["late", 30],
    ]);
  });

  it("wakes a sleeper that another one started on the way", async () => {
    const clock = new SteppedClock();
    let end = NaN;
    const chain = (async (): Promise<void> => {
      await clock.sleep(10);
      await clock.sleep(15);
      end = clock.now();
    })();
    await clock.advance(40);
    await chain;
    expect(end).to.equal(25);
  });

  it("stands still while work is held, and goes on when it is done or has failed", async () => {
    const clock = new SteppedClock();
    const times: number[] = [];
    const work = async (fails: boolean): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      times.push(clock.now());
      if (fails) throw new Error("work failed");
    };
    const worker = async (): Promise<void> => {
      await clock.sleep(10);
      await clock.hold(work(false));
      await clock.sleep(10);
      await clock.hold(work(true)).catch(() => times.push(-1));
    };
    void worker();
    await clock.advance(100);
    expect(times).to.deep.equal([10, 20, -1]);
  });

  it("says when the next sleeper is due", () => {
    const clock = new SteppedClock(5);
    expect(clock.nextDue).to.equal(undefined);
    void clock.sleep(20);
    void clock.sleep(7);
    expect(clock.nextDue).to.equal(12);
  });
});

for (const [name, clock] of [
  ["systemClock", systemClock],
  ["SteppedClock", new SteppedClock()],
] as const) {
  describe(`${name}: canceling`, () => {
    it("rejects with `canceled` when the signal aborts", async () => {
      const abort = new AbortController();
      const nap = clock.sleep(3_600_000, abort.signal);
      abort.abort();
      const error = await nap.catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(AutofocusError).with.property("code", "canceled");
    });

    it("rejects at once when the signal has aborted already", async () => {
      const error = await clock.sleep(3_600_000, AbortSignal.abort()).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(AutofocusError).with.property("code", "canceled");
    });
  });
}
