import { expect } from "chai";
import { psnr } from "../../../src/algorithms/fusion/metrics/psnr.ts";
import { fusionFor } from "../../../src/algorithms/fusion/stack/fusion-for.ts";
import { PairFusion } from "../../../src/algorithms/fusion/stack/pair-fusion.ts";
import { StackFusion } from "../../../src/algorithms/fusion/stack/stack-fusion.ts";
import { image, type ImageF32 } from "../../../src/core/image.ts";
import { diskBlur, gaussianBlur } from "../../../src/core/native/index.ts";
import { seededRandom, uniform } from "../../../src/core/random.ts";
import { rejection } from "../../support/async.ts";
import { noiseF32 } from "../../support/pictures.ts";

const WIDTH = 161;
const HEIGHT = 120;
const MIDDLE = 80;

/** Texture, smooth enough not to be lost wholly by a little blur. */
async function texture(seed: number): Promise<ImageF32> {
  return gaussianBlur(noiseF32(seededRandom(seed), WIDTH, HEIGHT, 3), 0.7);
}

/** `left` up to the middle column, `right` from it on. */
function halves(left: ImageF32, right: ImageF32): ImageF32 {
  const data = left.data.map((value, i) =>
    Math.floor(i / 3) % WIDTH < MIDDLE ? value : (right.data[i] as number),
  );
  return { ...left, data };
}

describe("pair fusion", () => {
  it("takes each half from the frame that is sharp there, and says from which", async () => {
    const sharp = await texture(1);
    const soft = await gaussianBlur(sharp, 3);
    const pair = new PairFusion();
    await pair.add(halves(sharp, soft), 100);
    await pair.add(halves(soft, sharp), 300);
    const { fused, index, position } = await pair.finish();
    const blurred = psnr(halves(sharp, soft), sharp, 1);
    expect(psnr(fused, sharp, 1)).greaterThan(blurred + 12);
    expect([index.data[10], index.data[WIDTH - 10]]).to.deep.equal([0, 1]);
    expect([position.data[10], position.data[WIDTH - 10]]).to.deep.equal([100, 300]);
    const { confidence } = await pair.depth();
    expect(confidence.data[10]).within(0.3, 0.5);
    const stored = await pair.picture(8);
    stored.data.forEach((value, i) => expect(Math.abs(value - 255 * fused.data[i]!)).at.most(0.51));
  });

  it("keeps one frame where both show nothing, so that its values stay", async () => {
    // The second frame is sharp in one corner; beside it there is but faint noise of its own in each frame.
    const random = seededRandom(3);
    const scene = (detail: number): ImageF32 =>
      image(
        WIDTH,
        HEIGHT,
        1,
        Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
          const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
          const amount = x < 60 && y < 60 ? detail : 0.003;
          return 0.5 + uniform(random, -amount, amount);
        }),
      );
    const [first, second] = [scene(0.01), scene(0.4)];
    const pair = new PairFusion();
    await pair.add(first, 0);
    await pair.add(second, 1);
    const { fused } = await pair.finish();
    const own = fused.data.filter(
      (value, i) => Math.min(Math.abs(value - first.data[i]!), Math.abs(value - second.data[i]!)) < 1e-3,
    );
    expect(own.length / fused.data.length).greaterThan(0.8);
  });

  it("keeps the inside of a near thing without texture, whose edges are blurred in the other frame", async () => {
    const isBar = (i: number): boolean => Math.abs((Math.floor(i / 3) % WIDTH) - MIDDLE) < 8;
    const behind = await texture(4);
    const bar = { ...behind, data: behind.data.map((_, i) => (isBar(i) ? 1 : 0)) };
    const [share, far] = [await diskBlur(bar, 5), await gaussianBlur(behind, 4)];
    // Black before the background: alone in focus, and spread over the sharp background.
    const over = (ground: ImageF32, covered: ImageF32): ImageF32 => ({
      ...ground,
      data: ground.data.map((value, i) => value * (1 - (covered.data[i] as number))),
    });
    const [near, distant] = [over(far, bar), over(behind, share)];
    const pair = new PairFusion();
    await pair.add(near, 0);
    await pair.add(distant, 1);
    const { index } = await pair.depth();
    const inside = index.data.filter((_, i) => isBar(3 * (i - 3)) && isBar(3 * (i + 3)));
    expect(inside.length).greaterThan(0);
    for (const each of inside) expect(each).equal(0);
  });

  it("does not use a frame where it does not show the scene", async () => {
    const [a, b] = [await texture(1), await texture(2)];
    const softA = await gaussianBlur(a, 3);
    const pair = new PairFusion();
    await pair.add(softA, 0);
    // Sharp all over, but only its right part is of this scene; the last column and row end in half a cell.
    await pair.add(b, 1, { valid: { x: MIDDLE, y: 0, width: WIDTH - MIDDLE, height: HEIGHT } });
    const { index, fused } = await pair.finish();
    for (let y = 0; y < HEIGHT; y++) {
      for (let x = 0; x < MIDDLE; x++) expect(index.data[y * WIDTH + x]).equal(0);
      expect(index.data[y * WIDTH + WIDTH - 1]).equal(1);
    }
    expect(Math.abs(fused.data[30]! - softA.data[30]!)).below(1e-3);
  });

  it("refuses less and more than two frames, and those that do not fit", async () => {
    const frame = await texture(1);
    const pair = new PairFusion();
    expect((await rejection(pair.finish())).code).equal("fusion_failed");
    await pair.add(frame, 0);
    expect((await rejection(pair.add(noiseF32(seededRandom(1), 9, 9, 3), 1))).code).equal("fusion_failed");
    expect((await rejection(pair.add(frame, NaN))).code).equal("fusion_failed");
    const one = new PairFusion();
    await one.add(frame, 0);
    expect((await rejection(one.picture(8))).message).match(/two frames/);
    await pair.add(frame, 1);
    expect((await rejection(pair.add(frame, 2))).message).match(/third/);
  });

  it("is chosen for two frames", () => {
    expect(fusionFor(2)).instanceOf(PairFusion);
    for (const frames of [1, 3, 40]) expect(fusionFor(frames)).instanceOf(StackFusion);
  });
});
