import { expect } from "chai";
import { FEATURE_PLANES } from "../../../src/algorithms/fusion/streaming/features.ts";
import { seededRandom } from "../../../src/core/random.ts";
import { bestWeights } from "../../../src/dataset/video/blend-error.ts";
import { drawBend, drawFraming } from "../../../src/dataset/video/draw-motion.ts";
import { film } from "../../../src/dataset/video/film.ts";
import { textures } from "../../../src/dataset/sources.ts";
import { linearLens } from "../../support/linear-lens.ts";

describe("films to train the blending network", () => {
  it("say what is known of every frame and how good each weight would be", async () => {
    const options = {
      sources: textures(3, 1),
      lens: linearLens({ above: 0.02, below: 0.02 }),
      width: 256,
      height: 192,
      frames: 3,
      weigh: undefined,
    };
    const examples = await film(options, seededRandom(4));
    expect(examples).length(3);
    for (const { columns, rows, planes, error } of examples) {
      expect([columns, rows]).deep.equal([128, 96]);
      expect(planes).length(FEATURE_PLANES.length * columns * rows);
      expect(planes.every(Number.isFinite)).equal(true);
      const cost = (weight: (cell: number) => number): number =>
        error.a.reduce((sum, a, cell) => {
          const w = weight(cell);
          return sum + a * w * w - 2 * error.b[cell]! * w + error.c[cell]!;
        }, 0);
      const best = bestWeights(error);
      expect(cost((cell) => best[cell]!)).most(
        Math.min(
          cost(() => 0),
          cost(() => 1),
        ) *
          1.01 +
          1e-3,
      );
    }
    expect((await film(options, seededRandom(4)))[2]!.planes).deep.equal(examples[2]!.planes);
  });

  it("move within their pictures and bend by a little", () => {
    const frame = { width: 400, height: 300 };
    const picture = { width: 600, height: 450 };
    let bent = 0;
    for (let seed = 0; seed < 40; seed++) {
      const random = seededRandom(seed);
      const framing = drawFraming(frame, picture, random);
      const bend = drawBend(frame, random);
      for (let index = 0; index < 8; index++) {
        const { x, y, size } = framing(index);
        expect(Math.abs(x - 100)).below(90);
        expect(Math.abs(y - 75)).below(75);
        expect(size).within(0.85, 1.2);
        const { dx, dy } = bend(index);
        for (const { data } of [dx, dy]) expect(Math.max(...data.map(Math.abs))).below(0.3 * frame.width);
        if (dx.width > 1) bent++;
      }
    }
    expect(bent).within(80, 260);
  });
});
