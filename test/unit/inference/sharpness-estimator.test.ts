import { rm } from "node:fs/promises";
import { expect } from "chai";
import { AutofocusError } from "../../../src/core/errors.ts";
import { image, type ImageU8 } from "../../../src/core/image.ts";
import { SharpnessEstimator } from "../../../src/inference/sharpness-estimator.ts";
import { temporaryFolder, writeModel, writeTinySharpness } from "../../support/tiny-models.ts";

const picture = (width: number, height: number, value: (x: number, y: number) => number): ImageU8 =>
  image(
    width,
    height,
    1,
    Uint8Array.from({ length: width * height }, (_, at) => value(at % width, Math.floor(at / width))),
  );

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.catch((reason: unknown) => reason);
  return error instanceof AutofocusError ? error.code : String(error);
}

describe("SharpnessEstimator", () => {
  let directory: string;
  let estimator: SharpnessEstimator;
  beforeEach(async () => {
    directory = await temporaryFolder();
    await writeTinySharpness(directory);
    estimator = await SharpnessEstimator.load(directory);
  });
  afterEach(async () => {
    await estimator.dispose();
    await rm(directory, { recursive: true });
  });

  it("maps a frame of any size cell by cell, row by row", async () => {
    // Columns of cells get brighter to the right; neither side is a multiple of what the network wants.
    const map = await estimator.map(picture(70, 29, (x) => 10 * Math.floor(x / 8)));
    expect([map.rows, map.cols, map.stride]).to.deep.equal([3, 8, 8]);
    for (let row = 0; row < 3; row++)
      for (let col = 0; col < 8; col++) {
        expect(map.values[row * 8 + col]).to.be.closeTo(col / 20, 1e-5);
        expect(map.deviation[row * 8 + col]).to.be.closeTo(col / 40, 1e-5);
      }
  });

  it("continues a frame that is too small by its reflection, not by darkness", async () => {
    const { values } = await estimator.map(picture(9, 8, () => 100));
    expect([...values]).to.deep.equal([0.5]);
  });

  it("limits S to 0..1 and keeps what the network said", async () => {
    const { values, raw } = await estimator.map(picture(64, 64, () => 250));
    expect(raw[0]).to.be.closeTo(1.25, 1e-5);
    expect(values[0]).to.equal(1);
  });

  it("refuses colour and frames smaller than a cell", async () => {
    expect(await codeOf(estimator.map(image(64, 64, 3, new Uint8Array(64 * 64 * 3))))).to.equal(
      "invalid_image",
    );
    expect(await codeOf(estimator.map(picture(7, 64, () => 0)))).to.equal("invalid_image");
  });

  it("refuses a network with other inputs or outputs, and a missing one", async () => {
    const graph = {
      inputs: [{ name: "gray", type: "uint8", dims: [1, 1, 8, 8] }],
      outputs: [{ name: "sharpness", type: "float", dims: [1, 1, 8, 8] }],
      nodes: [{ op: "Cast", inputs: ["gray"], outputs: ["sharpness"], attributes: { to: 1 } }],
    } as const;
    const other = await temporaryFolder();
    expect(await codeOf(SharpnessEstimator.load(other))).to.equal("model_missing");
    await writeModel(other, "sharpness", graph, { kind: "sharpness", stride: 8, granule: 64 });
    expect(await codeOf(SharpnessEstimator.load(other))).to.equal("model_invalid");
    await rm(other, { recursive: true });
  });
});
