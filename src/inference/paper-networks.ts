/**
 * The two networks of paper 1 (section 4, Fig. 4): the step estimator f_e (Eq. 5: |Z0 - Z|, no direction) and the focus
 * discriminator f_d, trained for one lens. The reproduction and the baseline of the radius network.
 */
import { AutofocusError, expected } from "../core/errors.ts";
import { crop, type ImageU8 } from "../core/image.ts";
import type { Roi } from "../core/roi.ts";
import type { Steps } from "../core/units.ts";
import { MODELS, paperManifest, readModel, type Model, type PaperManifest } from "./model-manifest.ts";
import { loadNetwork, type Network } from "./onnx.ts";

/**
 * What the discriminator was taught to call in focus: `exact` is Z0 = Zi as in paper 1, section 6.1.2;
 * `depth-of-field` is |Z0 - Zi| <= sigma_Z, which is what a user means.
 */
export type DiscriminatorKind = "exact" | "depth-of-field";

export interface PaperReading {
  readonly distance: Steps;
  readonly inFocusProbability: number;
}

const PATCH = 512;
const DISCRIMINATORS: Record<DiscriminatorKind, string> = {
  exact: "paper-discriminator",
  "depth-of-field": "paper-discriminator-dof",
};

export class PaperNetworks {
  /** Lens whose steps the estimator speaks. */
  readonly lens: string;
  readonly #estimator: Network;
  readonly #discriminator: Network;
  readonly #outputScale: number;

  private constructor(estimator: Network, discriminator: Network, manifest: PaperManifest) {
    this.#estimator = estimator;
    this.#discriminator = discriminator;
    this.#outputScale = manifest.outputScale;
    this.lens = manifest.lens;
  }

  /** @throws AutofocusError `model_missing`, `model_invalid`. */
  static async load(
    modelDirectory: string = MODELS,
    discriminator: DiscriminatorKind = "depth-of-field",
  ): Promise<PaperNetworks> {
    const models = [
      await readModel(modelDirectory, "paper-estimator", paperManifest),
      await readModel(modelDirectory, DISCRIMINATORS[discriminator], paperManifest),
    ] as const;
    const [estimator, decider] = models;
    if (estimator.manifest.lens !== decider.manifest.lens) {
      throw new AutofocusError(
        "model_invalid",
        "The paper's two networks are trained for different lenses.",
        {
          cure: "Train both for the same lens (training/README.md).",
        },
      );
    }
    const [first, second] = await Promise.all(models.map(openSingle));
    return new PaperNetworks(first as Network, second as Network, estimator.manifest);
  }

  /**
   * @param gray One channel of camera values (after gamma).
   * @param patch 512 x 512 px within the picture.
   * @throws AutofocusError `invalid_input`, `invalid_image`.
   */
  async read(gray: ImageU8, patch: Roi): Promise<PaperReading> {
    if (gray.channels !== 1) throw expected("invalid_image", "one channel", "the picture", gray.channels);
    if (patch.width !== PATCH || patch.height !== PATCH)
      throw expected("invalid_input", `${PATCH}x${PATCH} px`, "the patch", `${patch.width}x${patch.height}`);
    const whole = gray.width === PATCH && gray.height === PATCH;
    const { data } = whole ? gray : crop(gray, patch);
    const inputs = { patch: { data, dims: [1, 1, PATCH, PATCH] } };
    const distance = single(await this.#estimator.run(inputs)) * this.#outputScale;
    const inFocusProbability = single(await this.#discriminator.run(inputs));
    return { distance: Math.max(0, distance), inFocusProbability };
  }

  /** Frees both networks. Safe to call twice. */
  async dispose(): Promise<void> {
    await this.#estimator.dispose();
    await this.#discriminator.dispose();
  }
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

function single(outputs: Record<string, Float32Array>): number {
  return Object.values(outputs)[0]?.[0] ?? NaN;
}
