import { expect } from "chai";
import { psnr } from "../../../src/algorithms/fusion/metrics/psnr.ts";
import { StackFusion } from "../../../src/algorithms/fusion/stack/stack-fusion.ts";
import { image, zerosF32, type ImageF32 } from "../../../src/core/image.ts";
import { diskBlur, gaussianBlur } from "../../../src/core/native/index.ts";
import { normal, seededRandom } from "../../../src/core/random.ts";
import { rejection } from "../../support/async.ts";
import { farthest } from "../../support/pictures.ts";

const WIDTH = 192;
const HEIGHT = 96;
const BANDS = 3;
const bandOf = (pixel: number): number => Math.floor((BANDS * (pixel % WIDTH)) / WIDTH);

describe("fusion: a stack of frames", () => {
  let truth: ImageF32;
  let blurred: ImageF32;

  before(async () => {
    const random = seededRandom(4);
    const noise = zerosF32(WIDTH, HEIGHT);
    const smooth = await gaussianBlur({ ...noise, data: noise.data.map(() => random.next()) }, 1);
    truth = {
      ...smooth,
      data: smooth.data.map((value) => Math.min(1, Math.max(0, 0.5 + 2 * (value - 0.5)))),
    };
    blurred = await diskBlur(truth, 6);
  });

  /** Sharp in one band. */
  const frame = (sharp: number): ImageF32 => ({
    ...truth,
    data: truth.data.map((value, i) => (bandOf(i) === sharp ? value : (blurred.data[i] as number))),
  });

  /** Share of the pixels of a band, away from its borders, with the value. */
  const share = (data: ArrayLike<number>, band: number, wanted: number): number => {
    const values = Array.from(data).filter(
      (_, i) => bandOf(i) === band && bandOf(i - 6) === band && bandOf(i + 6) === band,
    );
    return values.filter((value) => value === wanted).length / values.length;
  };

  it("takes every part from the frame in which it is sharp, and says from which", async () => {
    const stack = new StackFusion();
    const positions = [700, 400, 550];
    for (const [band, position] of positions.entries()) await stack.add(frame(band), position);
    const { fused, index, position } = await stack.finish();
    const best = Math.max(...[0, 1, 2].map((band) => psnr(frame(band), truth, 1)));
    expect(psnr(fused, truth, 1)).to.be.greaterThan(best + 8);
    for (const [band, at] of positions.entries()) {
      expect(share(index.data, band, band)).to.be.greaterThan(0.95);
      expect(share(position.data, band, at)).to.be.greaterThan(0.95);
    }
  });

  it("does not use a frame where it does not show the scene", async () => {
    const stack = new StackFusion();
    await stack.add(frame(0), 1);
    const valid = { x: 0, y: 0, width: (2 * WIDTH) / 3, height: HEIGHT };
    await stack.add(frame(2), 2, { valid });
    const { index } = await stack.finish();
    expect(share(index.data, 2, 1)).to.equal(0);
  });

  it("gives back a single frame, and refuses none and those that do not fit", async () => {
    const stack = new StackFusion();
    expect(await rejection(stack.finish())).to.include({ code: "fusion_failed" });
    await stack.add(truth, 5);
    expect(psnr((await stack.finish()).fused, truth, 1)).to.equal(Infinity);
    expect(await rejection(stack.add(image(1, 1, 1, new Float32Array(1)), 6))).to.include({
      code: "fusion_failed",
    });
    expect(await rejection(stack.add(truth, NaN))).to.include({ code: "fusion_failed" });
  });

  it("gives the same for calls that overlap, and for stored values", async () => {
    const stored = [0, 1, 2].map((band) => {
      const { width, height, channels, data } = frame(band);
      return image(
        width,
        height,
        channels,
        Uint8Array.from(data, (value) => Math.round(255 * value)),
      );
    });
    const sequential = new StackFusion();
    for (const [i, each] of stored.entries())
      await sequential.add({ ...each, data: Float32Array.from(each.data, (value) => value / 255) }, i);
    const overlapping = new StackFusion();
    await Promise.all(stored.map((each, i) => overlapping.add(each, i)));
    expect(farthest(await overlapping.picture(8), await sequential.picture(8))).to.be.at.most(1);
    expect((await overlapping.depth()).index).to.deep.equal((await sequential.depth()).index);
  });

  it("gives the same from the middle frame outward", async () => {
    // The same energy twice: of equally sharp frames the first one counts, in whatever order they come.
    const frames = await Promise.all([4, 2, 0, 0, 1.5, 5].map((radius) => diskBlur(truth, radius)));
    const positions = [10, 20, 30, 45, 50, 70];
    const [inOrder, outward] = [new StackFusion(), new StackFusion()];
    for (const [i, each] of frames.entries()) await inOrder.add(each, positions[i]!);
    for (const i of [2, 3, 1, 0, 4, 5])
      await outward.add(frames[i]!, positions[i]!, { end: i < 2 ? "first" : "last" });
    const [expected, found] = [await inOrder.depth(), await outward.depth()];
    expect(found.index).to.deep.equal(expected.index);
    expect(new Set(found.index.data)).to.include(2).and.not.to.include(3);
    expect(farthest(found.position, expected.position)).to.be.below(1e-3);
    expect(farthest(found.confidence, expected.confidence)).to.be.below(1e-5);
    expect(farthest(await outward.picture(32), await inOrder.picture(32))).to.be.below(1e-3);
  });

  it("places the focus between frames, where they are in the order of their positions", async () => {
    // The blur radius grows with the distance from 130.
    const shoot = async (positions: readonly number[]): Promise<StackFusion> => {
      const stack = new StackFusion();
      for (const z of positions) await stack.add(await gaussianBlur(truth, 0.02 * Math.abs(z - 130)), z);
      return stack;
    };
    const middle = async (stack: StackFusion): Promise<number> => {
      const { data } = (await stack.depth()).position;
      return data.toSorted()[data.length >> 1]!;
    };
    expect(await middle(await shoot([0, 50, 100, 150, 200, 250]))).to.be.within(122, 138);
    expect([100, 150]).to.include(await middle(await shoot([250, 100, 0, 150, 50, 200])));
  });

  it("does not take the blur that spreads from an edge for detail", async () => {
    // A bright card on a dark, smooth ground, both at one depth: wherever the card is sharp, the ground is dark.
    const card = zerosF32(WIDTH, HEIGHT);
    const isCard = (i: number): boolean =>
      Math.abs((i % WIDTH) - WIDTH / 2) < 24 && Math.abs(Math.floor(i / WIDTH) - HEIGHT / 2) < 20;
    card.data.forEach((_, i) => (card.data[i] = isCard(i) ? 0.9 : 0.1));
    const stack = new StackFusion();
    for (const radius of [0, 6, 12, 20]) await stack.add(await diskBlur(card, radius), radius);
    const { data } = await stack.picture(32);
    const worst = data.reduce((most, value, i) => Math.max(most, Math.abs(value - card.data[i]!)), 0);
    expect(worst).to.be.lessThan(0.03);
  });

  it("keeps noise beside an edge from showing the blur that spreads from it", async () => {
    // A bright half beside a dark one, both smooth but for noise, which is another in every frame.
    const edge = zerosF32(WIDTH, HEIGHT);
    edge.data.forEach((_, i) => (edge.data[i] = i % WIDTH < WIDTH / 2 ? 0.2 : 0.8));
    const random = seededRandom(9);
    const stack = new StackFusion();
    for (const radius of [0, 8, 16, 24, 32]) {
      const frame = await diskBlur(edge, radius);
      await stack.add({ ...frame, data: frame.data.map((value) => value + 0.01 * normal(random)) }, radius);
    }
    expect(psnr(await stack.picture(32), edge, 1)).greaterThan(39);
  });

  it("says where every frame looks the same", async () => {
    const flat = image(WIDTH, HEIGHT, 1, new Float32Array(WIDTH * HEIGHT).fill(0.5));
    const same = new StackFusion();
    for (const z of [1, 2, 3]) await same.add(flat, z);
    expect(Math.max(...(await same.depth()).confidence.data)).to.be.lessThan(0.01);
    const clear = new StackFusion();
    for (const [z, band] of [0, 1, 2].entries()) await clear.add(frame(band), z);
    const { confidence } = await clear.depth();
    expect(confidence.data.toSorted()[confidence.data.length >> 1]).to.be.greaterThan(0.5);
  });
});
