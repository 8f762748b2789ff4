import { createHash } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect } from "chai";
import { AutofocusError } from "../../../src/core/errors.ts";
import { loadNetwork } from "../../../src/inference/onnx.ts";
import { temporaryFolder } from "../../support/tiny-models.ts";
import { tinyOnnx } from "../../support/tiny-onnx.ts";

const half = tinyOnnx({
  inputs: [{ name: "x", type: "float", dims: ["batch", 2] }],
  outputs: [{ name: "y", type: "float", dims: ["batch", 2] }],
  nodes: [{ op: "Mul", inputs: ["x", "half"], outputs: ["y"] }],
  constants: { half: { dims: [1], values: [0.5] } },
});

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof AutofocusError) return error.code;
    throw error;
  }
  return "none";
}

describe("networks", () => {
  let directory: string;
  let file: string;
  before(async () => {
    directory = await temporaryFolder();
    file = path.join(directory, "half.onnx");
  });
  after(() => rm(directory, { recursive: true }));

  it("runs a graph by the names of its inputs and outputs", async () => {
    await writeFile(file, half);
    const network = await loadNetwork(file);
    expect(network.inputs).to.deep.equal(["x"]);
    const { y } = await network.run({ x: { data: Float32Array.of(1, 2, 3, 4), dims: [2, 2] } });
    expect([...y!]).to.deep.equal([0.5, 1, 1.5, 2]);
    await network.dispose();
  });

  it("reports a wrong input and a network given back", async () => {
    await writeFile(file, half);
    const network = await loadNetwork(file);
    const wrong = { x: { data: Float32Array.of(1, 2, 3), dims: [1, 3] } };
    expect(await codeOf(network.run(wrong))).to.equal("inference_failed");
    expect(await codeOf(network.run({}))).to.equal("inference_failed");
    await network.dispose();
    expect(await codeOf(network.run(wrong))).to.equal("inference_failed");
  });

  it("refuses a file that is no network, and loads it once it is one", async () => {
    await writeFile(file, createHash("sha256").update("noise").digest());
    expect(await codeOf(loadNetwork(file))).to.equal("model_invalid");
    await writeFile(file, half);
    await (await loadNetwork(file)).dispose();
  });
});
