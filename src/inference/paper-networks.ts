/**
 * The two networks of paper 1 (section 4, Fig. 4): the step estimator f_e (Eq. 5: |Z0 - Z|, no direction) and the focus
 * discriminator f_d, trained for one lens. The reproduction and the baseline of the radius network.
 */
import { expected } from "../core/errors.ts";
import { crop, type ImageU8 } from "../core/image.ts";
import type { Roi } from "../core/roi.ts";
import type { Steps } from "../core/units.ts";
import {
  openPaperNetworks,
  PAPER_PATCH,
  type DiscriminatorKind,
  type OpenPaperNetworks,
} from "./paper-models.ts";

export type { DiscriminatorKind } from "./paper-models.ts";

export interface PaperReading {
  readonly distance: Steps;
  readonly inFocusProbability: number;
}

export class PaperNetworks {
  readonly #networks: OpenPaperNetworks;

  private constructor(networks: OpenPaperNetworks) {
    this.#networks = networks;
  }

  /** @throws AutofocusError `model_missing`, `model_invalid`. */
  static async load(modelDirectory?: string, discriminator?: DiscriminatorKind): Promise<PaperNetworks> {
    return new PaperNetworks(await openPaperNetworks(modelDirectory, discriminator));
  }

  /** Lens whose steps the estimator speaks. */
  get lens(): string {
    return this.#networks.lens;
  }

  /**
   * @param gray One channel of camera values (after gamma).
   * @param patch 512 x 512 px within the picture.
   * @throws AutofocusError `invalid_input`, `invalid_image`.
   */
  async read(gray: ImageU8, patch: Roi): Promise<PaperReading> {
    if (gray.channels !== 1) throw expected("invalid_image", "one channel", "the picture", gray.channels);
    if (patch.width !== PAPER_PATCH || patch.height !== PAPER_PATCH) {
      const received = `${patch.width}x${patch.height}`;
      throw expected("invalid_input", `${PAPER_PATCH}x${PAPER_PATCH} px`, "the patch", received);
    }
    const whole = gray.width === PAPER_PATCH && gray.height === PAPER_PATCH;
    const { data } = whole ? gray : crop(gray, patch);
    const inputs = { patch: { data, dims: [1, 1, PAPER_PATCH, PAPER_PATCH] } };
    const { estimator, discriminator, outputScale } = this.#networks;
    const distance = single(await estimator.run(inputs)) * outputScale;
    const inFocusProbability = single(await discriminator.run(inputs));
    return { distance: Math.max(0, distance), inFocusProbability };
  }

  /** Frees both networks. Safe to call twice. */
  dispose(): Promise<void> {
    return this.#networks.dispose();
  }
}

function single(outputs: Record<string, Float32Array>): number {
  return Object.values(outputs)[0]?.[0] ?? NaN;
}
