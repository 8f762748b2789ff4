import { expect } from "chai";
import { untilInterrupted } from "../../../src/cli/interrupt.ts";
import { rejection } from "../../support/async.ts";

/** SIGINT is listened to by the test runner as well. */
const SIGNAL = "SIGTERM";

describe("untilInterrupted", () => {
  it("aborts the work at the first interruption, and leaves the second one to the process", async () => {
    const before = process.listenerCount(SIGNAL);
    const work = untilInterrupted("Enough.", async (signal) => {
      expect(process.listenerCount(SIGNAL)).to.equal(before + 1);
      process.emit(SIGNAL);
      expect(process.listenerCount(SIGNAL)).to.equal(before);
      await Promise.resolve();
      if (signal.aborted) throw new Error("a wait that ended");
    });
    expect(await rejection(work)).to.include({ code: "canceled", message: "Enough." });
  });

  it("gives back what the work made, and listens no longer", async () => {
    const before = process.listenerCount(SIGNAL);
    expect(await untilInterrupted("Enough.", () => Promise.resolve(7))).to.equal(7);
    expect(process.listenerCount(SIGNAL)).to.equal(before);
  });
});
