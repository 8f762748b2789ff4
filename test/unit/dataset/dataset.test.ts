import { readFile, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect } from "chai";
import { AutofocusError } from "../../../src/core/errors.ts";
import { RING_FEATURES, RING_SPECTRUM_VERSION } from "../../../src/core/native/index.ts";
import { seededRandom } from "../../../src/core/random.ts";
import { lensBlur, rangeBlur } from "../../../src/dataset/draw-blur.ts";
import { readNpy } from "../../../src/dataset/npy.ts";
import { writeDataset, type DatasetInput } from "../../../src/dataset/shards.ts";
import { textures } from "../../../src/dataset/sources.ts";
import type { PatchLabel } from "../../../src/dataset/draw-patches.ts";
import { linearLens } from "../../support/linear-lens.ts";
import { temporaryFolder } from "../../support/tiny-models.ts";

const FEATURES = `features-v${RING_SPECTRUM_VERSION}`;

describe("writeDataset", () => {
  let directory: string;
  const sources = textures(4, 3);
  const input = (changes: Partial<DatasetInput> = {}): DatasetInput => ({
    directory,
    plan: { seed: 5, count: 3, shardSize: 2, lens: null, effects: "extended" },
    sources,
    drawBlur: (random) => ({ radius: 8 * random.next() }),
    edgeShare: 0.5,
    onShard: () => undefined,
    ...changes,
  });
  const bytes = (name: string): Promise<Buffer> => readFile(path.join(directory, name));

  beforeEach(async () => {
    directory = await temporaryFolder();
  });
  afterEach(() => rm(directory, { recursive: true }));

  it("writes shards of patches, labels and features that fit together", async () => {
    let shards = 0;
    await writeDataset(input({ onShard: () => shards++ }));
    expect(shards).to.equal(2);
    const patches = await readNpy(path.join(directory, "patches-00000.npy"));
    expect(patches.shape).to.deep.equal([2, 512, 512]);
    expect(patches.data).to.be.instanceOf(Uint8Array);
    expect((await readNpy(path.join(directory, "patches-00001.npy"))).shape).to.deep.equal([1, 512, 512]);
    const features = await readNpy(path.join(directory, `${FEATURES}-00000.npy`));
    expect(features.shape).to.deep.equal([2, 5, RING_FEATURES]);
    const labels = JSON.parse((await bytes("labels-00000.json")).toString()) as PatchLabel[];
    expect(labels).to.have.length(2);
    for (const { windows, radius } of labels) {
      expect(radius).to.be.within(0, 8);
      expect(windows.map(({ size }) => size)).to.deep.equal([512, 256, 256, 128, 128]);
      for (const { x, y, size } of windows) expect(Math.max(x, y) + size).to.be.at.most(512);
    }
  });

  it("goes on where it stopped and ends with the same bytes", async () => {
    await writeDataset(input());
    const [patches, features] = await Promise.all([
      bytes("patches-00001.npy"),
      bytes(`${FEATURES}-00001.npy`),
    ]);
    const untouched = await stat(path.join(directory, "patches-00000.npy"));
    await rm(path.join(directory, "patches-00001.npy"));
    await rm(path.join(directory, `${FEATURES}-00001.npy`));
    await writeDataset(input());
    expect((await bytes("patches-00001.npy")).equals(patches)).to.equal(true);
    expect((await bytes(`${FEATURES}-00001.npy`)).equals(features)).to.equal(true);
    expect((await stat(path.join(directory, "patches-00000.npy"))).mtimeMs).to.equal(untouched.mtimeMs);
  });

  it("gives other patches for another seed", async () => {
    await writeDataset(input());
    const first = await bytes("patches-00000.npy");
    await rm(directory, { recursive: true });
    await writeDataset(input({ plan: { seed: 6, count: 3, shardSize: 2, lens: null, effects: "extended" } }));
    expect((await bytes("patches-00000.npy")).equals(first)).to.equal(false);
  });

  it("does not continue a folder that was made otherwise", async () => {
    await writeDataset(input());
    const error: unknown = await writeDataset(
      input({ plan: { seed: 6, count: 3, shardSize: 2, lens: null, effects: "extended" } }),
    ).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(AutofocusError);
    expect((error as AutofocusError).code).to.equal("invalid_input");
  });

  it("reports a folder that cannot be written", async () => {
    const file = path.join(directory, "file");
    await writeFile(file, "");
    const error: unknown = await writeDataset(input({ directory: file })).catch((reason: unknown) => reason);
    expect((error as AutofocusError).code).to.equal("io");
  });
});

describe("rangeBlur", () => {
  it("spreads radii evenly in their logarithm over the range, and no further", () => {
    const random = seededRandom(2);
    const radii = Array.from({ length: 4000 }, () => rangeBlur([2, 200])(random).radius);
    expect(Math.min(...radii)).to.be.within(2, 2.1);
    expect(Math.max(...radii)).to.be.within(190, 200);
    expect(radii.filter((radius) => radius < 20).length / radii.length).to.be.closeTo(0.5, 0.03);
  });
});

describe("lensBlur", () => {
  it("balances exact focus, depth of field and the rest of the range", () => {
    const lens = linearLens({ sigma: 20 });
    const random = seededRandom(2);
    const draw = lensBlur(lens);
    const distances = Array.from({ length: 4000 }, () => {
      const { z0, z, radius } = draw(random);
      expect(radius).to.be.closeTo(lens.radius(z0!, z!), 1e-9);
      expect(z).to.be.within(lens.range.min, lens.range.max);
      return Math.abs(z0! - z!);
    });
    const share = (test: (distance: number) => boolean): number =>
      distances.filter(test).length / distances.length;
    expect(share((distance) => distance === 0)).to.be.closeTo(0.3, 0.03);
    expect(share((distance) => distance > 0 && distance <= 20)).to.be.closeTo(0.17, 0.03);
  });
});
