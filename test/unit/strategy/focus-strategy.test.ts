import { expect } from "chai";
import * as fc from "fast-check";
import type { LensModel } from "../../../src/algorithms/optics/lens-model.ts";
import type { DefocusReading } from "../../../src/algorithms/search/types.ts";
import type { SceneKind } from "../../../src/algorithms/strategy/activation.ts";
import { strategyStart, strategyStep } from "../../../src/algorithms/strategy/focus-strategy.ts";
import type { StrategyStep } from "../../../src/algorithms/strategy/strategy-step.ts";
import { normal, seededRandom } from "../../../src/core/random.ts";
import { linearLens, readingAt, UNTEXTURED } from "../../support/linear-lens.ts";

const STATIC: SceneKind = { kind: "static" };

interface Loop {
  readonly frames: readonly number[];
  readonly last: StrategyStep;
}

/** Runs the loop on a scene until it is complete, or for `most` frames. */
function run(
  lens: LensModel,
  scene: SceneKind,
  start: number,
  read: (z: number, frame: number) => DefocusReading[],
  most: number,
): Loop {
  const frames: number[] = [];
  let state = strategyStart(scene);
  let z = start;
  for (;;) {
    const last = strategyStep(state, read(z, frames.length), lens, z);
    frames.push(z);
    if (last.next === "complete" || frames.length >= most) return { frames, last };
    ({ state } = last);
    z = last.next;
  }
}

describe("strategy: the reducer", () => {
  const lens = linearLens();

  it("follows an example worked out by hand", () => {
    // Three patches at 540, two at 300, one without texture; the lens starts at 500, sigma is 20.
    const depths = [540, 540, 540, 300, 300, undefined];
    const read = (z: number) => depths.map((z0) => (z0 === undefined ? UNTEXTURED : readingAt(lens, z0, z)));
    const first = strategyStep(strategyStart(STATIC), read(500), lens, 500);
    // t = 0: both sides are within range, so + as in Algorithm 2; nothing is in focus.
    expect([...first.deviation]).to.satisfy(closeTo([40, 40, 40, 200, 200, NaN]));
    expect(first.mask).to.deep.equal([false, false, false, false, false, false]);
    expect(first.pending).to.deep.equal([true, true, true, true, true, false]);
    expect(first.next).to.be.closeTo(540, 1e-6);
    expect(first.coverage).to.equal(0);
    const second = strategyStep(first.state, read(540), lens, 540);
    // dZ = 40, |p| = 240: |240 + 40| = 280, |240 - 40| = 200 = |p_prev|, so p = -240.
    expect([...second.deviation]).to.satisfy(closeTo([0, 0, 0, -240, -240, NaN]));
    expect(second.activation).to.deep.equal([true, true, true, false, false, false]);
    expect(second.next).to.be.closeTo(300, 1e-6);
    expect(second.coverage).to.be.closeTo(0.6, 1e-9);
    const third = strategyStep(second.state, read(300), lens, 300);
    expect(third.mask).to.deep.equal([false, false, false, true, true, false]);
    expect(third.activation).to.deep.equal([true, true, true, true, true, false]);
    expect(third.next).to.equal("complete");
    expect(third.coverage).to.equal(1);
    expect(third.reason).to.equal("Every patch is done.");
  });

  it("covers every patch of any static scene and never takes a position twice", () => {
    const position = fc.integer({ min: 0, max: 1000 });
    fc.assert(
      fc.property(fc.array(position, { minLength: 1, maxLength: 40 }), position, (depths, start) => {
        const { frames, last } = run(
          lens,
          STATIC,
          start,
          (z) => depths.map((z0) => readingAt(lens, z0, z)),
          100,
        );
        expect(last.next).to.equal("complete");
        expect(last.coverage).to.equal(1);
        for (const z0 of depths) expect(frames.some((z) => Math.abs(z - z0) <= 20 + 1e-6)).to.equal(true);
        frames.forEach((a, i) => {
          for (const b of frames.slice(i + 1)) expect(Math.abs(a - b)).to.be.greaterThan(20);
        });
      }),
    );
  });

  it("needs few frames: one a surface, and the frame it starts with", () => {
    const depths = [200, 210, 205, 430, 440, 450, 700, 710, 715, 690];
    const { frames } = run(lens, STATIC, 100, (z) => depths.map((z0) => readingAt(lens, z0, z)), 100);
    expect(frames).to.have.length(4);
    expect(frames.slice(1)).to.satisfy(closeTo([702.5, 440, 205]));
  });

  it("covers a deep scene read with 10 % noise", () => {
    const random = seededRandom(7);
    const depths = Array.from({ length: 60 }, (_, i) => 150 + 700 * (Math.floor(i / 12) / 4) + (i % 12));
    const noisy = (z: number) =>
      depths.map((z0) => {
        const exact = readingAt(lens, z0, z, 0.1);
        return { ...exact, logRadius: exact.logRadius + 0.1 * normal(random) };
      });
    const { frames, last } = run(lens, STATIC, 500, noisy, 100);
    expect(last.next).to.equal("complete");
    expect(frames.length).to.be.lessThan(15);
    const covered = depths.filter((z0) => frames.some((z) => Math.abs(z - z0) <= 20)).length;
    expect(covered / depths.length).to.be.greaterThan(0.95);
  });

  it("ends within (max - min) / sigma + 2 frames whatever the readings are, wherever the lens ends up", () => {
    const reading = fc.record({
      logRadius: fc.double({ min: -1, max: 6 }),
      logRadiusStd: fc.double({ min: 0, max: 1, noNaN: true }),
      inFocusProbability: fc.constant(0),
      sharpness: fc.constant(0),
      textured: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.infiniteStream(fc.array(reading, { minLength: 6, maxLength: 6 })), (stream) => {
        const { last } = run(lens, STATIC, 500, () => take(stream), 53);
        expect(last.next).to.equal("complete");
      }),
      { numRuns: 50 },
    );
    // A lens that does not move at all.
    let state = strategyStart(STATIC);
    const stuck = [readingAt(lens, 800, 500), readingAt(lens, 200, 500)];
    let frames = 0;
    for (let next: number | "complete" = 0; next !== "complete"; frames++) {
      const step = strategyStep(state, stuck, lens, 500);
      ({ state, next } = step);
    }
    expect(frames).to.be.at.most(4);
  });

  it("keeps what it knows of a patch that blur makes unreadable in a static scene", () => {
    const first = strategyStep(
      strategyStart(STATIC),
      [readingAt(lens, 540, 500), readingAt(lens, 900, 600)],
      lens,
      500,
    );
    const second = strategyStep(first.state, [readingAt(lens, 540, 540), UNTEXTURED], lens, 540);
    expect(second.pending).to.deep.equal([false, true]);
    expect(second.next).to.be.closeTo(800, 1e-6);
    const third = strategyStep(second.state, [UNTEXTURED, UNTEXTURED], lens, 800);
    expect(third.mask).to.deep.equal([false, false]);
    expect(third.next).to.equal("complete");
  });

  it("says why it ends", () => {
    const only = (reading: DefocusReading) => strategyStep(strategyStart(STATIC), [reading], lens, 500);
    expect(only(UNTEXTURED)).to.include({ next: "complete", coverage: 1 });
    expect(only(UNTEXTURED).reason).to.equal("No patch has enough texture to be read.");
    expect(only(readingAt(lens, 2000, 500)).reason).to.equal("The remaining patches are out of range.");
    expect(only(readingAt(lens, 510, 500)).reason).to.equal("Every patch is done.");
  });

  it("alternates between the surfaces of a dynamic scene with k = 1, and stays where nothing is pending", () => {
    const depths = [300, 300, 300, 700, 700];
    const read = (z: number) => depths.map((z0) => readingAt(lens, z0, z));
    const { frames } = run(lens, { kind: "dynamic", k: 1, planner: "histogram" }, 300, read, 8);
    expect(frames).to.satisfy(closeTo([300, 700, 700, 300, 300, 700, 700, 300]));
    const greedy = run(lens, { kind: "dynamic", k: 0, planner: "histogram" }, 300, read, 4).frames;
    expect(greedy).to.satisfy(closeTo([300, 700, 300, 700]));
    const flat = run(
      lens,
      { kind: "dynamic", k: 1, planner: "histogram" },
      310,
      () => [readingAt(lens, 300, 310), UNTEXTURED],
      3,
    );
    expect(flat.frames).to.deep.equal([310, 310, 310]);
  });

  it("does not refine for ever what cannot be brought into focus while something else is pending", () => {
    // Five patches always look 30 steps out of focus, wherever the lens stands; two others are in focus at 700.
    const { frames } = run(
      lens,
      { kind: "dynamic", k: 1, planner: "histogram" },
      300,
      (z) => [
        ...Array.from({ length: 5 }, () => readingAt(lens, z + 30, z)),
        readingAt(lens, 700, z),
        readingAt(lens, 700, z),
      ],
      6,
    );
    expect(frames.filter((z) => Math.abs(z - 700) <= 20)).to.have.length.at.least(2);
  });

  it("by age, comes back to every surface, the large ones more often", () => {
    const depths = [...Array<number>(9).fill(200), 350, 500, ...Array<number>(3).fill(650), 800];
    const read = (z: number) => depths.map((z0) => readingAt(lens, z0, z));
    const { frames } = run(lens, { kind: "dynamic", k: 1, planner: "age" }, 200, read, 30);
    const visits = (z0: number): number => frames.filter((z) => Math.abs(z - z0) <= 20).length;
    for (const z0 of [350, 500, 800]) expect(visits(z0)).to.be.at.least(3);
    expect(visits(200)).to.be.greaterThan(visits(350));
    const flat = run(
      lens,
      { kind: "dynamic", k: 1, planner: "age" },
      310,
      () => [readingAt(lens, 300, 310)],
      3,
    );
    expect(flat.frames).to.deep.equal([310, 310, 310]);
  });

  it("by age, does not chase what is said to be elsewhere wherever the lens stands", () => {
    const read = (z: number) => [
      ...Array.from({ length: 5 }, () => readingAt(lens, z + 30, z)),
      readingAt(lens, 700, z),
    ];
    const { frames } = run(lens, { kind: "dynamic", k: 1, planner: "age" }, 300, read, 20);
    expect(frames.filter((z) => Math.abs(z - 700) <= 20)).to.have.length.at.least(3);
  });

  it("follows an object that moves", () => {
    const at = (frame: number) => 300 + 8 * frame;
    const { frames } = run(
      lens,
      { kind: "dynamic", k: 0, planner: "histogram" },
      300,
      (z, frame) => [readingAt(lens, at(frame), z), readingAt(lens, at(frame) + 2, z)],
      40,
    );
    frames.forEach((z, frame) => expect(Math.abs(z - at(frame))).to.be.at.most(30));
  });

  it("refuses what makes no sense", () => {
    expect(() => strategyStart({ kind: "dynamic", k: -1, planner: "histogram" })).to.throw(
      /k but received -1/,
    );
    const start = strategyStart(STATIC);
    expect(() => strategyStep(start, [UNTEXTURED], lens, NaN)).to.throw(/finite focus position/);
    const { state } = strategyStep(start, [UNTEXTURED], lens, 500);
    expect(() => strategyStep(state, [], lens, 500)).to.throw(/Expected 1 patches/);
  });
});

/** Not by a loop, which would close the stream. */
function take<T>(stream: fc.Stream<T>): T {
  return stream.next().value as T;
}

function closeTo(wanted: readonly number[]): (found: readonly number[]) => boolean {
  return (found) =>
    found.length === wanted.length &&
    found.every(
      (each, i) => Number.isNaN(wanted[i]!) === Number.isNaN(each) && !(Math.abs(each - wanted[i]!) > 1e-3),
    );
}
