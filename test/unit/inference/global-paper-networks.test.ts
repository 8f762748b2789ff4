import { rm } from "node:fs/promises";
import { expect } from "chai";
import { AutofocusError } from "../../../src/core/errors.ts";
import { image, type ImageU8 } from "../../../src/core/image.ts";
import { seededRandom, uniformInt } from "../../../src/core/random.ts";
import { GlobalPaperNetworks } from "../../../src/inference/global-paper-networks.ts";
import { MODELS } from "../../../src/inference/model-manifest.ts";
import { PaperNetworks } from "../../../src/inference/paper-networks.ts";
import { temporaryFolder, writeTinyPaper } from "../../support/tiny-models.ts";

/** Blocks of noise, brighter to the right and to the bottom, so that no two patches are alike. */
function frame(width: number, height: number): ImageU8 {
  const random = seededRandom(4);
  const noise = Uint8Array.from({ length: 64 * 64 }, () => uniformInt(random, 0, 100));
  const data = Uint8Array.from({ length: width * height }, (_, at) => {
    const [x, y] = [at % width, Math.floor(at / width)];
    return noise[((y >> 3) % 64) * 64 + ((x >> 3) % 64)]! + (100 * x) / width + (50 * y) / height;
  });
  return image(width, height, 1, data);
}

/** Each cell of the map against the patch read by itself. */
async function expectPatchwise(directory: string, gray: ImageU8, stride: number): Promise<void> {
  const whole = await GlobalPaperNetworks.load(directory);
  const single = await PaperNetworks.load(directory);
  const map = await whole.map(gray, stride);
  for (let row = 0; row < map.rows; row++)
    for (let col = 0; col < map.cols; col++) {
      const [x, y] = [map.offsetX + col * stride, map.offsetY + row * stride];
      const alone = await single.read(gray, { x, y, width: 512, height: 512 });
      const at = row * map.cols + col;
      const where = `stride ${stride}, row ${row}, column ${col}`;
      expect(map.distance[at]).to.be.closeTo(alone.distance, 1e-4 * alone.distance + 1e-6, where);
      const probability = alone.inFocusProbability;
      expect(map.inFocusProbability[at]).to.be.closeTo(probability, 1e-4 * probability + 1e-6, where);
    }
  await Promise.all([whole.dispose(), single.dispose()]);
}

describe("GlobalPaperNetworks", () => {
  let directory: string;
  beforeEach(async () => {
    directory = await temporaryFolder();
    await writeTinyPaper(directory, "paper-estimator", { outputScale: 3 });
    await writeTinyPaper(directory, "paper-discriminator-dof");
  });
  afterEach(() => rm(directory, { recursive: true }));

  for (const stride of [128, 256, 64, 96, 50])
    it(`answers for every patch what the patch alone gets, ${stride} px apart`, () =>
      expectPatchwise(directory, frame(801, 700), stride));

  it("does so with the networks that ship", () => expectPatchwise(MODELS, frame(705, 640), 64));

  it("refuses colour, frames smaller than a patch and strides that are none", async () => {
    const networks = await GlobalPaperNetworks.load(directory);
    const codeOf = async (gray: ImageU8, stride: number): Promise<string> => {
      const error: unknown = await networks.map(gray, stride).catch((reason: unknown) => reason);
      return error instanceof AutofocusError ? error.code : String(error);
    };
    expect(await codeOf(image(600, 600, 3, new Uint8Array(600 * 600 * 3)), 128)).to.equal("invalid_image");
    expect(await codeOf(frame(511, 600), 128)).to.equal("invalid_input");
    expect(await codeOf(frame(600, 600), 0)).to.equal("invalid_input");
    await networks.dispose();
    await networks.dispose();
  });
});
