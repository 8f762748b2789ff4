import path from "node:path";
import { expect } from "chai";
import { image, type ImageU8 } from "../../../src/core/image.ts";
import { diskBlur } from "../../../src/core/native/index.ts";
import { seededRandom } from "../../../src/core/random.ts";
import { openStack } from "../../../src/drivers/replay/focal-stack.ts";
import { depthAgreement } from "../../../src/evaluation/fusion/depth-agreement.ts";
import { writePicture } from "../../../src/io/picture.ts";
import { noiseF32 } from "../../support/pictures.ts";
import { withStack } from "../../support/stack.ts";

const WIDTH = 240;
const HEIGHT = 64;
const FRAMES = 5;
const bandOf = (pixel: number): number => Math.floor((FRAMES * (pixel % WIDTH)) / WIDTH);

/** Frame k, counted from 1, is sharp in band k - 1 of five. */
async function writeBands(folder: string): Promise<void> {
  const sharp = noiseF32(seededRandom(2), WIDTH, HEIGHT, 1);
  const soft = await diskBlur(sharp, 3);
  for (let k = 0; k < FRAMES; k++) {
    const data = Uint8Array.from(sharp.data, (value, i) => 255 * (bandOf(i) === k ? value : soft.data[i]!));
    await writePicture(path.join(folder, `frame${k + 1}.png`), image(WIDTH, HEIGHT, 1, data));
  }
}

/** What a map says of each band. */
const mapOf = (frames: readonly number[]): ImageU8 =>
  image(
    WIDTH,
    HEIGHT,
    1,
    Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => frames[bandOf(i)]!),
  );

describe("agreement with a best-focus map", () => {
  it("tells how far a map agrees, and that our frame is the sharper one where the map is wrong", () =>
    withStack({ names: [] }, async (folder) => {
      await writeBands(folder);
      await writePicture(path.join(folder, "bands_depthmap.png"), mapOf([1, 2, 3, 4, 1]));
      const found = await depthAgreement(await openStack(folder));
      expect(found?.offset).equal(0);
      expect(found?.withinOne).within(0.75, 0.83);
      expect(found?.sharper).greaterThan(0.95);
    }));

  it("says nothing of a stack without a map", () =>
    withStack({ names: [] }, async (folder) => {
      await writeBands(folder);
      expect(await depthAgreement(await openStack(folder))).equal(undefined);
    }));
});
