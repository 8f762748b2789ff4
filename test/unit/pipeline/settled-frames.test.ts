import { expect } from "chai";
import { firstValueFrom, Subject, timer } from "rxjs";
import { TestScheduler } from "rxjs/testing";
import fc from "fast-check";
import { SteppedClock } from "../../../src/core/clock.ts";
import type { Frame } from "../../../src/core/frame.ts";
import { image } from "../../../src/core/image.ts";
import { clockTimer } from "../../../src/pipeline/clock-timer.ts";
import type { LensMotion } from "../../../src/pipeline/lens-history.ts";
import {
  focusedExposures,
  settledFrames,
  type FocusedExposure,
  type SettlingOptions,
} from "../../../src/pipeline/settled-frames.ts";

const picture = image(1, 1, 1, new Uint8Array(1));
const frame = (stamp: number, exposure = 10): Frame => ({
  image: picture,
  stamp,
  exposure,
  sequence: stamp,
  frameId: "camera",
});
const rest = (stamp: number, position: number): LensMotion => ({ stamp, position, moving: false });
const moving = (stamp: number, position: number): LensMotion => ({ stamp, position, moving: true });

/** Runs marbles in virtual time, where one character is one millisecond. */
function marbles(
  frames: string,
  frameValues: Record<string, Frame>,
  states: string,
  stateValues: Record<string, LensMotion>,
  expectedMarbles: string,
  expectedValues: Record<string, number>,
  options: Partial<SettlingOptions> = {},
): void {
  const scheduler = new TestScheduler((actual, wanted) => {
    expect(actual).to.deep.equal(wanted);
  });
  scheduler.run(({ cold, expectObservable }) => {
    const settled$ = settledFrames(cold(frames, frameValues), cold(states, stateValues), {
      after: (duration) => timer(duration),
      ...options,
    });
    const values = Object.fromEntries(
      Object.entries(expectedValues).map(([key, position]) => [key, { frame: frameValues[key], position }]),
    );
    expectObservable(settled$).toBe(expectedMarbles, values);
  });
}

/** What is said of one frame, all states being known. */
function verdict(
  states: readonly LensMotion[],
  of: Frame,
  options: Partial<SettlingOptions> = {},
): Promise<FocusedExposure> {
  const frames$ = new Subject<Frame>();
  const states$ = new Subject<LensMotion>();
  const verdict$ = firstValueFrom(
    focusedExposures(frames$, states$, { after: (duration) => timer(duration), ...options }),
  );
  states.forEach((state) => states$.next(state));
  frames$.next(of);
  return verdict$;
}

describe("settled frames", () => {
  describe("in virtual time", () => {
    it("passes frames of a lens at rest with its position, in order", () => {
      marbles(
        "-a-b-(c|)",
        { a: frame(100), b: frame(110), c: frame(120) },
        "s------",
        { s: rest(0, 1500) },
        "-a-b-(c|)",
        { a: 1500, b: 1500, c: 1500 },
      );
    });

    it("drops a frame whose exposure straddles the start or the end of a movement, or lies within it", () => {
      marbles(
        "-----abcde|",
        { a: frame(90), b: frame(95), c: frame(120), d: frame(145), e: frame(150) },
        "rms-----",
        { r: rest(0, 1000), m: moving(100, 1000), s: rest(150, 1200) },
        "-----a---e|",
        { a: 1000, e: 1200 },
      );
    });

    it("waits for a state that comes late, and holds the frames behind back", () => {
      marbles(
        "-a-b------|",
        { a: frame(95), b: frame(200) },
        "r---m----s",
        { r: rest(0, 1000), m: moving(100, 1000), s: rest(300, 1200) },
        "----------|",
        {},
        { patience: 20 },
      );
    });

    it("decides as soon as a state stamped after the exposure is there", () => {
      marbles(
        "-a---------|",
        { a: frame(95) },
        "r--h",
        { r: rest(0, 1000), h: rest(105, 1000) },
        "---a-------|",
        { a: 1000 },
        { patience: 20 },
      );
    });

    it("waits no longer than its patience", () => {
      marbles(
        "-a---------|",
        { a: frame(95) },
        "r-----h",
        { r: rest(0, 1000), h: rest(105, 1000) },
        "----a------|",
        { a: 1000 },
        { patience: 3 },
      );
    });

    it("passes on what goes wrong on either side", () => {
      marbles("-a-#", { a: frame(9) }, "r", { r: rest(0, 7) }, "-a-#", { a: 7 });
      marbles("-a---", { a: frame(9) }, "r--#", { r: rest(0, 7) }, "-a-#", { a: 7 });
    });
  });

  it("waits on the clock of the core", async () => {
    const clock = new SteppedClock();
    const frames$ = new Subject<Frame>();
    const states$ = new Subject<LensMotion>();
    const positions: number[] = [];
    settledFrames(frames$, states$, { after: clockTimer(clock), patience: 20 }).subscribe(({ position }) =>
      positions.push(position),
    );
    states$.next(rest(0, 1));
    frames$.next(frame(5));
    await clock.advance(19);
    expect(positions).to.deep.equal([]);
    await clock.advance(1);
    expect(positions).to.deep.equal([1]);
  });

  it("ends its waits on the clock when nobody listens", async () => {
    const clock = new SteppedClock();
    const frames$ = new Subject<Frame>();
    const subscription = settledFrames(frames$, new Subject<LensMotion>(), {
      after: clockTimer(clock),
      patience: 20,
    }).subscribe();
    frames$.next(frame(5));
    expect(clock.nextDue).to.equal(20);
    subscription.unsubscribe();
    expect(clock.nextDue).to.equal(undefined);
    expect(frames$.observed).to.equal(false);
    await clock.advance(0);
  });

  it("knows nothing before the first state", async () => {
    const { settled, position, uncertainty } = await verdict([], frame(100));
    expect(settled).to.equal(false);
    expect([position, uncertainty]).to.deep.equal([NaN, NaN]);
    expect((await verdict([rest(105, 1)], frame(100))).settled).to.equal(false);
  });

  it("allows for clocks that do not agree", async () => {
    const states = [moving(0, 0), rest(100, 50), moving(150, 50), rest(300, 90)];
    const settled = async (stamp: number, margin: number): Promise<boolean> =>
      (await verdict(states, frame(stamp), { margin })).settled;
    expect(await settled(100, 0)).to.equal(true);
    expect(await settled(100, 5)).to.equal(false);
    expect(await settled(105, 5)).to.equal(true);
    expect(await settled(134, 5)).to.equal(true);
    expect(await settled(137, 5)).to.equal(false);
    expect(await settled(139, 0)).to.equal(true);
  });

  it("does not trust a lens until it has stopped swinging or taken up its backlash", async () => {
    const states = [moving(0, 0), rest(100, 50), rest(110, 50), rest(120, 52), rest(130, 52)];
    const at = (stamp: number) => verdict(states, frame(stamp, 4), { settle: 20 });
    expect((await at(112)).settled).to.equal(false);
    expect((await at(139)).settled).to.equal(false);
    expect(await at(140)).to.include({ settled: true, position: 52 });
  });

  it("interpolates where a moving lens was, and says how far it moved", async () => {
    const states = [rest(0, 100), moving(100, 100), moving(200, 300), rest(300, 400)];
    const { settled, position, uncertainty } = await verdict(states, frame(150, 20));
    expect(settled).to.equal(false);
    expect(position).to.be.closeTo(220, 1e-9);
    expect(uncertainty).to.be.closeTo(20, 1e-9);
  });

  it("does not trust a lens that has gone silent", async () => {
    const states = [rest(0, 5)];
    expect((await verdict(states, frame(480), { staleAfter: 500 })).settled).to.equal(true);
    expect((await verdict(states, frame(500), { staleAfter: 500 })).settled).to.equal(false);
  });

  it("comes to the same verdict in whatever order the states come", async () => {
    const stamps = fc.uniqueArray(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(stamps, fc.infiniteStream(fc.boolean()), fc.integer(), async (times, moves, seed) => {
        const states = [...times]
          .sort((a, b) => a - b)
          .map((stamp) => (moves.next().value ? moving(stamp, stamp) : rest(stamp, 7)));
        const shuffled = [...states].sort((a, b) => Math.sin(seed + a.stamp) - Math.sin(seed + b.stamp));
        const options = { patience: 0, margin: 3 };
        expect(await verdict(shuffled, frame(100, 20), options)).to.deep.equal(
          await verdict(states, frame(100, 20), options),
        );
      }),
    );
  });

  it("calls a frame settled exactly when every state in force during it is the same rest", async () => {
    const state = fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 1 }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(state, { maxLength: 10 }),
        fc.integer({ min: 0, max: 100 }),
        async (list, begin) => {
          const states = list.map(([moves, position], index) => ({
            stamp: 10 * index,
            position,
            moving: moves,
          }));
          const inForce = states.filter(
            ({ stamp }, index) => stamp < begin + 15 && (states[index + 1]?.stamp ?? Infinity) > begin,
          );
          const wanted =
            inForce.length > 0 &&
            inForce.every(({ moving: moves, position }) => !moves && position === inForce[0]?.position);
          expect((await verdict(states, frame(begin, 15))).settled).to.equal(wanted);
        },
      ),
    );
  });
});
