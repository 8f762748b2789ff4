/** Things whose outline looks like blur are told from blur: knobs, holes, coins and lamps in focus, and lights out of focus. */
import { expect } from "chai";
import { radiusOf, type DefocusReading } from "../../../src/algorithms/search/types.ts";
import { image, type ImageU8 } from "../../../src/core/image.ts";
import { diskBlur } from "../../../src/core/native/index.ts";
import { seededRandom, uniform } from "../../../src/core/random.ts";
import type { Pixels } from "../../../src/core/units.ts";
import { drawTexture } from "../../../src/dataset/textures.ts";
import { DefocusEstimator } from "../../../src/inference/defocus-estimator.ts";

const SIDE = 512;
const GAMMA = 2.2;

interface Disk {
  readonly x: Pixels;
  readonly y: Pixels;
  readonly radius: Pixels;
  /** Linear light. */
  readonly light: number;
}

/** Linear light of leaves with `contrast`, and disks on them whose edge pixels count for their part inside, by 8x8 samples. */
function scene(contrast: number, disks: readonly Disk[], brightness = 1): Float32Array {
  const leaves = drawTexture("leaves", SIDE, seededRandom(31));
  const light = Float32Array.from(
    leaves.data,
    (value) => brightness * (0.2 + contrast * ((value / 255) ** GAMMA - 0.2)),
  );
  for (const disk of disks) {
    for (let y = Math.floor(disk.y - disk.radius - 1); y <= disk.y + disk.radius + 1; y++)
      for (let x = Math.floor(disk.x - disk.radius - 1); x <= disk.x + disk.radius + 1; x++) {
        const share = coverage(disk, x, y);
        const at = y * SIDE + x;
        light[at] = (1 - share) * light[at]! + share * disk.light;
      }
  }
  return light;
}

function coverage(disk: Disk, x: Pixels, y: Pixels): number {
  let inside = 0;
  for (let k = 0; k < 64; k++) {
    const [u, v] = [x - 0.4375 + (k % 8) / 8, y - 0.4375 + Math.floor(k / 8) / 8];
    if (Math.hypot(u - disk.x, v - disk.y) <= disk.radius) inside++;
  }
  return inside / 64;
}

async function photograph(light: Float32Array, radius: Pixels, noise: number): Promise<ImageU8> {
  const { data } = await diskBlur(image(SIDE, SIDE, 1, light), radius);
  const random = seededRandom(5);
  const values = Uint8Array.from(data, (value) => {
    const noisy = Math.max(0, Math.min(1, value + noise * (random.next() - 0.5)));
    return Math.round(255 * noisy ** (1 / GAMMA));
  });
  return image(SIDE, SIDE, 1, values);
}

describe("the radius network on round things", () => {
  let estimator: DefocusEstimator;
  before(async () => {
    estimator = await DefocusEstimator.load();
  });
  after(() => estimator.dispose());

  const read = async (gray: ImageU8): Promise<DefocusReading> => {
    const [reading] = await estimator.read(gray, [{ x: 0, y: 0, width: SIDE, height: SIDE }]);
    return reading!;
  };

  const single = (radius: Pixels, light: number): Disk[] => [{ x: 246.3, y: 262.8, radius, light }];
  const random = seededRandom(9);
  const several = Array.from({ length: 6 }, () => ({
    x: uniform(random, 66, 446),
    y: uniform(random, 66, 446),
    radius: uniform(random, 10, 45),
    light: uniform(random, 0.5, 1),
  }));
  const scenes: Readonly<Record<string, readonly Disk[]>> = {
    "a white knob": single(33, 0.95),
    "a large lamp": single(70, 1),
    "a dark hole": single(24, 0.004),
    "coins of several sizes": several,
  };
  for (const [name, disks] of Object.entries(scenes)) {
    it(`reads ${name} as in focus when it is, and as blurred when it is not`, async () => {
      const light = scene(0.5, disks);
      for (const radius of [0, 1.2]) {
        const sharp = await read(await photograph(light, radius, 0.01));
        expect(radiusOf(sharp.logRadius), `radius ${radius}`).to.be.closeTo(radius, 1);
        expect(sharp.inFocusProbability, `radius ${radius}`).to.be.greaterThan(0.5);
      }
      const little = await read(await photograph(light, 5, 0.01));
      expect(little.inFocusProbability).to.be.lessThan(0.2);
      const much = await read(await photograph(light, 20, 0.01));
      expect(much.inFocusProbability).to.be.lessThan(0.2);
      expect(radiusOf(much.logRadius)).to.be.closeTo(20, 1.2);
    });
  }

  it("reads lights out of focus by their disks", async () => {
    for (const radius of [12, 40]) {
      // Points, far brighter than the ground: their disks have the sharpest edges there are.
      const lights = several.map((disk) => ({ ...disk, radius: 1, light: radius ** 2 * 0.8 * disk.light }));
      const blurred = await read(await photograph(scene(0.35, lights, 0.1), radius, 0.003));
      expect(radiusOf(blurred.logRadius)).to.be.closeTo(radius, 0.06 * radius);
      expect(blurred.inFocusProbability).to.be.lessThan(0.2);
    }
  });
});
