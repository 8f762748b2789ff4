import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect } from "chai";
import { sharpnessOf } from "../../../src/algorithms/optics/sharpness-curve.ts";
import { AutofocusError } from "../../../src/core/errors.ts";
import { image, type ImageU8 } from "../../../src/core/image.ts";
import { RING_SPECTRUM_VERSION } from "../../../src/core/native/index.ts";
import { DefocusEstimator } from "../../../src/inference/defocus-estimator.ts";
import { temporaryFolder, writeTinyDefocus } from "../../support/tiny-models.ts";

const flat = (value: number): ImageU8 => image(300, 256, 1, new Uint8Array(300 * 256).fill(value));
const roi = (
  x: number,
  y: number,
  side: number,
): { x: number; y: number; width: number; height: number } => ({
  x,
  y,
  width: side,
  height: side,
});

async function failure(work: Promise<unknown>): Promise<AutofocusError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).to.be.instanceOf(AutofocusError);
  return error as AutofocusError;
}

describe("DefocusEstimator", () => {
  let directory: string;
  beforeEach(async () => {
    directory = await temporaryFolder();
  });
  afterEach(() => rm(directory, { recursive: true }));

  it("answers one reading a patch, in order, each from its own pixels", async () => {
    await writeTinyDefocus(directory);
    const estimator = await DefocusEstimator.load(directory);
    const gray = image(
      300,
      256,
      1,
      Uint8Array.from({ length: 300 * 256 }, (_, at) => (at % 300 < 128 ? 10 : 200)),
    );
    const readings = await estimator.read(gray, [roi(0, 0, 128), roi(150, 100, 128)]);
    expect(readings).to.have.length(2);
    const logLight = (value: number): number => Math.log(255 * (value / 255) ** 2.2 + 1);
    expect(readings[0]!.logRadius).to.be.closeTo(logLight(10), 1e-4);
    expect(readings[1]!.logRadius).to.be.closeTo(logLight(200), 1e-4);
    expect(readings[0]!.logRadiusStd).to.be.closeTo(7, 1e-4);
    expect(readings[0]!.inFocusProbability).to.be.closeTo(0.25, 1e-6);
    expect(readings[0]!.sharpness).to.be.closeTo(0.5, 1e-6);
    expect(readings[0]!.textured).to.equal(true);
    expect(estimator.sizes).to.deep.equal([128, 256]);
    expect(await estimator.read(gray, [])).to.deep.equal([]);
    await estimator.dispose();
  });

  it("reads any number of patches, each as if alone", async () => {
    await writeTinyDefocus(directory);
    const estimator = await DefocusEstimator.load(directory);
    const gray = image(
      300,
      256,
      1,
      Uint8Array.from({ length: 300 * 256 }, (_, at) => at % 300),
    );
    const patches = Array.from({ length: 75 }, (_, k) => roi(2 * k, k, 128));
    const readings = await estimator.read(gray, patches);
    expect(readings).to.have.length(75);
    for (const k of [0, 31, 32, 63, 64, 74]) {
      const [alone] = await estimator.read(gray, [patches[k]!]);
      expect(readings[k]!.logRadius).to.be.closeTo(alone!.logRadius, 1e-5);
    }
    const outside = [...patches.slice(0, 40), roi(200, 0, 128)];
    expect((await failure(estimator.read(gray, outside))).code).to.equal("invalid_input");
    await estimator.dispose();
  });

  it("reads a patch larger than the largest size from its reduced picture, in the pixels of the frame", async () => {
    await writeTinyDefocus(directory);
    const estimator = await DefocusEstimator.load(directory);
    const gray = image(
      700,
      600,
      1,
      Uint8Array.from({ length: 700 * 600 }, (_, at) => (at % 700 < 512 ? 10 : 200)),
    );
    // The sizes are 128 and 256: 512 px are read as 256 px of twice the radius.
    const [small, large, last] = await estimator.read(gray, [
      roi(0, 0, 256),
      roi(0, 40, 512),
      roi(550, 0, 128),
    ]);
    const radius = (reading: typeof small): number => Math.exp(reading!.logRadius) - 0.5;
    expect(radius(large)).to.be.closeTo(2 * radius(small), 1e-3);
    expect(large!.sharpness).to.be.closeTo(sharpnessOf(radius(large)), 1e-6);
    expect(large!.inFocusProbability).to.be.within(0, 1);
    expect(radius(last)).to.be.greaterThan(100);
    // 8 is log2 of the side that is read; relative to the radius, a reduced patch is no less sure.
    const width = 2 * Math.hypot((radius(small) + 0.5) * 8, 0.3);
    expect(large!.logRadiusStd).to.be.closeTo(width / (radius(large) + 0.5), 1e-3);
    await estimator.dispose();
  });

  it("calls a patch untextured below the threshold of the manifest", async () => {
    await writeTinyDefocus(directory, { texture: 0.6, textureThreshold: 0.7 });
    const estimator = await DefocusEstimator.load(directory);
    const [reading] = await estimator.read(flat(9), [roi(0, 0, 128)]);
    expect(reading!.textured).to.equal(false);
    await estimator.dispose();
  });

  it("refuses patches of a side it was not trained on, outside the picture, or in colour", async () => {
    await writeTinyDefocus(directory);
    const estimator = await DefocusEstimator.load(directory);
    expect((await failure(estimator.read(flat(9), [roi(0, 0, 64)]))).code).to.equal("invalid_input");
    expect((await failure(estimator.read(flat(9), [roi(250, 0, 128)]))).code).to.equal("invalid_input");
    const colour = image(128, 128, 3, new Uint8Array(128 * 128 * 3));
    expect((await failure(estimator.read(colour, [roi(0, 0, 128)]))).code).to.equal("invalid_image");
    await estimator.dispose();
  });

  it("shares a loaded network and frees it with its last user", async () => {
    await writeTinyDefocus(directory);
    const [first, second] = await Promise.all([
      DefocusEstimator.load(directory),
      DefocusEstimator.load(directory),
    ]);
    await first.dispose();
    await first.dispose();
    expect((await failure(first.read(flat(9), [roi(0, 0, 128)]))).code).to.equal("inference_failed");
    expect(await second.read(flat(9), [roi(0, 0, 128)])).to.have.length(1);
    await second.dispose();
  });

  it("says what is missing and forgets the failure", async () => {
    const missing = await failure(DefocusEstimator.load(directory));
    expect(missing.code).to.equal("model_missing");
    expect(missing.message).to.contain("defocus.json");
    expect(missing.cure).to.be.a("string");
    await writeTinyDefocus(directory);
    const network = await readFile(path.join(directory, "defocus.onnx"));
    await rm(path.join(directory, "defocus.onnx"));
    expect((await failure(DefocusEstimator.load(directory))).code).to.equal("model_missing");
    await writeFile(path.join(directory, "defocus.onnx"), network);
    await (await DefocusEstimator.load(directory)).dispose();
  });

  it("refuses a network that is not the one of the manifest, even by one bit", async () => {
    await writeTinyDefocus(directory);
    const file = path.join(directory, "defocus.onnx");
    const bytes = await readFile(file);
    bytes[bytes.length - 1]! ^= 1;
    await writeFile(file, bytes);
    const error = await failure(DefocusEstimator.load(directory));
    expect(error.code).to.equal("model_invalid");
    expect(error.message).to.contain("SHA-256");
  });

  it("refuses manifests of another kind, version or features, and names the field", async () => {
    for (const [change, field] of [
      [{ kind: "paper-estimator" }, "kind"],
      [{ formatVersion: 2 }, "formatVersion"],
      [{ features: { version: RING_SPECTRUM_VERSION, length: 98 } }, "features.length"],
      [{ patchSizes: [] }, "patchSizes"],
      [{ file: "../elsewhere.onnx" }, "file"],
    ] as const) {
      await writeTinyDefocus(directory, change);
      const error = await failure(DefocusEstimator.load(directory));
      expect(error.code).to.equal("model_invalid");
      expect(error.message).to.contain(field);
    }
    await writeFile(path.join(directory, "defocus.json"), "{");
    expect((await failure(DefocusEstimator.load(directory))).code).to.equal("model_invalid");
  });
});
