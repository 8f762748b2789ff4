import { expect } from "chai";
import type { ImageF32 } from "../../../src/core/image.ts";
import { seededRandom } from "../../../src/core/random.ts";
import { deepScene } from "../../../src/drivers/simulator/procedural/deep-scene.ts";
import { movingScene } from "../../../src/drivers/simulator/procedural/moving-scene.ts";
import { poster } from "../../../src/drivers/simulator/procedural/poster.ts";
import { loadLens } from "../../../src/io/lens-file.ts";
import { linearLens } from "../../support/linear-lens.ts";

const canvas = { width: 120, height: 90, channels: 1 as const };

/** Mean square difference of pixels `lag` apart along the rows, over the variance. */
function structure({ width, data }: ImageF32, lag: number): number {
  let [differences, squares, sum] = [0, 0, 0];
  for (const [at, value] of data.entries()) {
    sum += value;
    squares += value * value;
    if (at % width >= lag) differences += (value - data[at - lag]!) ** 2;
  }
  const mean = sum / data.length;
  return differences / data.length / (squares / data.length - mean * mean);
}

describe("procedural scenes", () => {
  it("repeat themselves for a seed and differ for another", () => {
    const [once, again, other] = [3, 3, 4].map((seed) => poster(canvas, seededRandom(seed)));
    expect(once).to.deep.equal(again);
    expect(once).to.not.deep.equal(other);
  });

  it("hold light from 0 to 1, in gray and colour", () => {
    for (const channels of [1, 3] as const) {
      const { data } = poster({ ...canvas, channels }, seededRandom(1));
      expect(data).to.have.lengthOf(120 * 90 * channels);
      const [least, most] = [Math.min(...data), Math.max(...data)];
      expect(least).to.be.at.least(0);
      expect(most).to.be.at.most(1);
      expect(most - least).to.be.above(0.4);
    }
  });

  it("have detail at all sizes, more at large ones, as natural pictures have", () => {
    // The whole kind, not one picture: the shares of several seeds together.
    const pictures = [1, 2, 3, 4].map((seed) =>
      poster({ ...canvas, width: 320, height: 240 }, seededRandom(seed)),
    );
    const mean = (lag: number): number =>
      pictures.reduce((sum, picture) => sum + structure(picture, lag), 0) / pictures.length;
    expect(mean(1)).to.be.within(0.05, 0.6);
    expect(mean(4)).to.be.above(mean(1));
    expect(mean(16)).to.be.above(mean(4));
  });

  it("fill the range of the lens with a deep room, the floor rising towards the far end", async () => {
    for (const lens of [linearLens(), await loadLens("ca378-vcm")]) {
      const { min, max } = lens.range;
      const { picture, focus } = deepScene({ ...canvas, lens, random: seededRandom(2) });
      expect(picture).to.include({ width: 120, height: 90, channels: 1 });
      let [low, high] = [Infinity, -Infinity];
      for (const value of focus.data) [low, high] = [Math.min(low, value), Math.max(high, value)];
      expect(low).to.be.closeTo(min, 1e-6);
      expect(high).to.be.within(max - 0.02 * (max - min), max);
      // Every tenth of the range is in the picture.
      const tenths = new Set(
        Array.from(focus.data, (z) => Math.floor((10 * (z - min)) / (max - min + 1e-6))),
      );
      expect(tenths.size).to.equal(10);
      expect(focus.data[89 * 120]).to.be.above(focus.data[45 * 120]!);
    }
  });

  it("turn round for a lens whose larger positions are farther", () => {
    const reversed = { ...linearLens(), dioptres: (z: number) => -z };
    const { focus } = deepScene({ ...canvas, lens: reversed, random: seededRandom(2) });
    expect(focus.data[0]).to.equal(1000);
  });

  it("move their things smoothly, in the frame and in depth", async () => {
    const lens = linearLens({ above: 0.01, below: 0.01 });
    const scene = movingScene(canvas, { lens, reference: 0 }, seededRandom(5));
    const middle = { x: 45, y: 34, width: 30, height: 22 };
    const depths = Array.from({ length: 40 }, (_, step) => scene.trueFocus(middle, 250 * step));
    expect(new Set(depths).size).to.be.above(3);
    const [start, soon, late] = await Promise.all([0, 10, 1500].map((time) => scene.render(500, time)));
    const change = (a: ImageF32, b: ImageF32): number =>
      a.data.reduce((sum, value, at) => sum + Math.abs(value - b.data[at]!), 0) / a.data.length;
    expect(change(start!, soon!)).to.be.above(0).and.below(change(start!, late!));
  });
});
