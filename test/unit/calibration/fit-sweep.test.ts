import { expect } from "chai";
import { fitSweep } from "../../../src/algorithms/calibration/sweep/fit-sweep.ts";
import { sweepWindows } from "../../../src/algorithms/calibration/sweep/windows.ts";
import { radiusRead } from "../../../src/algorithms/optics/softness.ts";
import { logRadiusOf, type DefocusReading } from "../../../src/algorithms/search/types.ts";
import { AutofocusError } from "../../../src/core/errors.ts";
import { normal, seededRandom, uniform, type Random } from "../../../src/core/random.ts";
import { UNTEXTURED } from "../../support/linear-lens.ts";

const POSITIONS = Array.from({ length: 25 }, (_, index) => 100 + 40 * index);

/** A motor that is uneven: the radius grows twice as fast at the end of the range as at its beginning. */
const uneven = (z: number): number => 60 * ((z - 100) / 960) * (1 + 0.5 * ((z - 100) / 960));

const readingOf = (radius: number, logRadiusStd = 0.1): DefocusReading => ({
  ...UNTEXTURED,
  textured: true,
  logRadius: logRadiusOf(radius),
  logRadiusStd,
});

interface World {
  readonly q?: (z: number) => number;
  readonly noise?: number;
  readonly outliers?: number;
  readonly softness?: number;
}

/** What a network reads in windows that are sharp at `focus`. */
function sweepOf(focus: readonly number[], random: Random, world: World = {}): DefocusReading[][] {
  const { q = uneven, noise = 0.1, outliers = 0.03, softness = 0.4 } = world;
  return focus.map((z0) =>
    POSITIONS.map((z) => {
      const wild = random.next() < outliers ? uniform(random, -2, 2) : 0;
      const logRadius = logRadiusOf(radiusRead(q(z) - q(z0), softness)) + wild + noise * normal(random);
      return { ...readingOf(0, noise), logRadius };
    }),
  );
}

const somewhere = (random: Random, count: number): number[] =>
  Array.from({ length: count }, () => uniform(random, 100, 1060));

function failure(run: () => unknown): AutofocusError {
  try {
    run();
  } catch (error) {
    expect(error).to.be.instanceOf(AutofocusError);
    return error as AutofocusError;
  }
  throw new Error("Expected a failure.");
}

describe("calibration from a sweep", () => {
  it("finds how the radius grows and where every window is sharp, neither of which it is told", () => {
    const random = seededRandom(3);
    const focus = somewhere(random, 24);
    const { defocus, windows, residual } = fitSweep(POSITIONS, sweepOf(focus, random));
    for (const [from, to] of [
      [100, 1060],
      [100, 580],
      [580, 1060],
    ] as const) {
      const truth = uneven(to) - uneven(from);
      expect(defocus.at(to) - defocus.at(from), `${from}..${to}`).to.be.closeTo(truth, 0.04 * truth);
    }
    focus.forEach((z0, index) => expect(windows[index]?.focus).to.be.closeTo(z0, 20));
    expect(windows.filter((each) => each?.used === true)).to.have.length(24);
    expect(residual).to.be.lessThan(0.25);
  });

  it("is always rising, and the same each time", () => {
    for (const seed of [1, 2]) {
      const random = seededRandom(seed);
      const readings = sweepOf(somewhere(random, 9), random, { noise: 0.4, outliers: 0.2 });
      const { defocus } = fitSweep(POSITIONS, readings);
      defocus.values.forEach((value, index) => {
        if (index > 0) expect(value).to.be.greaterThan(defocus.values[index - 1]!);
      });
      expect(fitSweep(POSITIONS, readings).defocus.values).to.deep.equal(defocus.values);
    }
  });

  it("says where a window is sharp beyond the sweep, and leaves out what moves", () => {
    const random = seededRandom(5);
    const focus = [...somewhere(random, 14), 1250];
    const readings = sweepOf(focus, random);
    const moving = POSITIONS.map((_, index) => readingOf(index % 2 === 0 ? 3 : 40));
    const { windows } = fitSweep(POSITIONS, [...readings, moving]);
    expect(windows[14]).to.include({ focus: undefined, used: true });
    expect(windows[15]?.used).to.equal(false);
  });

  it("tells how soft the lens is, or how much the camera sharpens", () => {
    const slow = (z: number): number => uneven(z) / 6;
    for (const softness of [-1, 0, 1.5]) {
      const random = seededRandom(9);
      const readings = sweepOf(somewhere(random, 16), random, { q: slow, softness, noise: 0.05 });
      const { softness: found, defocus } = fitSweep(POSITIONS, readings);
      expect(found).to.have.length(3);
      expect(found[1], `${softness} px`).to.be.closeTo(softness, 0.4);
      expect(found).to.deep.equal([...found].sort((a, b) => a - b));
      expect(defocus.at(1060) - defocus.at(100)).to.be.closeTo(slow(1060), 0.06 * slow(1060));
    }
  });

  it("passes over windows that cannot be read", () => {
    const random = seededRandom(6);
    const readings = sweepOf(somewhere(random, 8), random);
    const blind = POSITIONS.map(() => UNTEXTURED);
    const missing = POSITIONS.map(() => undefined);
    const { windows, defocus } = fitSweep(POSITIONS, [blind, ...readings, missing]);
    expect(windows[0]).to.equal(undefined);
    expect(windows[9]).to.equal(undefined);
    expect(defocus.values).to.deep.equal(fitSweep(POSITIONS, readings).defocus.values);
  });

  it("refuses what shows no lens", () => {
    const random = seededRandom(7);
    const readings = sweepOf(somewhere(random, 8), random);
    expect(failure(() => fitSweep(POSITIONS.slice(0, 3), readings)).code).to.equal("invalid_input");
    expect(failure(() => fitSweep([1, 2, 2, 3], readings)).code).to.equal("invalid_input");
    expect(failure(() => fitSweep(POSITIONS, readings.slice(0, 2))).code).to.equal("no_texture");
    const steady = sweepOf(somewhere(random, 8), random, { q: () => 0, softness: 12, outliers: 0 });
    expect(failure(() => fitSweep(POSITIONS, steady)).code).to.equal("calibration_failed");
  });

  it("takes windows as large as still make a grid", () => {
    const sizes = [
      [860, 680, 128, 108],
      [2048, 1536, 256, 48],
      [3840, 2160, 512, 98],
      [400, 130, 128, 5],
    ] as const;
    for (const [width, height, side, count] of sizes) {
      const windows = sweepWindows({ width, height });
      expect(windows).to.have.length(count);
      for (const window of windows) expect(window).to.include({ width: side, height: side });
    }
    expect(failure(() => sweepWindows({ width: 180, height: 130 })).code).to.equal("invalid_image");
    expect(failure(() => sweepWindows({ width: 100, height: 100 })).code).to.equal("invalid_image");
  });
});
