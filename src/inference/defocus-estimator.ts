/**
 * The radius network: how far out of focus patches are, in pixels of the frame, with its own uncertainty. It knows no
 * lens; a LensModel turns radii into focus positions.
 */
import type { DefocusReading } from "../algorithms/search/types.ts";
import { AutofocusError, expected } from "../core/errors.ts";
import type { ImageU8 } from "../core/image.ts";
import { ringSpectrum } from "../core/native/index.ts";
import type { Roi } from "../core/roi.ts";
import type { Pixels } from "../core/units.ts";
import { defocusManifest, MODELS, readModel, type DefocusManifest } from "./model-manifest.ts";
import { loadNetwork, type Network } from "./onnx.ts";

const INPUT = "features";
const OUTPUTS = ["log_radius", "log_radius_std", "in_focus", "sharpness", "texture"] as const;

export class DefocusEstimator {
  readonly #network: Network;
  readonly #manifest: DefocusManifest;

  private constructor(network: Network, manifest: DefocusManifest) {
    this.#network = network;
    this.#manifest = manifest;
  }

  /**
   * Loads `defocus.json` and the network it names.
   * @throws AutofocusError `model_missing`, `model_invalid`, `native_missing`.
   */
  static async load(modelDirectory: string = MODELS): Promise<DefocusEstimator> {
    const { manifest, network: file } = await readModel(modelDirectory, "defocus", defocusManifest);
    const network = await loadNetwork(file);
    const missing = OUTPUTS.filter((name) => !network.outputs.includes(name));
    if (!network.inputs.includes(INPUT) || missing.length > 0) {
      await network.dispose();
      throw new AutofocusError(
        "model_invalid",
        `The network ${file} lacks the input ${INPUT} or the outputs ${OUTPUTS.join(", ")}.`,
        { cure: "Export it again with training/train_defocus.py." },
      );
    }
    return new DefocusEstimator(network, manifest);
  }

  /** Sides of the patches it reads, px, ascending. */
  get sizes(): readonly Pixels[] {
    return this.#manifest.patchSizes;
  }

  /** Radius up to which the network was taught to call a patch in focus, px. */
  get inFocusRadius(): Pixels {
    return this.#manifest.inFocusRadius;
  }

  /**
   * One reading a patch, in order.
   * @param gray One channel of camera values (after gamma).
   * @param patches Squares with sides among `sizes`, within the picture.
   * @throws AutofocusError `invalid_input` for another patch, `invalid_image` for a colour picture.
   */
  async read(gray: ImageU8, patches: readonly Roi[]): Promise<DefocusReading[]> {
    for (const { width, height } of patches) {
      if (width !== height || !this.sizes.includes(width))
        throw expected(
          "invalid_input",
          `squares of ${this.sizes.join(", ")} px`,
          "patches",
          `${width}x${height}`,
        );
    }
    if (patches.length === 0) return [];
    const data = await ringSpectrum(gray, patches);
    const dims = [patches.length, data.length / patches.length];
    const results = await this.#network.run({ [INPUT]: { data, dims } });
    return patches.map((_, index) => {
      const value = (name: (typeof OUTPUTS)[number]): number => results[name]?.[index] ?? NaN;
      return {
        logRadius: value("log_radius"),
        logRadiusStd: value("log_radius_std"),
        inFocusProbability: value("in_focus"),
        sharpness: value("sharpness"),
        textured: value("texture") >= this.#manifest.textureThreshold,
      };
    });
  }

  /** Frees the network. Safe to call twice. */
  dispose(): Promise<void> {
    return this.#network.dispose();
  }
}
