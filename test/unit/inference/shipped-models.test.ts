/** The networks in models/ answer what PyTorch answered when they were exported (test/fixtures/models). */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect } from "chai";
import { image } from "../../../src/core/image.ts";
import { seededRandom } from "../../../src/core/random.ts";
import { DefocusEstimator } from "../../../src/inference/defocus-estimator.ts";
import { MODELS } from "../../../src/inference/model-manifest.ts";
import { loadNetwork } from "../../../src/inference/onnx.ts";
import { drawTexture } from "../../../src/dataset/textures.ts";

interface Vectors<T> {
  readonly inputs: T;
  readonly outputs: Readonly<Record<string, readonly number[]>>;
}

/** The patches that training/train_paper.py makes by the same rule: too large to store. */
function pattern(k: number): Uint8Array {
  return Uint8Array.from({ length: 512 * 512 }, (_, at) => {
    const y = Math.floor(at / 512);
    return ((at % 512) * (k + 1) + Math.floor((y * y) / (k + 2))) % 251;
  });
}

async function vectors<T = unknown>(name: string): Promise<Vectors<T>> {
  const file = new URL(`../../fixtures/models/${name}.json`, import.meta.url);
  return JSON.parse(await readFile(file, "utf8")) as Vectors<T>;
}

describe("the networks that ship", () => {
  it("defocus answers as in PyTorch", async () => {
    const { inputs, outputs } = await vectors<number[][]>("defocus");
    const network = await loadNetwork(path.join(MODELS, "defocus.onnx"));
    const data = Float32Array.from(inputs.flat());
    const answers = await network.run({ features: { data, dims: [inputs.length, inputs[0]!.length] } });
    await network.dispose();
    expect(Object.keys(answers)).to.have.members(Object.keys(outputs));
    for (const [name, values] of Object.entries(outputs))
      values.forEach((value, at) => expect(answers[name]![at]).to.be.closeTo(value, 1e-4, name));
  });

  for (const name of ["paper-estimator", "paper-discriminator", "paper-discriminator-dof"]) {
    it(`${name} answers as in PyTorch`, async () => {
      const { outputs } = await vectors(name);
      const network = await loadNetwork(path.join(MODELS, `${name}.onnx`));
      for (const k of [0, 1]) {
        const { answer } = await network.run({ patch: { data: pattern(k), dims: [1, 1, 512, 512] } });
        expect(answer![0]).to.be.closeTo(outputs["answer"]![k]!, 1e-4);
      }
      await network.dispose();
    });
  }

  it("defocus reads a crisp procedural picture as in focus, and tells a blank wall from it", async () => {
    const estimator = await DefocusEstimator.load();
    const random = seededRandom(11);
    const window = { x: 0, y: 0, width: 512, height: 512 };
    const [leaves] = await estimator.read(drawTexture("leaves", 512, random), [window]);
    expect(leaves!.textured).to.equal(true);
    expect(leaves!.inFocusProbability).to.be.greaterThan(0.5);
    const wall = image(512, 512, 1, new Uint8Array(512 * 512).fill(120));
    const [blank] = await estimator.read(wall, [window]);
    expect(blank!.textured).to.equal(false);
    await estimator.dispose();
  });
});
