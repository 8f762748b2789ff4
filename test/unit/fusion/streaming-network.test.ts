import { expect } from "chai";
import { psnr } from "../../../src/algorithms/fusion/metrics/psnr.ts";
import { StreamingFusion } from "../../../src/algorithms/fusion/streaming/streaming-fusion.ts";
import { image, type ImageU8 } from "../../../src/core/image.ts";
import { seededRandom } from "../../../src/core/random.ts";
import { expose } from "../../../src/core/native/index.ts";
import { paint } from "../../../src/drivers/simulator/procedural/paint.ts";
import { drawSurface } from "../../../src/drivers/simulator/procedural/surface-choice.ts";
import { CutoutScene, type Pose } from "../../../src/drivers/simulator/cutout-scene.ts";
import { PhotoScene } from "../../../src/drivers/simulator/photo-scene.ts";
import { throughPinhole } from "../../../src/drivers/simulator/pinhole.ts";
import type { Scene, View } from "../../../src/drivers/simulator/scene.ts";
import { BlendingNetwork } from "../../../src/inference/blending-network.ts";
import { linearLens } from "../../support/linear-lens.ts";

const [WIDTH, HEIGHT] = [320, 240];
const [FAR, NEAR] = [300, 700];

/** A board before a wall, as the lens and as a pinhole see it. */
interface Filmed {
  readonly scene: Scene;
  readonly sharp: Scene;
}

describe("fusion: streaming with its network", function () {
  this.timeout(20_000);

  // 16 px of blur between board and wall.
  const lens = linearLens({ above: 0.04, below: 0.04 });
  let network: BlendingNetwork;

  before(async () => {
    network = await BlendingNetwork.load();
  });
  after(() => network.dispose());

  function filmed(seed: number, pose: (frame: number) => Omit<Pose, "size" | "z0">): Filmed {
    const random = seededRandom(seed);
    const surface = (width: number, height: number) =>
      paint({ width, height, channels: 1 }, drawSurface(random, 0.8 * width, 1));
    const wall = surface(WIDTH, HEIGHT);
    const picture = surface(120, 120);
    const alpha = image(120, 120, 1, new Float32Array(120 * 120).fill(1));
    const board = { picture, alpha, pose: (time: number) => ({ ...pose(time), size: 1, z0: NEAR }) };
    const make = (view: View): Scene => new CutoutScene(new PhotoScene(wall, FAR, view), [board], view);
    const view: View = { lens, reference: lens.range.min };
    return { scene: make(view), sharp: make(throughPinhole(view)) };
  }

  const exposure = { gain: 1, gamma: 2.2, shotNoise: 0, readNoise: 0, seed: 0 };

  /** Frames focused on board and wall in turn; dB of each and of the picture then. */
  async function run(
    film: (frame: number) => Filmed,
    count: number,
    area: (picture: ImageU8) => ImageU8 = (picture) => picture,
  ): Promise<{ readonly frame: number; readonly fused: number }[]> {
    const fusion = new StreamingFusion(lens, (features) => network.weigh(features));
    const found: { frame: number; fused: number }[] = [];
    for (let index = 0; index < count; index++) {
      const { scene, sharp } = film(index);
      const z = index % 2 === 0 ? FAR : NEAR;
      const noise = { ...exposure, shotNoise: 20_000, readNoise: 0.002, seed: index + 1 };
      const frame = await expose(await scene.render(z, index), noise);
      const truth = await expose(await sharp.render(z, index), exposure);
      const fused = await fusion.add(frame, z);
      found.push({ frame: psnr(area(frame), area(truth), 255), fused: psnr(area(fused), area(truth), 255) });
    }
    return found;
  }

  const mean = (values: readonly number[]): number =>
    values.reduce((sum, each) => sum + each, 0) / values.length;

  it("does not wear a still scene down, however long it runs", async () => {
    const still = filmed(3, () => ({ x: 150, y: 120 }));
    const found = await run(() => still, 16);
    const later = found.slice(10).map(({ fused }) => fused);
    const early = found.slice(2, 8).map(({ fused }) => fused);
    expect(mean(later)).above(mean(early) - 0.5);
    expect(mean(later)).above(mean(found.slice(10).map(({ frame }) => frame)) + 5);
  });

  it("recovers from a cut with the first frame after it", async () => {
    const [first, second] = [filmed(3, () => ({ x: 150, y: 120 })), filmed(8, () => ({ x: 200, y: 100 }))];
    const found = await run((index) => (index < 5 ? first : second), 9);
    expect(found[5]!.fused).above(found[5]!.frame - 1);
    expect(found[6]!.fused).above(found[6]!.frame - 1);
    expect(found[7]!.fused).above(found[7]!.frame + 3);
  });

  it("leaves no ghost where a thing has gone by", async () => {
    const film = filmed(5, (frame) => ({ x: 60 + 12 * frame, y: 120 }));
    /** Where the board was at first and no longer is. */
    const left = (picture: ImageU8): ImageU8 =>
      image(
        60,
        120,
        1,
        picture.data.filter((_, at) => at % WIDTH < 60 && Math.abs(Math.floor(at / WIDTH) - 119.5) < 60),
      );
    const found = await run(() => film, 13, left);
    // The wall alone, in focus every other frame.
    expect(found[12]!.fused).above(found[12]!.frame - 1);
    expect(found[11]!.fused).above(found[11]!.frame + 3);
  });
});
