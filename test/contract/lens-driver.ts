/**
 * What every LensDriver must do. A driver's own test file calls this with a way to make it:
 * `lensDriverContract("my lens", async () => ({ driver, settle }))`.
 */
import { expect } from "chai";
import type { Clock } from "../../src/core/clock.ts";
import { SteppedClock } from "../../src/core/clock.ts";
import type { LensDriver, LensState } from "../../src/drivers/lens.ts";
import { rejection } from "../support/async.ts";

export interface LensUnderTest {
  readonly driver: LensDriver;
  readonly clock: Clock;
}

/** Lets time pass until `work` is done: on a stepped clock by stepping it, on a real one by waiting. */
export async function letPass<T>(clock: Clock, work: Promise<T>): Promise<T> {
  if (!(clock instanceof SteppedClock)) return work;
  let pending = true as boolean;
  const done = (): void => void (pending = false);
  work.then(done, done);
  for (let step = 0; pending; step++) {
    if (step > 100_000) throw new Error("the work does not end");
    await clock.advance(1);
  }
  return work;
}

export function lensDriverContract(name: string, make: () => Promise<LensUnderTest>): void {
  describe(`LensDriver: ${name}`, () => {
    let driver: LensDriver;
    let clock: Clock;
    let states: LensState[];
    let completed: boolean;

    beforeEach(async () => {
      ({ driver, clock } = await make());
      states = [];
      completed = false;
      await letPass(clock, driver.open());
      driver.state$.subscribe({ next: (state) => states.push(state), complete: () => (completed = true) });
    });
    afterEach(() => driver.close());

    const latest = (): LensState => states[states.length - 1]!;
    /** A position that a fraction of the range away from its lower end, as the lens rounds it. */
    const place = (share: number): number => {
      const { min, max } = driver.capabilities();
      return Math.round(min + share * (max - min));
    };
    const move = (share: number, signal?: AbortSignal): Promise<LensState> =>
      driver.moveTo(place(share), signal);

    it("knows its range once open", () => {
      const { min, max, settlingTime, backlash } = driver.capabilities();
      expect(max).to.be.above(min);
      expect(settlingTime).to.be.at.least(0);
      expect(backlash).to.be.at.least(0);
    });

    it("says where it stands on subscription", () => {
      expect(states).to.have.lengthOf(1);
      const { min, max } = driver.capabilities();
      expect(latest().position).to.be.within(min, max);
      expect(latest()).to.include({ moving: false, velocity: 0, fault: undefined });
    });

    it("moves, says so on the way, and stands settled at the target", async () => {
      for (const share of [0.8, 0.2, 1, 0]) {
        const before = states.length;
        const state = await letPass(clock, move(share));
        expect(state.position).to.be.closeTo(place(share), 0.5);
        expect(state).to.include({ target: place(share), moving: false, velocity: 0, fault: undefined });
        expect(latest()).to.deep.equal(state);
        const way = states.slice(before, -1);
        expect(way).to.not.be.empty;
        for (const each of way) expect(each).to.include({ target: place(share), moving: true });
      }
    });

    it("stamps its states in order, in the time of its clock", async () => {
      const before = clock.now();
      await letPass(clock, move(0.7));
      const stamps = states.map((state) => state.stamp);
      expect(stamps).to.deep.equal(stamps.toSorted((a, b) => a - b));
      expect(stamps.at(-1)).to.be.above(before).and.at.most(clock.now());
    });

    it("is done at once where it stands already", async () => {
      const { position } = await letPass(clock, move(0.6));
      const start = clock.now();
      const state = await driver.moveTo(position);
      expect(state).to.include({ position, moving: false });
      if (clock instanceof SteppedClock) expect(clock.now()).to.equal(start);
    });

    it("refuses positions outside its range and stays where it is", async () => {
      const { min, max } = driver.capabilities();
      const { position } = latest();
      for (const wrong of [min - 1, max + 1, NaN, Infinity, -Infinity])
        expect(await rejection(driver.moveTo(wrong))).to.have.property("code", "invalid_input");
      expect(latest()).to.include({ position, moving: false });
    });

    it("does not move for a signal that has aborted", async () => {
      const { position } = latest();
      expect(await rejection(move(0.9, AbortSignal.abort()))).to.have.property("code", "canceled");
      expect(latest().position).to.equal(position);
    });

    it("halts when the signal aborts on the way, and moves again afterwards", async () => {
      await letPass(clock, move(0));
      const abort = new AbortController();
      const moving = rejection(move(1, abort.signal));
      await letPass(clock, clock.sleep(1));
      abort.abort();
      expect(await letPass(clock, moving)).to.have.property("code", "canceled");
      await letPass(clock, untilStill());
      expect(latest().position).to.be.below(place(1));
      expect((await letPass(clock, move(0.5))).position).to.be.closeTo(place(0.5), 0.5);
    });

    it("follows the newer of two calls and cancels the older", async () => {
      await letPass(clock, move(0));
      const older = rejection(move(1));
      await letPass(clock, clock.sleep(1));
      const newer = move(0.3);
      expect(await letPass(clock, older)).to.have.property("code", "canceled");
      expect((await letPass(clock, newer)).position).to.be.closeTo(place(0.3), 0.5);
    });

    it("takes many calls at once and stands where the last one said", async () => {
      const calls = [0.9, 0.1, 0.5, 0.2, 0.7].map((share) => move(share));
      const outcomes = await letPass(clock, Promise.allSettled(calls));
      expect(outcomes.map((each) => each.status)).to.deep.equal([
        ...Array<string>(4).fill("rejected"),
        "fulfilled",
      ]);
      expect(latest().position).to.be.closeTo(place(0.7), 0.5);
    });

    it("stops on the way", async () => {
      await letPass(clock, move(0));
      const moving = rejection(move(1));
      await letPass(clock, clock.sleep(1));
      const stopped = await letPass(clock, driver.stop());
      expect(await moving).to.have.property("code", "canceled");
      expect(stopped).to.include({ moving: false, velocity: 0 });
      expect(stopped.position).to.be.below(place(1));
      expect(latest()).to.deep.equal(stopped);
    });

    it("stops at rest without moving", async () => {
      const { position } = latest();
      expect(await letPass(clock, driver.stop())).to.include({ position, moving: false });
    });

    it("goes home", async () => {
      await letPass(clock, move(0.5));
      const state = await letPass(clock, driver.home());
      expect(state.moving).to.equal(false);
      const { min, max } = driver.capabilities();
      expect(state.position).to.be.within(min, max);
    });

    it("completes its states on close, cancels what moves, and closes twice", async () => {
      await letPass(clock, move(0));
      const moving = rejection(move(1));
      await letPass(clock, clock.sleep(1));
      await driver.close();
      expect(await letPass(clock, moving)).to.have.property("code", "canceled");
      expect(completed).to.equal(true);
      await driver.close();
      await rejection(move(0.5));
    });

    async function untilStill(): Promise<void> {
      while (latest().moving) await clock.sleep(1);
    }
  });
}
