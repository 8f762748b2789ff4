import { rm } from "node:fs/promises";
import { expect } from "chai";
import { AutofocusError } from "../../../src/core/errors.ts";
import { image, type ImageU8 } from "../../../src/core/image.ts";
import { PaperNetworks } from "../../../src/inference/paper-networks.ts";
import { temporaryFolder, writeTinyPaper } from "../../support/tiny-models.ts";

const PATCH = { width: 512, height: 512 };
/** Left half 10, right half 200. */
const halves = (): ImageU8 =>
  image(
    1024,
    512,
    1,
    Uint8Array.from({ length: 1024 * 512 }, (_, at) => (at % 1024 < 512 ? 10 : 200)),
  );

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof AutofocusError ? error.code : String(error);
}

describe("PaperNetworks", () => {
  let directory: string;
  beforeEach(async () => {
    directory = await temporaryFolder();
    await writeTinyPaper(directory, "paper-estimator", { outputScale: 3 });
    await writeTinyPaper(directory, "paper-discriminator-dof", { label: "|Z0 - Zi| <= 20 steps" });
  });
  afterEach(() => rm(directory, { recursive: true }));

  it("reads the patch asked for and scales the estimator's answer to steps", async () => {
    const networks = await PaperNetworks.load(directory);
    expect(networks.lens).to.equal("evetar-25mm");
    const left = await networks.read(halves(), { x: 0, y: 0, ...PATCH });
    const right = await networks.read(halves(), { x: 512, y: 0, ...PATCH });
    expect(left.distance).to.be.closeTo(30, 1e-3);
    expect(right.distance).to.be.closeTo(600, 1e-3);
    expect(left.inFocusProbability).to.be.closeTo(10, 1e-3);
    await networks.dispose();
    await networks.dispose();
    expect(await codeOf(networks.read(halves(), { x: 0, y: 0, ...PATCH }))).to.equal("inference_failed");
  });

  it("loads the discriminator of the paper's own label when asked for", async () => {
    expect(await codeOf(PaperNetworks.load(directory, "exact"))).to.equal("model_missing");
    await writeTinyPaper(directory, "paper-discriminator");
    await (await PaperNetworks.load(directory, "exact")).dispose();
  });

  it("refuses two networks for different lenses", async () => {
    await writeTinyPaper(directory, "paper-discriminator-dof", { lens: "ca378-vcm" });
    expect(await codeOf(PaperNetworks.load(directory))).to.equal("model_invalid");
  });

  it("refuses other patches, patches outside the picture, and colour", async () => {
    const networks = await PaperNetworks.load(directory);
    const read = (gray: ImageU8, x: number, side: number): Promise<string> =>
      codeOf(networks.read(gray, { x, y: 0, width: side, height: side }));
    expect(await read(halves(), 0, 256)).to.equal("invalid_input");
    expect(await read(halves(), 600, 512)).to.equal("invalid_input");
    expect(await read(image(512, 512, 3, new Uint8Array(512 * 512 * 3)), 0, 512)).to.equal("invalid_image");
    await networks.dispose();
  });
});
