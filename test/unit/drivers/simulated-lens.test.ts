import { expect } from "chai";
import { SteppedClock } from "../../../src/core/clock.ts";
import { SimulatedLens, type SimulatedLensOptions } from "../../../src/drivers/simulator/simulated-lens.ts";
import type { LensState } from "../../../src/drivers/lens.ts";
import { letPass } from "../../contract/lens-driver.ts";
import { rejection } from "../../support/async.ts";

const range = { min: 0, max: 1000 };

function make(options: Partial<SimulatedLensOptions> = {}): { lens: SimulatedLens; clock: SteppedClock } {
  const clock = new SteppedClock();
  return { clock, lens: new SimulatedLens({ range, clock, speed: 1000, settlingTime: 20, ...options }) };
}

describe("SimulatedLens", () => {
  it("takes the time of the way and of settling", async () => {
    const { lens, clock } = make({ start: 100 });
    await lens.open();
    const state = await letPass(clock, lens.moveTo(400));
    expect(state.stamp).to.equal(320);
    expect(state.position).to.equal(400);
  });

  it("is not still between arriving and having settled", async () => {
    const { lens, clock } = make({ start: 0, settlingTime: 50 });
    await lens.open();
    const states: LensState[] = [];
    lens.state$.subscribe((state) => states.push(state));
    await letPass(clock, lens.moveTo(100));
    const arrived = states.filter((state) => state.stamp >= 100 && state.stamp < 150);
    expect(arrived).to.have.lengthOf.above(2);
    for (const state of arrived) expect(state).to.include({ position: 100, velocity: 0, moving: true });
    expect(states.at(-1)).to.include({ stamp: 150, moving: false });
  });

  it("moves in whole steps", async () => {
    const { lens, clock } = make();
    await lens.open();
    expect((await letPass(clock, lens.moveTo(123.4))).position).to.equal(123);
  });

  it("that is jammed gives up with lens_timeout, says so in its state, and works again where it can", async () => {
    const { lens, clock } = make({ start: 0, jamAt: 300 });
    await lens.open();
    const states: LensState[] = [];
    lens.state$.subscribe((state) => states.push(state));
    const error = await letPass(clock, rejection(lens.moveTo(800)));
    expect(error.code).to.equal("lens_timeout");
    expect(error.message).to.include("800").and.to.include("300");
    expect(states.at(-1)).to.include({ position: 300, moving: false, fault: "stuck at 300" });
    expect(states.at(-2)).to.include({ position: 300, moving: true, fault: undefined });
    expect(await letPass(clock, lens.moveTo(200))).to.include({ position: 200, fault: undefined });
  });

  it("can be canceled while it is stuck", async () => {
    const { lens, clock } = make({ start: 0, jamAt: 100 });
    await lens.open();
    const abort = new AbortController();
    const moving = rejection(lens.moveTo(500, abort.signal));
    await clock.advance(300);
    abort.abort();
    expect(await letPass(clock, moving)).to.have.property("code", "canceled");
    await clock.advance(100);
    expect(await lens.stop()).to.include({ position: 100, moving: false, fault: undefined });
  });

  const wrong: [Partial<SimulatedLensOptions>, string][] = [
    [{ range: { min: 5, max: 5 } }, "range.max"],
    [{ start: 2000 }, "start"],
    [{ start: NaN }, "start"],
    [{ speed: 0 }, "speed"],
    [{ settlingTime: -1 }, "settlingTime"],
    [{ backlash: NaN }, "backlash"],
    [{ overshoot: Infinity }, "overshoot"],
  ];
  for (const [options, name] of wrong) {
    it(`does not open with ${JSON.stringify(options)}`, async () => {
      const error = await rejection(make(options).lens.open());
      expect(error.code).to.equal("lens_open_failed");
      expect(error.message).to.include(name);
    });
  }

  it("refuses to move before it is opened", async () => {
    const error = await rejection(make().lens.moveTo(10));
    expect(error.code).to.equal("lens_fault");
    expect(error.message).to.include("has not been opened");
  });
});
