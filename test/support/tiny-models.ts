/** Folders with tiny networks in place of the trained ones. */
import { createHash } from "node:crypto";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { RING_FEATURES, RING_SPECTRUM_VERSION, RINGS } from "../../src/core/native/index.ts";
import { tinyOnnx, type TinyGraph } from "./tiny-onnx.ts";

/** A new folder in the system's place for temporary files. */
export function temporaryFolder(): Promise<string> {
  return mkdtemp(path.join(tmpdir(), "autofocus-models-"));
}

/** Writes network and manifest; `changes` replaces fields of the manifest. */
export async function writeModel(
  directory: string,
  name: string,
  graph: TinyGraph,
  fields: Record<string, unknown>,
): Promise<void> {
  const bytes = tinyOnnx(graph);
  await writeFile(path.join(directory, `${name}.onnx`), bytes);
  const manifest = {
    formatVersion: 1,
    file: `${name}.onnx`,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    description: "tiny",
    training: {},
    metrics: {},
    ...fields,
  };
  await writeFile(path.join(directory, `${name}.json`), JSON.stringify(manifest));
}

const DEFOCUS_OUTPUTS = ["log_radius", "log_radius_std", "in_focus", "sharpness", "texture"];

/** Where the features of the ring spectrum hold log(mean + 1) and log2 of the side. */
const LOG_MEAN = 4 * RINGS;
const LOG_SIDE = LOG_MEAN + 3;

/** A "radius network" that answers log(mean + 1), log2(side), and 0.25, 0.5 and a constant texture. */
export async function writeTinyDefocus(
  directory: string,
  { texture = 1, ...fields }: { texture?: number } & Record<string, unknown> = {},
): Promise<void> {
  const weights = DEFOCUS_OUTPUTS.map((_, output) =>
    Array.from({ length: RING_FEATURES }, (__, at) =>
      (output === 0 && at === LOG_MEAN) || (output === 1 && at === LOG_SIDE) ? 1 : 0,
    ),
  );
  const biases = [0, 0, 0.25, 0.5, texture];
  const graph: TinyGraph = {
    inputs: [{ name: "features", type: "float", dims: ["batch", RING_FEATURES] }],
    outputs: DEFOCUS_OUTPUTS.map((name) => ({ name, type: "float", dims: ["batch", 1] })),
    nodes: DEFOCUS_OUTPUTS.map((name, output) => ({
      op: "Gemm",
      inputs: ["features", `w${output}`, `b${output}`],
      outputs: [name],
    })),
    constants: Object.fromEntries(
      DEFOCUS_OUTPUTS.flatMap((_, output) => [
        [`w${output}`, { dims: [RING_FEATURES, 1], values: weights[output]! }],
        [`b${output}`, { dims: [1], values: [biases[output]!] }],
      ]),
    ),
  };
  await writeModel(directory, "defocus", graph, {
    kind: "defocus",
    features: { version: RING_SPECTRUM_VERSION, length: RING_FEATURES },
    patchSizes: [128, 256],
    inFocusRadius: 2,
    textureThreshold: 0.5,
    ...fields,
  });
}

/** A "sharpness network" that answers the mean of each 8x8 px over 200, and half of that as the deviation. */
export async function writeTinySharpness(directory: string): Promise<void> {
  const graph: TinyGraph = {
    inputs: [{ name: "gray", type: "uint8", dims: [1, 1, "height", "width"] }],
    outputs: ["sharpness", "deviation"].map((name) => ({
      name,
      type: "float",
      dims: [1, 1, `${name}Rows`, `${name}Cols`],
    })),
    nodes: [
      { op: "Cast", inputs: ["gray"], outputs: ["float"], attributes: { to: 1 } },
      {
        op: "AveragePool",
        inputs: ["float"],
        outputs: ["mean"],
        attributes: { kernel_shape: [8, 8], strides: [8, 8] },
      },
      { op: "Mul", inputs: ["mean", "scale"], outputs: ["sharpness"] },
      { op: "Mul", inputs: ["sharpness", "half"], outputs: ["deviation"] },
    ],
    constants: {
      scale: { dims: [1], values: [1 / 200] },
      half: { dims: [1], values: [0.5] },
    },
  };
  await writeModel(directory, "sharpness", graph, { kind: "sharpness", stride: 8, granule: 64 });
}

/** A "paper network" that answers the mean of the patch, 0..255; of all patches a trunk stride apart in a larger frame. */
export async function writeTinyPaper(
  directory: string,
  name: string,
  fields: Record<string, unknown> = {},
): Promise<void> {
  const stride = name.includes("discriminator") ? 64 : 128;
  const graph: TinyGraph = {
    inputs: [{ name: "patch", type: "uint8", dims: ["batch", 1, "height", "width"] }],
    outputs: [{ name: "answer", type: "float", dims: ["batch", 1, "rows", "cols"] }],
    nodes: [
      { op: "Cast", inputs: ["patch"], outputs: ["float"], attributes: { to: 1 } },
      {
        op: "AveragePool",
        inputs: ["float"],
        outputs: ["answer"],
        attributes: { kernel_shape: [512, 512], strides: [stride, stride] },
      },
    ],
  };
  await writeModel(directory, name, graph, {
    kind: name.includes("discriminator") ? "paper-discriminator" : "paper-estimator",
    patchSize: 512,
    lens: "evetar-25mm",
    label: "none",
    outputScale: 1,
    ...fields,
  });
}
