import { expect } from "chai";
import fc from "fast-check";
import { config, of } from "rxjs";
import { ERROR_CODES, AutofocusError } from "../../../src/core/errors.ts";
import { SteppedClock } from "../../../src/core/clock.ts";
import { explain, guardSubscribers } from "../../../src/ros/callback-guard.ts";
import { failed } from "../../../src/ros/failure.ts";
import { formatLogEntry, nodeLog, type LogEntry } from "../../../src/ros/logging.ts";
import { DEFINITIONS } from "../../../src/ros/messages.ts";
import { validate } from "../../../src/ros/message.ts";
import { Registry } from "../../../src/ros/registry.ts";
import { fromTime, toTime } from "../../../src/ros/time.ts";

describe("ROS times", () => {
  it("come back within a microsecond, with nanoseconds in range", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 2e12, noNaN: true }), (time) => {
        const { sec, nanosec } = toTime(time);
        expect(Number.isInteger(sec) && Number.isInteger(nanosec)).to.equal(true);
        expect(nanosec).to.be.within(0, 999_999_999);
        expect(fromTime({ sec, nanosec })).to.be.closeTo(time, 1e-3);
      }),
    );
  });
});

describe("subscriber guard", () => {
  it("logs what subscribers throw while it is up, and gives the hook back", async () => {
    const before = config.onUnhandledError;
    const [first, second]: [string[], string[]] = [[], []];
    const downs = [first, second].map((lines) => guardSubscribers((message) => lines.push(message)));
    of(1).subscribe(() => {
      throw new Error("broken subscriber");
    });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(second.join()).to.include("broken subscriber");
    expect(first).to.deep.equal([]);
    for (const down of [...downs, ...downs]) down();
    expect(config.onUnhandledError).to.equal(before);
  });

  it("explains known errors by their summary and others by their stack", () => {
    expect(explain(new AutofocusError("io", "No file.", { cure: "Make one." }))).to.equal(
      "No file. Make one. (io)",
    );
    expect(explain(new TypeError("odd")))
      .to.include("TypeError: odd")
      .and.to.include("small-parts.test.ts");
    expect(explain("text")).to.equal('"text"');
  });
});

describe("failures", () => {
  it("fit every response and result, and carry the code where there is a field for it", () => {
    const error = new AutofocusError("lens_timeout", "Too late.", { cure: "Wait." });
    for (const key of Object.keys(DEFINITIONS).filter((each) => /_(Response|Result)$/.test(each))) {
      const answer = failed(key, error);
      validate(key, answer);
      if ("error_code" in answer) {
        expect(answer["error_code"]).to.equal(ERROR_CODES.lens_timeout);
        expect(answer["error_msg"]).to.equal("Too late. Wait.");
      }
      if ("success" in answer) expect(answer["success"]).to.equal(false);
    }
  });
});

describe("log lines", () => {
  it("look like those of ROS 2", () => {
    const entries: LogEntry[] = [];
    const log = nodeLog("/camera/autofocus", new SteppedClock(1_763_783_077_123.5), (entry) =>
      entries.push(entry),
    );
    log.warn("careful");
    expect(entries.map(formatLogEntry)).to.deep.equal([
      "[WARN] [1763783077.123500000] [camera.autofocus]: careful",
    ]);
  });
});

describe("registry", () => {
  it("wakes who waits, forgets who gave up, and frees names", async () => {
    const registry = new Registry<number>("thing");
    const giveUp = new AbortController();
    let woken = false;
    void registry.appears("a", giveUp.signal).then(() => (woken = true));
    giveUp.abort();
    const waiting = registry.appears("a", new AbortController().signal);
    const remove = registry.add("a", 1);
    expect(await waiting).to.equal(1);
    expect(woken).to.equal(false);
    expect(() => registry.add("a", 2)).to.throw("already a thing a");
    remove();
    registry.add("a", 3);
    remove();
    expect(registry.get("a")).to.equal(3);
  });
});
