/**
 * The radius network: how far out of focus patches are, in pixels of the frame, with its own uncertainty. It knows no
 * lens; a LensModel turns radii into focus positions.
 */
import { sharpnessOf } from "../algorithms/optics/sharpness-curve.ts";
import { logRadiusOf, radiusOf, type DefocusReading } from "../algorithms/search/types.ts";
import { AutofocusError, expected } from "../core/errors.ts";
import type { ImageU8 } from "../core/image.ts";
import { RING_FEATURES, ringSpectrum } from "../core/native/index.ts";
import type { Roi } from "../core/roi.ts";
import type { Pixels } from "../core/units.ts";
import { defocusManifest, MODELS, readModel, type DefocusManifest } from "./model-manifest.ts";
import { loadNetwork, type Network } from "./onnx.ts";
import { reduceSquare } from "./reduce-square.ts";

const INPUT = "features";
/** Patches the network reads at a time. */
const CHUNK = 32;
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
   * One reading a patch, in order. A larger patch tells larger radii: one wider than the largest of `sizes` is reduced to
   * that before it is read.
   * @param gray One channel of camera values (after gamma).
   * @param patches Squares within the picture with sides among `sizes` or larger than all of them.
   * @throws AutofocusError `invalid_input` for another patch, `invalid_image` for a colour picture.
   */
  async read(gray: ImageU8, patches: readonly Roi[]): Promise<DefocusReading[]> {
    const largest = Math.max(...this.sizes);
    for (const { width, height } of patches) {
      if (width !== height || (width < largest && !this.sizes.includes(width)))
        throw expected(
          "invalid_input",
          `squares of ${this.sizes.join(", ")} px or larger ones`,
          "patches",
          `${width}x${height}`,
        );
    }
    const chunks: (readonly Roi[])[] = [];
    for (let at = 0; at < patches.length; at += CHUNK) chunks.push(patches.slice(at, at + CHUNK));
    const readings: DefocusReading[] = [];
    let features = this.#begin(gray, chunks[0], largest);
    for (const [index, chunk] of chunks.entries()) {
      const data = await features;
      // The spectra of the next patches are computed on other threads while the network reads these.
      features = this.#begin(gray, chunks[index + 1], largest);
      readings.push(...(await this.#answers(data, chunk, largest)));
    }
    return readings;
  }

  /** Starts on the spectra; a failure is the caller's when he waits for them, and nobody's when he no longer does. */
  #begin(gray: ImageU8, patches: readonly Roi[] | undefined, largest: Pixels): Promise<Float32Array> {
    const features = patches ? this.#features(gray, patches, largest) : Promise.resolve(new Float32Array());
    features.catch(() => undefined);
    return features;
  }

  async #answers(data: Float32Array, patches: readonly Roi[], largest: Pixels): Promise<DefocusReading[]> {
    const dims = [patches.length, RING_FEATURES];
    const results = await this.#network.run({ [INPUT]: { data, dims } });
    return patches.map(({ width }, index) => {
      const value = (name: (typeof OUTPUTS)[number]): number => results[name]?.[index] ?? NaN;
      const reading = {
        logRadius: value("log_radius"),
        logRadiusStd: value("log_radius_std"),
        inFocusProbability: value("in_focus"),
        sharpness: value("sharpness"),
        textured: value("texture") >= this.#manifest.textureThreshold,
      };
      return width > largest ? enlarged(reading, width / largest, this.inFocusRadius) : reading;
    });
  }

  /** The ring spectra of all patches, in order. */
  async #features(gray: ImageU8, patches: readonly Roi[], largest: Pixels): Promise<Float32Array> {
    const reduces = patches.map(({ width }) => width > largest);
    if (!reduces.includes(true)) return ringSpectrum(gray, patches);
    if (gray.channels !== 1) throw expected("invalid_image", "a gray picture", "image", gray.channels);
    const whole = { x: 0, y: 0, width: largest, height: largest };
    const parts = [
      ringSpectrum(
        gray,
        patches.filter((_, index) => reduces[index] === false),
      ),
      ...patches
        .filter((_, index) => reduces[index] === true)
        .map((patch) => ringSpectrum(reduceSquare(gray, patch, largest), [whole])),
    ];
    const [asTheyAre = new Float32Array(), ...reduced] = await Promise.all(parts);
    const data = new Float32Array(patches.length * RING_FEATURES);
    let at = 0;
    let taken = 0;
    for (const [index, isReduced] of reduces.entries()) {
      const from = isReduced ? reduced[taken++] : asTheyAre.subarray(at, (at += RING_FEATURES));
      data.set(from ?? [], index * RING_FEATURES);
    }
    return data;
  }

  /** Frees the network. Safe to call twice. */
  dispose(): Promise<void> {
    return this.#network.dispose();
  }
}

/** Deviation that taking means adds, px of the reduced patch: their blur cannot be told from a small defocus. */
const MEANS_BLUR = 0.3;

/** What a reading of a patch reduced by `factor` says of the patch itself. */
function enlarged(reading: DefocusReading, factor: number, inFocusRadius: Pixels): DefocusReading {
  const small = Math.max(0, radiusOf(reading.logRadius));
  const radius = small * factor;
  const deviation = factor * Math.hypot((small + 0.5) * reading.logRadiusStd, MEANS_BLUR);
  const logRadius = logRadiusOf(radius);
  const logRadiusStd = deviation / (radius + 0.5);
  // The logistic function with the deviation of the normal one.
  const z = (logRadiusOf(inFocusRadius) - logRadius) / logRadiusStd;
  return {
    ...reading,
    logRadius,
    logRadiusStd,
    inFocusProbability: 1 / (1 + Math.exp(-1.7 * z)),
    sharpness: sharpnessOf(radius),
  };
}
