/**
 * The sharpness network (paper 2): a dense map of the optical sharpness S over the frame, 1 in focus and falling with
 * the defocus radius as sharpness-curve.ts says, independent of scene and light, so that it needs no peak to be compared with.
 */
import { AutofocusError } from "../core/errors.ts";
import { image, type ImageU8 } from "../core/image.ts";
import type { Pixels } from "../core/units.ts";
import { MODELS, readModel, sharpnessManifest, type SharpnessManifest } from "./model-manifest.ts";
import { loadNetwork, type Network } from "./onnx.ts";

export interface SharpnessMap {
  readonly rows: number;
  readonly cols: number;
  /** Side of a cell, px; cell (0, 0) lies in the frame's top-left corner. */
  readonly stride: Pixels;
  /** S of each cell, 0..1; row-major, row 0 at the top. */
  readonly values: Float32Array;
  /** S before it is limited to 0..1. */
  readonly raw: Float32Array;
  /** Mean deviation the network expects of each value; large where there is too little detail to tell. */
  readonly deviation: Float32Array;
}

const INPUT = "gray";
const OUTPUTS = ["sharpness", "deviation"] as const;

export class SharpnessEstimator {
  readonly #network: Network;
  readonly #manifest: SharpnessManifest;

  private constructor(network: Network, manifest: SharpnessManifest) {
    this.#network = network;
    this.#manifest = manifest;
  }

  /**
   * Loads `sharpness.json` and the network it names.
   * @throws AutofocusError `model_missing`, `model_invalid`.
   */
  static async load(modelDirectory: string = MODELS): Promise<SharpnessEstimator> {
    const { manifest, network: file } = await readModel(modelDirectory, "sharpness", sharpnessManifest);
    const network = await loadNetwork(file);
    if (network.inputs.join() === INPUT && OUTPUTS.every((name) => network.outputs.includes(name)))
      return new SharpnessEstimator(network, manifest);
    await network.dispose();
    throw new AutofocusError(
      "model_invalid",
      `The network ${file} lacks the input ${INPUT} or the outputs ${OUTPUTS.join(", ")}.`,
      { cure: "Export it again with training/train_sharpness.py." },
    );
  }

  /** Side of a cell, px. */
  get stride(): Pixels {
    return this.#manifest.stride;
  }

  /**
   * @param gray One channel of camera values (after gamma), at least one cell in size.
   * @throws AutofocusError `invalid_image`, `inference_failed`.
   */
  async map(gray: ImageU8): Promise<SharpnessMap> {
    const { stride, granule } = this.#manifest;
    const rows = Math.floor(gray.height / stride);
    const cols = Math.floor(gray.width / stride);
    if (gray.channels !== 1 || rows === 0 || cols === 0) {
      throw new AutofocusError(
        "invalid_image",
        `Expected a gray picture of at least ${stride}x${stride} px but received ${gray.width}x${gray.height} px with ${gray.channels} channels.`,
      );
    }
    const { width, height, data } = mirroredTo(gray, granule);
    const results = await this.#network.run({ [INPUT]: { data, dims: [1, 1, height, width] } });
    const part = (name: (typeof OUTPUTS)[number]): Float32Array =>
      topLeft(results[name] ?? new Float32Array(), width / stride, rows, cols);
    const raw = part("sharpness");
    const values = raw.map((value) => Math.min(1, Math.max(0, value)));
    return { rows, cols, stride, values, raw, deviation: part("deviation") };
  }

  /** Frees the network. Safe to call twice. */
  dispose(): Promise<void> {
    return this.#network.dispose();
  }
}

/** The picture continued to the right and below by its reflection, to sides that are multiples of `granule`. */
function mirroredTo(gray: ImageU8, granule: number): ImageU8 {
  const width = Math.ceil(gray.width / granule) * granule;
  const height = Math.ceil(gray.height / granule) * granule;
  if (width === gray.width && height === gray.height) return gray;
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = gray.width * reflected(y, gray.height);
    const line = data.subarray(y * width, (y + 1) * width);
    line.set(gray.data.subarray(from, from + gray.width));
    for (let x = gray.width; x < width; x++) line[x] = line[reflected(x, gray.width)] ?? 0;
  }
  return image(width, height, 1, data);
}

function reflected(index: number, length: number): number {
  const folded = index % (2 * length);
  return folded < length ? folded : 2 * length - 1 - folded;
}

function topLeft(values: Float32Array, width: number, rows: number, cols: number): Float32Array {
  const out = new Float32Array(rows * cols);
  for (let row = 0; row < rows; row++) out.set(values.subarray(row * width, row * width + cols), row * cols);
  return out;
}
