/** The paper's pair of networks as it is loaded, for one patch (paper-networks.ts) or a frame (global-paper-networks.ts). */
import { AutofocusError } from "../core/errors.ts";
import type { Pixels } from "../core/units.ts";
import { MODELS, paperManifest, readModel, type Model, type PaperManifest } from "./model-manifest.ts";
import { loadNetwork, type Network } from "./onnx.ts";

/**
 * What the discriminator was taught to call in focus: `exact` is Z0 = Zi as in paper 1, section 6.1.2;
 * `depth-of-field` is |Z0 - Zi| <= sigma_Z, which is what a user means.
 */
export type DiscriminatorKind = "exact" | "depth-of-field";

/** Side of the patches they read, px. */
export const PAPER_PATCH: Pixels = 512;

export interface OpenPaperNetworks {
  readonly estimator: Network;
  readonly discriminator: Network;
  /** Lens whose steps the estimator speaks. */
  readonly lens: string;
  /** The estimator's output times this is a distance in steps. */
  readonly outputScale: number;
  /** Frees both networks. Safe to call twice. */
  dispose(): Promise<void>;
}

const DISCRIMINATORS: Record<DiscriminatorKind, string> = {
  exact: "paper-discriminator",
  "depth-of-field": "paper-discriminator-dof",
};

/** @throws AutofocusError `model_missing`, `model_invalid`. */
export async function openPaperNetworks(
  modelDirectory: string = MODELS,
  kind: DiscriminatorKind = "depth-of-field",
): Promise<OpenPaperNetworks> {
  const first = await readModel(modelDirectory, "paper-estimator", paperManifest);
  const second = await readModel(modelDirectory, DISCRIMINATORS[kind], paperManifest);
  if (first.manifest.lens !== second.manifest.lens) {
    throw new AutofocusError("model_invalid", "The paper's two networks are trained for different lenses.", {
      cure: "Train both for the same lens (training/README.md).",
    });
  }
  const estimator = await openSingle(first);
  const discriminator = await openSingle(second);
  const { lens, outputScale } = first.manifest;
  const dispose = async (): Promise<void> => {
    await estimator.dispose();
    await discriminator.dispose();
  };
  return { estimator, discriminator, lens, outputScale, dispose };
}

async function openSingle(model: Model<PaperManifest>): Promise<Network> {
  const network = await loadNetwork(model.network);
  if (network.inputs.join() === "patch" && network.outputs.length === 1) return network;
  await network.dispose();
  throw new AutofocusError(
    "model_invalid",
    `The network ${model.network} has not one input named patch and one output.`,
    { cure: "Export it again with training/train_paper.py." },
  );
}
