/** The networks as the pipelines use them, loaded when first needed. */
import type { Roi } from "../core/roi.ts";
import type { ImageU8 } from "../core/image.ts";
import type { Steps } from "../core/units.ts";
import type { SharpnessCells } from "../algorithms/rois/summarise-sharpness.ts";
import type { DefocusReading } from "../algorithms/search/types.ts";

/** Reads the defocus of square patches (inference/defocus-estimator.ts). */
export interface DefocusReader {
  /** Patch sides it takes, px, ascending. */
  readonly sizes: readonly number[];
  read(gray: ImageU8, patches: readonly Roi[]): Promise<readonly DefocusReading[]>;
}

/** The paper's two networks (inference/paper-networks.ts); the patch is 512 px wide and high. */
export interface StepsReader {
  read(gray: ImageU8, patch: Roi): Promise<{ readonly distance: Steps; readonly inFocusProbability: number }>;
}

/** Reads the optical sharpness of a picture, cell by cell (inference/sharpness-estimator.ts). */
export interface SharpnessReader {
  map(gray: ImageU8): Promise<SharpnessCells>;
}

export interface Networks {
  /** @throws AutofocusError `model_missing`, `model_invalid`. */
  defocus(): Promise<DefocusReader>;
  /** @throws AutofocusError `model_missing`, `model_invalid`. */
  steps(): Promise<StepsReader>;
  /** @throws AutofocusError `model_missing`, `model_invalid`. */
  sharpness(): Promise<SharpnessReader>;
}

/** `load` at the first call, its result from then on; a failure is forgotten, so that the next call tries again. */
export function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}
