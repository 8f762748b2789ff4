import { expect } from "chai";
import { psnr } from "../../../src/algorithms/fusion/metrics/psnr.ts";
import { StreamingFusion } from "../../../src/algorithms/fusion/streaming/streaming-fusion.ts";
import { image, zerosF32, type ImageF32, type ImageU8 } from "../../../src/core/image.ts";
import { diskBlur, gaussianBlur } from "../../../src/core/native/index.ts";
import { seededRandom } from "../../../src/core/random.ts";
import type { LensModel } from "../../../src/algorithms/optics/lens-model.ts";
import { imscale } from "../../../src/algorithms/optics/defocus-model.ts";
import { FEATURE_PLANES } from "../../../src/algorithms/fusion/streaming/features.ts";
import type { FocusHint } from "../../../src/algorithms/fusion/streaming/focus-hint.ts";
import { patchGrid } from "../../../src/algorithms/rois/patch-grid.ts";
import type { Roi } from "../../../src/core/roi.ts";
import { rejection } from "../../support/async.ts";
import { linearLens } from "../../support/linear-lens.ts";
import { sharperWeigher } from "../../support/sharper-weigher.ts";

const SIDE = 192;
const NEAR = 600;
const FAR = 400;

/** Fine texture of a given brightness. */
async function texture(seed: number, level: number): Promise<ImageF32> {
  const random = seededRandom(seed);
  const noise = zerosF32(SIDE, SIDE);
  const smooth = await gaussianBlur({ ...noise, data: noise.data.map(() => random.next()) }, 1);
  return {
    ...smooth,
    data: smooth.data.map((value) => Math.min(1, Math.max(0, level + 1.6 * (value - 0.5)))),
  };
}

/** Left half from `left`, right half from `right`. */
function halves(left: ImageF32, right: ImageF32): ImageF32 {
  const data = left.data.map((value, i) => (i % SIDE < SIDE / 2 ? value : (right.data[i] as number)));
  return image(SIDE, SIDE, 1, data);
}

describe("fusion: streaming", () => {
  // 0.03 px a step: 6 px of blur between the two surfaces.
  const lens = linearLens({ above: 0.03, below: 0.03 });
  let left: ImageF32;
  let right: ImageF32;

  before(async () => {
    left = await texture(1, 0.35);
    right = await texture(2, 0.65);
  });

  /** Camera values. */
  function bytes(picture: ImageF32): ImageU8 {
    const { width, height } = picture;
    const data = Uint8Array.from(picture.data, (value) =>
      Math.min(255, Math.max(0, Math.round(255 * value))),
    );
    return image(width, height, 1, data);
  }

  async function shoot(z: number, near = left, far = right): Promise<ImageU8> {
    return bytes(
      halves(await diskBlur(near, lens.radius(NEAR, z)), await diskBlur(far, lens.radius(FAR, z))),
    );
  }

  /** What the focus strategy knows: the middle patches know nothing. */
  const hint: FocusHint = (() => {
    const grid = patchGrid(SIDE, SIDE, 64, 32);
    const of = ({ x }: Roi): number => (x + 64 <= SIDE / 2 ? NEAR : x >= SIDE / 2 ? FAR : NaN);
    return { grid, inFocusAt: grid.patches.map(of) };
  })();

  /** The picture moved to the right by `by` px. */
  function moved(picture: ImageF32, by: number): ImageF32 {
    const data = picture.data.map((_, i) => {
      const x = Math.max(0, (i % SIDE) - by);
      return picture.data[i - (i % SIDE) + x]!;
    });
    return { ...picture, data };
  }

  it("returns the first frame as it is", async () => {
    const frame = await shoot(NEAR);
    const fusion = new StreamingFusion(lens, sharperWeigher);
    expect((await fusion.add(frame, NEAR)).data).to.deep.equal(frame.data);
    expect(new Set((await fusion.position()).data)).to.deep.equal(new Set([NEAR]));
  });

  for (const known of [true, false])
    it(`puts together what alternating frames have in focus, ${known ? "told" : "not told"} where`, async () => {
      const fusion = new StreamingFusion(lens, sharperWeigher);
      const truth = bytes(halves(left, right));
      await fusion.add(await shoot(NEAR), NEAR, known ? hint : undefined);
      const fused = await fusion.add(await shoot(FAR), FAR, known ? hint : undefined);
      const single = Math.max(psnr(await shoot(NEAR), truth, 255), psnr(await shoot(FAR), truth, 255));
      expect(psnr(fused, truth, 255)).to.be.greaterThan(single + 5);
      const { data } = await fusion.position();
      const share = (from: number, to: number, z: number): number => {
        const values = data.filter((_, i) => i % SIDE >= from && i % SIDE < to);
        return values.filter((each) => Math.abs(each - z) < 20).length / values.length;
      };
      expect(share(8, SIDE / 2 - 16, NEAR)).to.be.greaterThan(0.97);
      expect(share(SIDE / 2 + 16, SIDE - 8, FAR)).to.be.greaterThan(0.97);
      if (!known) return;
      // A frame that adds nothing takes nothing away.
      expect(psnr(await fusion.add(await shoot(500), 500, hint), truth, 255)).to.be.greaterThan(single + 4);
    });

  it("keeps sharp what moves while the lens looks elsewhere", async () => {
    const fusion = new StreamingFusion(lens, sharperWeigher);
    await fusion.add(await shoot(NEAR), NEAR, hint);
    const fused = await fusion.add(await shoot(FAR, moved(left, 3)), FAR, hint);
    const inner = ({ data }: ImageU8): ImageU8 =>
      image(
        SIDE / 2 - 40,
        SIDE,
        1,
        data.filter((_, i) => i % SIDE >= 16 && i % SIDE < SIDE / 2 - 24),
      );
    const truth = bytes(moved(left, 3));
    const blurred = await shoot(FAR, moved(left, 3));
    expect(psnr(inner(fused), inner(truth), 255)).to.be.greaterThan(
      psnr(inner(blurred), inner(truth), 255) + 8,
    );
  });

  it("tells the weigher that the scene has changed", async () => {
    const seen: number[] = [];
    const fusion = new StreamingFusion(lens, ({ columns, rows, planes }) => {
      const cells = columns * rows;
      const at = FEATURE_PLANES.indexOf("mismatch around") * cells;
      const part = planes.subarray(at, at + cells);
      seen.push(part.reduce((sum, value) => sum + value, 0) / cells);
      return Promise.resolve(new Float32Array(cells));
    });
    await fusion.add(await shoot(NEAR), NEAR, hint);
    await fusion.add(await shoot(NEAR), NEAR, hint);
    await fusion.add(await shoot(NEAR, await texture(3, 0.9), await texture(4, 0.1)), NEAR, hint);
    expect(seen[0]).to.be.lessThan(0.02);
    expect(seen[1]).to.be.greaterThan(0.3);
  });

  it("does not breathe: frames of another magnification are brought to that of the picture", async () => {
    const breathing: LensModel = {
      ...linearLens({ above: 1e-6, below: 1e-6 }),
      scale: (z0, z) => 1 + (z - z0) * 1e-4,
    };
    const fusion = new StreamingFusion(breathing, sharperWeigher);
    const light = halves(left, right);
    const at = async (z: number): Promise<ImageU8> => bytes(await imscale(light, breathing.scale(1000, z)));
    const first = await fusion.add(await at(1000), 1000);
    const second = await fusion.add(await at(600), 600);
    const inner = ({ data }: ImageU8): ImageU8 =>
      image(
        SIDE - 40,
        SIDE - 40,
        1,
        data.filter((_, i) => inside(i % SIDE) && inside(Math.floor(i / SIDE))),
      );
    const inside = (at: number): boolean => at >= 20 && at < SIDE - 20;
    expect(psnr(inner(second), inner(first), 255)).to.be.greaterThan(33);
  });

  it("leaves alone what it was given and what it gave out", async () => {
    const breathing: LensModel = { ...lens, scale: (z0, z) => 1 + (z - z0) * 1e-4 };
    const fusion = new StreamingFusion(breathing, sharperWeigher);
    const held: { readonly picture: ImageU8; readonly copy: Uint8Array }[] = [];
    const hold = (picture: ImageU8): number => held.push({ picture, copy: picture.data.slice() });
    for (const z of [NEAR, FAR, 500, NEAR]) {
      const frame = await shoot(z);
      hold(frame);
      hold(await fusion.add(frame, z));
    }
    for (const { picture, copy } of held) expect(picture.data).deep.equal(copy);
  });

  it("takes frames of any shape", async () => {
    for (const [width, height] of [
      [16, 16],
      [1500, 17],
      [16, 700],
    ] as const) {
      const fusion = new StreamingFusion(lens, sharperWeigher);
      await fusion.add(bytes(zerosF32(width, height)), NEAR);
      expect(await fusion.add(bytes(zerosF32(width, height)), FAR)).include({ width, height });
    }
  });

  it("refuses frames that do not fit", async () => {
    const fusion = new StreamingFusion(lens, sharperWeigher);
    const frame = bytes(left);
    expect(await rejection(fusion.add(frame, NaN))).to.include({ code: "fusion_failed" });
    expect(await rejection(fusion.position())).to.include({ code: "fusion_failed" });
    const tiny = await rejection(fusion.add(bytes(zerosF32(40, 12)), 1));
    expect(tiny).property("code", "invalid_image");
    expect(tiny).property("message").includes("sides of at least 16 px");
    await fusion.add(frame, 1);
    expect(await rejection(fusion.add(bytes(zerosF32(10, 10)), 1))).to.include({ code: "fusion_failed" });
  });
});
