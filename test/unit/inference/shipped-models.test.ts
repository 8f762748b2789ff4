/** The networks in models/ answer what PyTorch answered when they were exported (test/fixtures/models). */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect } from "chai";
import { sharpnessOf } from "../../../src/algorithms/optics/sharpness-curve.ts";
import { radiusOf } from "../../../src/algorithms/search/types.ts";
import { image } from "../../../src/core/image.ts";
import { diskBlur } from "../../../src/core/native/index.ts";
import { seededRandom } from "../../../src/core/random.ts";
import { DefocusEstimator } from "../../../src/inference/defocus-estimator.ts";
import { MODELS } from "../../../src/inference/model-manifest.ts";
import { SharpnessEstimator } from "../../../src/inference/sharpness-estimator.ts";
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
    return 64 + Math.floor((((at % 512) * (k + 1) + Math.floor((y * y) / (k + 2))) % 251) / (k + 7));
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

  it("sharpness answers as in PyTorch", async () => {
    const { outputs } = await vectors("sharpness");
    const network = await loadNetwork(path.join(MODELS, "sharpness.onnx"));
    const [width, height] = [192, 128];
    const data = Uint8Array.from({ length: width * height }, (_, at) => {
      const x = at % width;
      return (Math.floor((x * x) / 3) + 5 * Math.floor(at / width)) % 251;
    });
    const answers = await network.run({ gray: { data, dims: [1, 1, height, width] } });
    await network.dispose();
    for (const [name, values] of Object.entries(outputs))
      values.forEach((value, at) => expect(answers[name]![at]).to.be.closeTo(value, 1e-3, name));
  });

  it("sharpness is 1 in focus, falls with the blur, and is the same in any light", async () => {
    const estimator = await SharpnessEstimator.load();
    const leaves = drawTexture("leaves", 384, seededRandom(11));
    const light = image(
      384,
      384,
      1,
      Float32Array.from(leaves.data, (value) => (value / 255) ** 2.2),
    );
    const read = async (radius: number, gain: number): Promise<number> => {
      const blurred = await diskBlur(light, radius);
      const values = Uint8Array.from(blurred.data, (value) => Math.round(255 * (gain * value) ** (1 / 2.2)));
      const map = await estimator.map(image(384, 384, 1, values));
      return map.values.reduce((sum, value) => sum + value, 0) / map.values.length;
    };
    const curve = [await read(0, 1), await read(2, 1), await read(6, 1), await read(20, 1)];
    expect(curve[0]).to.be.greaterThan(0.95);
    for (const [at, radius] of [0, 2, 6, 20].entries())
      expect(curve[at]).to.be.closeTo(sharpnessOf(radius), 0.1, `radius ${radius}`);
    expect((await read(0, 1 / 8)) / curve[0]!).to.be.closeTo(1, 0.01);
    await estimator.dispose();
  });

  it("defocus reads the radius of a blurred procedural picture", async () => {
    const estimator = await DefocusEstimator.load();
    const leaves = drawTexture("leaves", 768, seededRandom(12));
    const light = image(
      768,
      768,
      1,
      Float32Array.from(leaves.data, (value) => (value / 255) ** 2.2),
    );
    for (const radius of [2, 5, 15, 40, 80]) {
      const { data } = await diskBlur(light, radius);
      const values = Uint8Array.from(data, (value) => Math.round(255 * value ** (1 / 2.2)));
      const gray = image(768, 768, 1, values);
      const [patch, whole] = await estimator.read(gray, [
        { x: 128, y: 128, width: 512, height: 512 },
        { x: 0, y: 0, width: 768, height: 768 },
      ]);
      for (const reading of [patch!, whole!])
        expect(radiusOf(reading.logRadius)).to.be.closeTo(radius, 0.3 + 0.03 * radius);
    }
    await estimator.dispose();
  });

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
