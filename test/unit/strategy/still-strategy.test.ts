import { expect } from "chai";
import * as fc from "fast-check";
import type { LensModel } from "../../../src/algorithms/optics/lens-model.ts";
import { logRadiusOf, type DefocusReading } from "../../../src/algorithms/search/types.ts";
import { sweepPositions } from "../../../src/algorithms/planning/sweep-positions.ts";
import { detailPassed, type FrameDetail } from "../../../src/algorithms/strategy/still/frame-detail.ts";
import {
  STILL_START,
  stillStep,
  type StillStep,
} from "../../../src/algorithms/strategy/still/still-strategy.ts";
import { normal, seededRandom } from "../../../src/core/random.ts";
import { linearLens, readingAt, UNTEXTURED } from "../../support/linear-lens.ts";

/** What the network believes of its own errors, on the logarithmic axis. */
const STD = 0.05;

interface Run {
  readonly frames: readonly number[];
  readonly last: StillStep;
}

function run(
  lens: LensModel,
  start: number,
  read: (z: number) => DefocusReading[],
  most = 60,
  detail?: (z: number) => FrameDetail,
): Run {
  const frames: number[] = [];
  let state = STILL_START;
  let z = start;
  for (;;) {
    const last = stillStep(state, read(z), lens, z, detail?.(z));
    frames.push(z);
    if (last.next === "complete" || frames.length >= most) return { frames, last };
    ({ state } = last);
    z = last.next;
  }
}

/** What is read of a patch that shows several distances: the sharpest of them. */
function sharpest(lens: LensModel, depths: readonly number[], z: number): DefocusReading {
  const nearest = depths.reduce((a, b) => (lens.radius(b, z) < lens.radius(a, z) ? b : a));
  return readingAt(lens, nearest, z, STD);
}

function inFocusOnce(frames: readonly number[], z0: number, slack = 1): boolean {
  return frames.some((z) => Math.abs(z - z0) <= 20 + slack);
}

/** Energy of the detail of a cell in focus and of noise. */
const [TEXTURE, NOISE] = [1e-3, 1e-5];

/** Cells a patch is wide. */
const WIDTH = 6;

/** A floor: patches read as the sharpest of their cells, and every cell a few steps from the next. */
function floor(lens: LensModel, from: number, to: number, texture = TEXTURE) {
  const cells = Array.from({ length: 60 }, (_, index) => from + ((to - from) * index) / 59);
  const patches = Array.from({ length: 61 - WIDTH }, (_, index) => cells.slice(index, index + WIDTH));
  const patchesOf = cells.map((_, cell) =>
    patches.flatMap((__, patch) => (patch <= cell && cell < patch + WIDTH ? [patch] : [])),
  );
  return {
    cells,
    read: (z: number) => patches.map((depths) => sharpest(lens, depths, z)),
    detail: (z: number): FrameDetail => ({
      energy: Float32Array.from(cells, (z0) => texture * detailPassed(lens.radius(z0, z) / 4) + NOISE),
      reduction: 4,
      patchesOf,
    }),
  };
}

describe("strategy: still scenes", () => {
  const lens = linearLens();

  it("covers a floor through the whole range with no more frames than a sweep", function () {
    this.timeout(20_000);
    for (const start of [500, 90]) {
      const { cells, read, detail } = floor(lens, 30, 970);
      const { frames, last } = run(lens, start, read, 60, detail);
      expect(last.next).to.equal("complete");
      // The outermost cells lie in few patches, which have been in focus by their near sides.
      for (const z0 of cells.slice(WIDTH, -WIDTH)) expect(inFocusOnce(frames, z0)).to.equal(true);
      expect(frames.length).to.be.at.most(sweepPositions(lens).length);
    }
  });

  it("asks for a frame for what is smaller than a patch, and is not seen in any", () => {
    const planes = Array.from({ length: 60 }, (_, i) => (i < 30 ? 400 : 600));
    const things = [...planes, ...Array.from({ length: 6 }, () => 500)];
    const read = (z: number) => planes.map((z0) => readingAt(lens, z0, z, STD));
    const detail = (z: number): FrameDetail => ({
      energy: Float32Array.from(things, (z0) => 0.01 * detailPassed(lens.radius(z0, z) / 4) + NOISE),
      reduction: 4,
      patchesOf: things.map((_, cell) => [cell % 60]),
    });
    expect(inFocusOnce(run(lens, 320, read).frames, 500)).to.equal(false);
    const { frames } = run(lens, 320, read, 60, detail);
    for (const z0 of things) expect(inFocusOnce(frames, z0)).to.equal(true);
    expect(frames.length).to.be.at.most(5);
  });

  it("counts patches among patches, and what is smaller apart", () => {
    const { read, detail } = floor(lens, 30, 970);
    let small = 0;
    for (const most of [1, 2, 3, 4, 5]) {
      const { reason } = run(lens, 500, read, most, detail).last;
      const patches = /bring (\d+) more of (\d+) patches/.exec(reason);
      if (patches !== null) expect(Number(patches[1])).to.be.at.most(Number(patches[2]));
      if (/ \d+ cells smaller than a patch/.test(reason)) small++;
      expect(patches !== null || small > 0, reason).to.equal(true);
    }
    expect(small).to.be.greaterThan(0);
  });

  it("takes the frames of a slope side by side", () => {
    const { cells, read, detail } = floor(lens, 300, 560);
    const { frames } = run(lens, 310, read, 60, detail);
    for (const z0 of cells) expect(inFocusOnce(frames, z0)).to.equal(true);
    // 260 steps are six and a half depths of field.
    expect(frames.length).to.be.at.most(8);
  });

  it("takes no frame more for cells without detail", () => {
    const planes = Array.from({ length: 61 - WIDTH }, (_, i) => (i < 27 ? 250 : 620));
    const read = (z: number) => planes.map((z0) => readingAt(lens, z0, z, STD));
    const plain = floor(lens, 100, 900, 0).detail;
    expect(run(lens, 500, read, 60, plain).frames).to.deep.equal(run(lens, 500, read).frames);
  });

  it("says that a frame is useful where only cells are in focus", () => {
    const { read, detail } = floor(lens, 300, 320);
    const unread = read(300).map(() => UNTEXTURED);
    expect(stillStep(STILL_START, unread, lens, 300).isUseful).to.equal(false);
    let { state } = stillStep(STILL_START, read(430), lens, 430, detail(430));
    ({ state } = stillStep(state, read(340), lens, 340, detail(340)));
    const step = stillStep(state, unread, lens, 300, detail(300));
    expect(step.mask).to.not.include(true);
    expect(step.isUseful).to.equal(true);
  });

  it("takes one frame a surface, besides the one it starts with", () => {
    const depths = [200, 202, 205, 210, 430, 440, 445, 700, 705, 708, 712];
    const { frames, last } = run(lens, 320, (z) => depths.map((z0) => readingAt(lens, z0, z, STD)));
    expect(last.next).to.equal("complete");
    expect(last.reason).to.equal("Every patch is done.");
    expect(frames.length).to.be.at.most(5);
    for (const z0 of depths) expect(inFocusOnce(frames, z0)).to.equal(true);
    expect(last.coverage).to.equal(1);
  });

  it("knows where each patch is after two frames, and says how surely", () => {
    const depths = [540, 300];
    const read = (z: number) => [...depths.map((z0) => readingAt(lens, z0, z, STD)), UNTEXTURED];
    const first = stillStep(STILL_START, read(500), lens, 500);
    expect([...first.mask]).to.deep.equal([false, false, false]);
    expect(first.confidence[0]).to.be.within(0.3, 0.6);
    const { state } = first;
    const second = stillStep(state, read(540), lens, 540);
    expect(second.deviation[0]).to.be.closeTo(0, 5);
    expect(second.deviation[1]).to.be.closeTo(-240, 10);
    expect(second.deviation[2]).to.be.NaN;
    expect(second.confidence[1]).to.be.greaterThan(0.8);
    expect(second.confidence[2]).to.equal(0);
    expect([...second.activation]).to.deep.equal([true, false, false]);
    expect([...second.pending]).to.deep.equal([false, true, false]);
    expect(second.next).to.be.closeTo(300, 10);
    expect(second.reason).to.equal("Expected to bring 1 more of 2 patches into focus.");
  });

  it("brings every patch of any scene into focus", () => {
    const position = fc.integer({ min: 20, max: 980 });
    fc.assert(
      fc.property(fc.array(position, { minLength: 1, maxLength: 6 }), position, (depths, start) => {
        const { frames, last } = run(lens, start, (z) => depths.map((z0) => readingAt(lens, z0, z, STD)));
        expect(last.next).to.equal("complete");
        for (const z0 of depths) expect(inFocusOnce(frames, z0, 4)).to.equal(true);
      }),
      { numRuns: 12 },
    );
  });

  it("is not misled by one wild reading of a patch", () => {
    const wild = { ...UNTEXTURED, textured: true, logRadius: logRadiusOf(33), logRadiusStd: STD };
    let count = 0;
    const { frames } = run(lens, 400, (z) => {
      const isThird = ++count === 2;
      return [430, 430, 700].map((z0, i) => (isThird && i === 0 ? wild : readingAt(lens, z0, z, STD)));
    });
    expect(frames.length).to.be.at.most(4);
  });

  it("takes no frame more for patches that show two distances than for the distances themselves", () => {
    const planes = Array.from({ length: 24 }, (_, i) => (i % 2 === 0 ? 250 : 620));
    const pure = run(lens, 500, (z) => planes.map((z0) => readingAt(lens, z0, z, STD)));
    const mixed = run(lens, 500, (z) => [
      ...planes.map((z0) => readingAt(lens, z0, z, STD)),
      ...Array.from({ length: 8 }, () => sharpest(lens, [250, 620], z)),
    ]);
    expect(mixed.frames.length).to.equal(pure.frames.length);
  });

  it("takes no frame more for patches without texture, nor for those read at random", () => {
    const random = seededRandom(3);
    const planes = Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? 250 : 620));
    const scene = (z: number) => planes.map((z0) => readingAt(lens, z0, z, STD));
    const plain = run(lens, 500, scene);
    const noisy = run(lens, 500, (z) => [
      ...scene(z),
      ...Array.from({ length: 10 }, () => UNTEXTURED),
      ...Array.from({ length: 2 }, () => ({
        ...readingAt(lens, 500, z, 0.5),
        logRadius: logRadiusOf(Math.exp(1.5 + normal(random))),
      })),
    ]);
    expect(noisy.frames.length).to.equal(plain.frames.length);
    expect(noisy.last.next).to.equal("complete");
  });

  it("covers a deep scene read with 10 % noise in fewer frames than a sweep", () => {
    const random = seededRandom(7);
    const depths = Array.from({ length: 60 }, (_, i) => 150 + 700 * (Math.floor(i / 12) / 4) + (i % 12));
    const { frames, last } = run(lens, 500, (z) =>
      depths.map((z0) => {
        const exact = readingAt(lens, z0, z, 0.1);
        return { ...exact, logRadius: exact.logRadius + 0.1 * normal(random) };
      }),
    );
    expect(last.next).to.equal("complete");
    expect(frames.length).to.be.lessThan(12);
    expect(depths.filter((z0) => inFocusOnce(frames, z0)).length / depths.length).to.be.greaterThan(0.95);
  });

  it("ends within (max - min) / sigma + 2 frames whatever the readings are", () => {
    const reading = fc.record({
      logRadius: fc.double({ min: -1, max: 6 }),
      logRadiusStd: fc.double({ min: 0, max: 1, noNaN: true }),
      inFocusProbability: fc.constant(0),
      sharpness: fc.constant(0),
      textured: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.infiniteStream(fc.array(reading, { minLength: 6, maxLength: 6 })), (stream) => {
        const { last } = run(lens, 500, () => stream.next().value as DefocusReading[], 53);
        expect(last.next).to.equal("complete");
      }),
      { numRuns: 10 },
    );
  });

  it("ends although the lens does not move", () => {
    let state = STILL_START;
    const stuck = [readingAt(lens, 800, 500, STD), readingAt(lens, 200, 500, STD)];
    let frames = 0;
    for (let next: number | "complete" = 0; next !== "complete"; frames++)
      ({ state, next } = stillStep(state, stuck, lens, 500));
    expect(frames).to.be.at.most(10);
  });

  it("says why it ends", () => {
    const only = (...readings: DefocusReading[]) => stillStep(STILL_START, readings, lens, 500);
    expect(only(UNTEXTURED)).to.include({ next: "complete", coverage: 1 });
    expect(only(UNTEXTURED).reason).to.equal("No patch has enough texture to be read.");
    expect(only(readingAt(lens, 2000, 500, STD)).reason).to.equal("The remaining patches are out of range.");
    expect(only(readingAt(lens, 500, 500, STD)).reason).to.equal("Every patch is done.");
    const sharp = Array.from({ length: 150 }, () => readingAt(lens, 500, 500, STD));
    const doubtful = only(...sharp, readingAt(lens, 700, 500, 1));
    expect(doubtful.next).to.equal("complete");
    expect(doubtful.reason).to.equal("Too few patches are left to be worth a frame: 1.");
    const swept = sweepPositions(lens).map(() => 500);
    const ended = stillStep({ ...STILL_START, visited: swept }, [readingAt(lens, 700, 500, STD)], lens, 500);
    expect(ended.next).to.equal("complete");
    expect(ended.reason).to.equal("As many frames as a sweep of the range has; patches left: 1.");
  });

  it("refuses what makes no sense", () => {
    expect(() => stillStep(STILL_START, [UNTEXTURED], lens, NaN)).to.throw(/finite focus position/);
    const { state } = stillStep(STILL_START, [UNTEXTURED], lens, 500);
    expect(() => stillStep(state, [], lens, 500)).to.throw(/Expected 1 patches/);
    const cells = (count: number): FrameDetail => ({
      energy: new Float32Array(count),
      reduction: 1,
      patchesOf: Array.from({ length: count }, () => [0]),
    });
    const withCells = stillStep(STILL_START, [UNTEXTURED], lens, 500, cells(2)).state;
    for (const other of [cells(3), undefined])
      expect(() => stillStep(withCells, [UNTEXTURED], lens, 500, other)).to.throw(/Expected 2 cells/);
  });
});
