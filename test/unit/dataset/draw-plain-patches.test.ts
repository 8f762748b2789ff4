import { expect } from "chai";
import type { ImageF32 } from "../../../src/core/image.ts";
import { diskBlur, linearise } from "../../../src/core/native/index.ts";
import { seededRandom } from "../../../src/core/random.ts";
import { drawPlainPatches } from "../../../src/dataset/draw-plain-patches.ts";
import type { LabelledPatch } from "../../../src/dataset/draw-patches.ts";
import { textures } from "../../../src/dataset/sources.ts";

/** Radii in turn, so that the first patches of a scene show it sharp and at these. */
const RADII = [0, 20, 3];

async function drawn(count: number, seed: number): Promise<LabelledPatch[]> {
  let next = 0;
  const drawBlur = (): { radius: number } => ({ radius: RADII[next++ % RADII.length]! });
  const patches = [];
  for await (const patch of drawPlainPatches({
    sources: textures(6, 3),
    count,
    drawBlur,
    random: seededRandom(seed),
  }))
    patches.push(patch);
  return patches;
}

/** Correlation coefficient of the middle of two pictures, where borders do not reach. */
function correlation(a: ImageF32, b: ImageF32): number {
  const pairs: [number, number][] = [];
  for (let y = 64; y < a.height - 64; y += 3)
    for (let x = 64; x < a.width - 64; x += 3)
      pairs.push([a.data[y * a.width + x]!, b.data[y * a.width + x]!]);
  const meanA = pairs.reduce((sum, [p]) => sum + p, 0) / pairs.length;
  const meanB = pairs.reduce((sum, [, q]) => sum + q, 0) / pairs.length;
  const product = (f: (p: number, q: number) => number): number =>
    pairs.reduce((sum, [p, q]) => sum + f(p - meanA, q - meanB), 0);
  return product((p, q) => p * q) / Math.sqrt(product((p) => p * p) * product((_, q) => q * q));
}

describe("drawPlainPatches", () => {
  it("shows one scene behind the disk of each radius, in other light and noise", async () => {
    const [sharp, blurred] = (await drawn(2, 4)) as [LabelledPatch, LabelledPatch];
    expect(blurred.label.source).to.equal(sharp.label.source);
    const light = await linearise(sharp.patch, 2.2);
    const found = await linearise(blurred.patch, 2.2);
    const likeness = new Map<number, number>();
    for (const radius of [0, 8, 14, 20, 28, 50])
      likeness.set(radius, correlation(await diskBlur(light, radius), found));
    const best = [...likeness].reduce((a, b) => (b[1] > a[1] ? b : a));
    expect(best[0]).to.equal(20);
    expect(best[1]).to.be.greaterThan(0.98);
  });

  it("labels radius and windows, and takes another scene after eight patches", async () => {
    const patches = await drawn(10, 5);
    const scenes = patches.map(({ label }) => label.source);
    expect(new Set(scenes.slice(0, 8)).size).to.equal(1);
    expect(scenes[9]).to.equal(scenes[8]);
    for (const [index, { patch, label }] of patches.entries()) {
      expect([patch.width, patch.height]).to.deep.equal([512, 512]);
      expect(label).to.deep.include({ radius: RADII[index % 3], edge: false });
      expect(label.windows.map(({ size }) => size)).to.deep.equal([512, 256, 256, 128, 128]);
      for (const { radius, x, y, size } of label.windows) {
        expect(radius).to.equal(label.radius);
        expect(Math.max(x, y) + size).to.be.at.most(512);
      }
    }
    const [sharp, blurred] = patches as [LabelledPatch, LabelledPatch];
    expect(sharp.label.windows[0]!.texture).to.be.greaterThan(blurred.label.windows[0]!.texture * 0.8);
  });

  it("repeats itself by the seed", async () => {
    const [first, again, other] = await Promise.all([drawn(2, 6), drawn(2, 6), drawn(2, 7)]);
    expect(again).to.deep.equal(first);
    expect(Buffer.from(other[0]!.patch.data).equals(Buffer.from(first[0]!.patch.data))).to.equal(false);
  });
});
