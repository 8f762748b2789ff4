import { expect } from "chai";
import { psnr } from "../../../src/algorithms/fusion/metrics/psnr.ts";
import { StreamingFusion } from "../../../src/algorithms/fusion/streaming/streaming-fusion.ts";
import { image, zerosF32, type ImageF32 } from "../../../src/core/image.ts";
import { diskBlur, gaussianBlur } from "../../../src/core/native/index.ts";
import { seededRandom } from "../../../src/core/random.ts";
import { linearLens } from "../../support/linear-lens.ts";

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

  async function shoot(z: number, near = left, far = right): Promise<ImageF32> {
    return halves(await diskBlur(near, lens.radius(NEAR, z)), await diskBlur(far, lens.radius(FAR, z)));
  }

  it("returns the first frame as it is", async () => {
    const frame = await shoot(NEAR);
    const { fused, position } = await new StreamingFusion(lens).add(frame, NEAR);
    expect(psnr(fused, frame, 1)).to.equal(Infinity);
    expect(new Set(position.data)).to.deep.equal(new Set([NEAR]));
  });

  it("puts together what alternating frames have in focus, and where", async () => {
    const fusion = new StreamingFusion(lens);
    const truth = halves(left, right);
    await fusion.add(await shoot(NEAR), NEAR);
    const { fused, position } = await fusion.add(await shoot(FAR), FAR);
    const single = Math.max(psnr(await shoot(NEAR), truth, 1), psnr(await shoot(FAR), truth, 1));
    expect(psnr(fused, truth, 1)).to.be.greaterThan(single + 10);
    const share = (from: number, to: number, z: number): number => {
      const values = position.data.filter((_, i) => i % SIDE >= from && i % SIDE < to);
      return values.filter((each) => each === z).length / values.length;
    };
    expect(share(0, SIDE / 2 - 8, NEAR)).to.be.greaterThan(0.97);
    expect(share(SIDE / 2 + 8, SIDE, FAR)).to.be.greaterThan(0.97);
    // A frame that adds nothing takes nothing away.
    const { fused: again } = await fusion.add(await shoot(500), 500);
    expect(psnr(again, truth, 1)).to.be.greaterThan(single + 8);
  });

  it("forgets what has moved, also where the new frame is out of focus", async () => {
    const fusion = new StreamingFusion(lens);
    await fusion.add(await shoot(NEAR), NEAR);
    const moved = await texture(3, 0.9);
    const frame = await shoot(FAR, moved);
    const { fused } = await fusion.add(frame, FAR);
    const part = ({ data }: ImageF32): ImageF32 => {
      const inner = data.filter((_, i) => i % SIDE < SIDE / 2 - 8);
      return image(SIDE / 2 - 8, SIDE, 1, inner);
    };
    expect(psnr(part(fused), part(frame), 1)).to.be.greaterThan(35);
  });

  it("refuses frames that do not fit", async () => {
    const fusion = new StreamingFusion(lens);
    const thrown = async (work: Promise<unknown>): Promise<unknown> =>
      work.then(
        () => undefined,
        (error: unknown) => error,
      );
    expect(await thrown(fusion.add(left, NaN))).to.include({ code: "fusion_failed" });
    await fusion.add(left, 1);
    expect(await thrown(fusion.add(zerosF32(10, 10), 1))).to.include({ code: "fusion_failed" });
  });
});
