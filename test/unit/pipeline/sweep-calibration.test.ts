import { expect } from "chai";
import { rangeEnds, type LensModel } from "../../../src/algorithms/optics/lens-model.ts";
import { expose } from "../../../src/core/native/index.ts";
import { seededRandom } from "../../../src/core/random.ts";
import { DepthScene } from "../../../src/drivers/simulator/depth-scene.ts";
import { deepScene } from "../../../src/drivers/simulator/procedural/deep-scene.ts";
import { GOOD_LIGHT } from "../../../src/drivers/simulator/simulated-camera.ts";
import { loadLens } from "../../../src/io/lens-file.ts";
import type { DefocusReader } from "../../../src/pipeline/networks.ts";
import { SweepCalibration } from "../../../src/pipeline/sweep-calibration.ts";
import { readingAt } from "../../support/linear-lens.ts";

const POSITIONS = [600, 650, 700, 750];

describe("the calibration of a sweep", () => {
  /** ln of the magnification from 600 to 750 of a lens, found before a deep scene. */
  async function breathingOf(lens: LensModel): Promise<number> {
    const canvas = { width: 640, height: 480, channels: 1 } as const;
    const { picture, focus } = deepScene({ ...canvas, lens, random: seededRandom(1) });
    const scene = new DepthScene(picture, focus, { lens, reference: rangeEnds(lens).far });
    let position = 0;
    const reader: DefocusReader = {
      sizes: [128],
      read: (_, patches) =>
        Promise.resolve(
          patches.map((__, index) => readingAt(lens, POSITIONS[index % 4] as number, position)),
        ),
    };
    const sweep = new SweepCalibration(reader, POSITIONS.length);
    for (const [seed, z] of POSITIONS.entries()) {
      position = z;
      await sweep.add(z, await expose(await scene.render(z), { ...GOOD_LIGHT, seed }));
    }
    const { breathing } = sweep.finish().scales;
    return breathing.at(750) - breathing.at(600);
  }

  it("finds the breathing where no two frames are alike enough to be laid on each other", async function () {
    this.timeout(30_000);
    const lens = await loadLens("ca378-vcm");
    const truth = Math.log(lens.scale(600, 750));
    expect(await breathingOf(lens)).to.be.closeTo(truth, 0.35 * truth);
  });

  it("finds none where there is none", async function () {
    this.timeout(30_000);
    const breathing = await loadLens("ca378-vcm");
    const steady: LensModel = {
      name: breathing.name,
      range: breathing.range,
      frame: breathing.frame,
      radius: (z0, z) => breathing.radius(z0, z),
      scale: () => 1,
      candidates: (radius, z) => breathing.candidates(radius, z),
      depthOfField: (z) => breathing.depthOfField(z),
      dioptres: (z) => breathing.dioptres(z),
      resized: () => steady,
    };
    expect(await breathingOf(steady)).to.equal(0);
  });
});
