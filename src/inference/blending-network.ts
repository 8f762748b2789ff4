/**
 * The blending network of all-in-focus video, in the role of AWnet in paper 1 (section 6.2.3): how much of each cell of
 * the next picture comes from the new frame.
 */
import { z } from "zod";
import {
  FEATURE_PLANES,
  FEATURES_VERSION,
  type FusionFeatures,
} from "../algorithms/fusion/streaming/features.ts";
import { AutofocusError } from "../core/errors.ts";
import { MODELS, modelFields, readModel } from "./model-manifest.ts";
import { loadNetwork, type Network } from "./onnx.ts";

const INPUT = "planes";
const OUTPUT = "weight";

const blendingManifest = z.object({
  ...modelFields,
  kind: z.literal("blending"),
  features: z.object({
    version: z.literal(FEATURES_VERSION),
    planes: z.literal(FEATURE_PLANES.length),
  }),
});

export class BlendingNetwork {
  readonly #network: Network;

  private constructor(network: Network) {
    this.#network = network;
  }

  /**
   * Loads `blending.json` and the network it names.
   * @throws AutofocusError `model_missing`, `model_invalid`.
   */
  static async load(modelDirectory: string = MODELS): Promise<BlendingNetwork> {
    const { network: file } = await readModel(modelDirectory, "blending", blendingManifest);
    const network = await loadNetwork(file);
    if (network.inputs.join() === INPUT && network.outputs.includes(OUTPUT))
      return new BlendingNetwork(network);
    await network.dispose();
    throw new AutofocusError(
      "model_invalid",
      `The network ${file} lacks the input ${INPUT} or the output ${OUTPUT}.`,
      {
        cure: "Export it again with training/train_blending.py.",
      },
    );
  }

  /**
   * The share of the new frame in each cell, 0..1, row-major.
   * @throws AutofocusError `inference_failed`.
   */
  async weigh({ columns, rows, planes }: FusionFeatures): Promise<Float32Array> {
    const dims = [1, FEATURE_PLANES.length, rows, columns];
    const { [OUTPUT]: weights } = await this.#network.run({ [INPUT]: { data: planes, dims } });
    if (weights?.length !== rows * columns)
      throw new AutofocusError(
        "inference_failed",
        `The blending network gave ${weights?.length ?? 0} weights.`,
      );
    return weights;
  }

  /** Frees the network. Safe to call twice. */
  dispose(): Promise<void> {
    return this.#network.dispose();
  }
}
