import { expect } from "chai";
import { bounded } from "../../../src/core/bounded.ts";
import { SteppedClock } from "../../../src/core/clock.ts";
import { AutofocusError } from "../../../src/core/errors.ts";
import { rejection } from "../../support/async.ts";

const late = (): AutofocusError => new AutofocusError("lens_timeout", "too late");
const forever = (): Promise<never> => new Promise<never>(() => undefined);

describe("bounded", () => {
  let clock: SteppedClock;
  beforeEach(() => (clock = new SteppedClock()));

  it("gives what the work gives, and leaves no timer behind", async () => {
    expect(await bounded({ clock, timeout: 10, late }, () => Promise.resolve(7))).to.equal(7);
    expect(clock.nextDue).to.equal(undefined);
  });

  it("passes on what the work throws", async () => {
    const work = (): Promise<never> => Promise.reject(new AutofocusError("io", "broken"));
    expect((await rejection(bounded({ clock, timeout: 10, late }, work))).code).to.equal("io");
    expect(clock.nextDue).to.equal(undefined);
  });

  it("ends when the time is over, and tells the work", async () => {
    let told = false;
    const ended = rejection(
      bounded({ clock, timeout: 10, late }, (signal) => {
        signal.addEventListener("abort", () => (told = true));
        return forever();
      }),
    );
    await clock.advance(9);
    expect(told).to.equal(false);
    await clock.advance(1);
    expect((await ended).code).to.equal("lens_timeout");
    expect(told).to.equal(true);
  });

  it("ends with the signal: its reason where that is one of ours, else canceled", async () => {
    for (const [reason, code] of [
      [new AutofocusError("preempted", "newer"), "preempted"],
      [undefined, "canceled"],
    ] as const) {
      const controller = new AbortController();
      const ended = rejection(bounded({ clock, timeout: 10, late, signal: controller.signal }, forever));
      controller.abort(reason);
      expect((await ended).code).to.equal(code);
      expect(clock.nextDue).to.equal(undefined);
    }
  });

  it("does not begin what is canceled already", async () => {
    let begun = false;
    const work = (): Promise<void> => {
      begun = true;
      return Promise.resolve();
    };
    const ended = bounded({ clock, timeout: 10, late, signal: AbortSignal.abort() }, work);
    expect((await rejection(ended)).code).to.equal("canceled");
    expect(begun).to.equal(false);
  });
});
