import { expect } from "chai";
import * as fc from "fast-check";
import { remember, union } from "../../../src/algorithms/strategy/activation.ts";
import { deviations } from "../../../src/algorithms/strategy/deviation.ts";
import { combine } from "../../../src/algorithms/strategy/estimate.ts";
import { bins, fullest } from "../../../src/algorithms/strategy/next-step.ts";
import { withSign } from "../../../src/algorithms/strategy/sign.ts";
import { linearLens, readingAt, UNTEXTURED } from "../../support/linear-lens.ts";

const sigma20 = (): number => 20;

describe("strategy: deviation |P|", () => {
  it("gives both in-focus positions within range that explain a radius", () => {
    const lens = linearLens();
    const [both, one] = deviations([readingAt(lens, 650, 500), readingAt(lens, 900, 300)], lens, 500);
    expect(both).to.have.property("kind", "read");
    expect(both)
      .to.have.property("candidates")
      .that.satisfies(closeTo([350, 650]));
    // 60 px at 500 would be at -100 or 1100: beyond the range of a reading without error.
    expect(one).to.deep.equal({ kind: "unreachable" });
  });

  it("takes a radius a little beyond the range for its end, in proportion to the uncertainty", () => {
    const lens = linearLens();
    const beyond = (std: number) => deviations([readingAt(lens, 1050, 500, std)], lens, 500)[0];
    expect(beyond(0.01)).to.deep.equal({ kind: "unreachable" });
    expect(beyond(0.1))
      .to.have.property("candidates")
      .that.satisfies(closeTo([0, 1000]));
  });

  it("states the uncertainty in steps by the slope of the lens", () => {
    // r = 20 px, so d(r) = 20.5 px * 0.1 = 2.05 px, at 0.1 px a step 20.5 steps.
    const lens = linearLens();
    const [read] = deviations([readingAt(lens, 700, 500, 0.1)], lens, 500);
    expect(read?.kind === "read" ? read.std : NaN).to.be.closeTo(20.5, 1e-9);
  });

  it("does not read a patch without texture or with a reading that is no number", () => {
    const lens = linearLens();
    const broken = { ...readingAt(lens, 400, 500), logRadius: NaN };
    expect(deviations([UNTEXTURED, broken], lens, 500)).to.deep.equal([
      { kind: "unknown" },
      { kind: "unknown" },
    ]);
  });
});

describe("strategy: sign (Eq. 6, corrected)", () => {
  const read = (...candidates: number[]) => ({ kind: "read", candidates, std: 0 }) as const;
  const signedPosition = (...each: Parameters<typeof withSign>) => withSign(...each)?.inFocusAt;

  it("chooses the side by hand-computed examples", () => {
    // Zprev = 500, |p_prev| = 150; Z = 600, dZ = 100. Read |p| = 50: |50 + 100| = 150 fits, |50 - 100| = 50 does not.
    const previous = { candidates: [350, 650], std: 0, inFocusAt: 650, drift: 0 };
    expect(signedPosition(read(550, 650), previous)).to.equal(650);
    // Read |p| = 250: |250 + 100| = 350 does not fit, |250 - 100| = 150 does: p = -250.
    expect(signedPosition(read(350, 850), previous)).to.equal(350);
  });

  it("is Eq. 6 for every symmetric reading", () => {
    const step = fc.integer({ min: 1, max: 400 });
    fc.assert(
      fc.property(step, step, fc.integer({ min: -300, max: 300 }), (now, before, moved) => {
        const z = 2000;
        const zPrevious = z - moved;
        const plus = Math.abs(Math.abs(now + moved) - before);
        const minus = Math.abs(Math.abs(now - moved) - before);
        fc.pre(plus !== minus);
        const chosen = signedPosition(read(z - now, z + now), {
          candidates: [zPrevious - before, zPrevious + before],
          std: 0,
          inFocusAt: zPrevious + before,
          drift: 0,
        });
        expect(chosen).to.equal(plus < minus ? z + now : z - now);
      }),
    );
  });

  it("keeps the side it had when the lens did not move", () => {
    for (const inFocusAt of [350, 650]) {
      expect(
        signedPosition(read(350, 650), { candidates: [350, 650], std: 0, inFocusAt, drift: 0 }),
      ).to.equal(inFocusAt);
    }
  });

  it("keeps the side it had when the difference drowns in the noise", () => {
    // Read 352/652 after 350/650 from 2 steps away: mismatches 2 and 2 against a noise of 14.
    const patch = { kind: "read", candidates: [351, 655], std: 10 } as const;
    expect(signedPosition(patch, { candidates: [350, 650], std: 10, inFocusAt: 650, drift: 0 })).to.equal(
      655,
    );
    expect(
      signedPosition({ ...patch, std: 0 }, { candidates: [350, 650], std: 0, inFocusAt: 650, drift: 0 }),
    ).to.equal(351);
  });

  it("takes a motion to go on where both sides look the same", () => {
    // Z = 316; the patch approaches 324, 332, 340; then the lens stands at 340 and the patch at 348 or 332.
    const seen = [read(308, 324), read(300, 332), read(292, 340)].reduce<ReturnType<typeof withSign>>(
      (memory, patch) => withSign(patch, memory),
      undefined,
    );
    expect(seen).to.deep.include({ inFocusAt: 340, drift: 8 });
    expect(signedPosition(read(332, 348), seen)).to.equal(348);
  });

  it("takes the side within range at t = 0, and + where both are", () => {
    expect(signedPosition(read(200), undefined)).to.equal(200);
    expect(signedPosition(read(200, 800), undefined)).to.equal(800);
    expect(withSign({ kind: "unknown" }, undefined)).to.equal(undefined);
  });

  it("finds the side of every patch of an asymmetric lens after one move", () => {
    const lens = linearLens({ above: 0.05, below: 0.15 });
    const position = fc.integer({ min: 0, max: 1000 });
    fc.assert(
      fc.property(position, position, position, (z0, z1, z2) => {
        fc.pre(Math.abs(z1 - z2) > 5);
        const [first] = deviations([readingAt(lens, z0, z1)], lens, z1);
        const [second] = deviations([readingAt(lens, z0, z2)], lens, z2);
        if (first?.kind !== "read" || second?.kind !== "read") throw new Error("not read");
        const found = withSign(second, withSign(first, undefined))?.inFocusAt;
        // Two readings may agree with two positions; then either explains both frames.
        const explains = [first, second].every(({ candidates }) =>
          candidates.some((each) => Math.abs(each - found!) < 1e-6),
        );
        expect(explains || Math.abs(found! - z0) < 1e-6).to.equal(true);
      }),
    );
  });
});

describe("strategy: estimate from all frames", () => {
  it("averages readings that agree by their precision", () => {
    // 1/std^2 = 1/100 and 1/400: weights 4 and 1.
    const { inFocusAt, std } = combine({ inFocusAt: 600, std: 10 }, { inFocusAt: 610, std: 20 }, 20);
    expect(inFocusAt).to.be.closeTo(602, 1e-9);
    expect(std).to.be.closeTo(Math.sqrt(80), 1e-9);
  });

  it("replaces what a later reading contradicts", () => {
    const reading = { inFocusAt: 700, std: 50 };
    expect(combine({ inFocusAt: 600, std: 1 }, reading, 20)).to.deep.equal(reading);
    expect(combine(undefined, reading, 20)).to.deep.equal(reading);
  });

  it("never trusts a reading so much that others count for nothing", () => {
    const { inFocusAt } = combine({ inFocusAt: 600, std: 0 }, { inFocusAt: 610, std: 5 }, 20);
    expect(inFocusAt).to.be.closeTo(605, 1e-9);
  });
});

describe("strategy: activation U", () => {
  const mask = (text: string): boolean[] => Array.from(text, (each) => each === "1");
  const run = (scene: Parameters<typeof remember>[2], ...masks: string[]): string => {
    const history = masks.reduce<ReturnType<typeof remember>>(
      (all, each) => remember(all, mask(each), scene),
      [],
    );
    return union(history)
      .map((each) => (each ? "1" : "0"))
      .join("");
  };

  it("accumulates everything in a static scene (Eq. 9)", () => {
    expect(run({ kind: "static" }, "1000", "0100", "0000", "0001")).to.equal("1101");
  });

  it("accumulates the last k masks in a dynamic scene (Algorithm 2)", () => {
    expect(run({ kind: "dynamic", k: 0, planner: "histogram" }, "1000", "0100", "0001")).to.equal("0001");
    expect(run({ kind: "dynamic", k: 1, planner: "histogram" }, "1000", "0100", "0001")).to.equal("0101");
    expect(run({ kind: "dynamic", k: 2, planner: "histogram" }, "1000", "0100", "0001")).to.equal("1101");
  });
});

describe("strategy: histogram", () => {
  it("takes the centre of the fullest bin of width 2 sigma", () => {
    const all = bins([300, 110, 100, 130, 500, 520], sigma20);
    expect(fullest(all, 0)).to.deep.equal({ centre: 115, count: 3 });
  });

  it("does not cut a surface in two, wherever it lies", () => {
    for (let at = 0; at < 80; at++) {
      const surface = [at, at + 15, at + 39, at + 200];
      expect(fullest(bins(surface, sigma20), 500)).to.deep.equal({ centre: at + 19.5, count: 3 });
    }
  });

  it("breaks ties by less travel, then upwards", () => {
    expect(fullest(bins([100, 900], sigma20), 450)?.centre).to.equal(100);
    expect(fullest(bins([100, 900], sigma20), 550)?.centre).to.equal(900);
    expect(fullest(bins([100, 900], sigma20), 500)?.centre).to.equal(900);
  });

  it("is as full as any bin can be, and everything it counts is in focus at its centre", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 30 }),
        (positions) => {
          const best = fullest(bins(positions, sigma20), 0)!;
          const inFocusAt = (z: number) => positions.filter((each) => Math.abs(each - z) <= 20).length;
          let most = 0;
          for (let z = 0; z <= 300; z += 0.5) most = Math.max(most, inFocusAt(z));
          expect(best.count).to.equal(most);
          expect(inFocusAt(best.centre)).to.equal(most);
        },
      ),
    );
  });

  it("is empty without pending patches", () => {
    expect(fullest(bins([], sigma20), 0)).to.equal(undefined);
  });
});

function closeTo(wanted: readonly number[]): (found: readonly number[]) => boolean {
  return (found) =>
    found.length === wanted.length && found.every((each, index) => Math.abs(each - wanted[index]!) < 1e-9);
}
