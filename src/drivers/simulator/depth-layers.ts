/**
 * A map of in-focus positions cut into layers for `renderDefocus`. What matters between neighbouring layers is the
 * difference of their radii, so the cut depends on where the lens stands: fine near focus, coarser where the blur is
 * large anyway.
 */
import { nearIsHigh, type LensModel } from "../../algorithms/optics/lens-model.ts";
import { expected } from "../../core/errors.ts";
import { image, type ImageF32, type ImageU8 } from "../../core/image.ts";
import type { Pixels, Steps } from "../../core/units.ts";

/** Positions told apart in a map. */
const LEVELS = 1024;
/** Difference of the radii of neighbouring layers: at focus, and its growth with the radius up to the largest. */
const FINEST: Pixels = 0.5;
const GROWTH = 0.05;
const COARSEST: Pixels = 1;
/** `renderDefocus` numbers the layers in 8 bits. */
const MOST_LAYERS = 256;

export interface Layers {
  /** Layer of each pixel, 0 = farthest. */
  readonly index: ImageU8;
  /** px of each layer. */
  readonly radii: Float32Array;
}

export class DepthLayers {
  readonly #width: number;
  readonly #height: number;
  /** Level of each pixel, 0 = farthest. */
  readonly #levelOf: Uint16Array;
  /** In-focus position of each level. */
  readonly #positions: readonly Steps[];

  /**
   * @param map in-focus position of each pixel, finite; positions outside the range of the lens count as its ends.
   * @throws AutofocusError `invalid_image` for a map with holes or several channels.
   */
  constructor(map: ImageF32, lens: LensModel) {
    if (map.channels !== 1)
      throw expected("invalid_image", "one channel", "the map of focus positions", map.channels);
    if (!map.data.every(Number.isFinite))
      throw expected("invalid_image", "finite values everywhere", "the map of focus positions", NaN);
    const { min, max } = lens.range;
    const inRange = (z: number): number => Math.min(max, Math.max(min, z));
    let [low, high] = [Infinity, -Infinity];
    for (const z of map.data) {
      low = Math.min(low, inRange(z));
      high = Math.max(high, inRange(z));
    }
    const span = Math.max(high - low, Number.EPSILON);
    const upwards = nearIsHigh(lens);
    const levelAt = (z: number): number => {
      const share = (inRange(z) - low) / span;
      return Math.round((upwards ? share : 1 - share) * (LEVELS - 1));
    };
    this.#width = map.width;
    this.#height = map.height;
    this.#levelOf = Uint16Array.from(map.data, levelAt);
    this.#positions = Array.from({ length: LEVELS }, (_, level) => {
      const share = level / (LEVELS - 1);
      return low + (upwards ? share : 1 - share) * (high - low);
    });
  }

  /** @param radius radius of what is sharp at z0, with the sign of z0 - Z: monotone in z0. */
  cut(radius: (z0: Steps) => Pixels): Layers {
    const { steps, layerOf } = this.#group(this.#positions.map(radius));
    const index = new Uint8Array(this.#levelOf.length);
    for (let pixel = 0; pixel < index.length; pixel++)
      index[pixel] = layerOf[this.#levelOf[pixel] as number] as number;
    return { index: image(this.#width, this.#height, 1, index), radii: Float32Array.from(steps) };
  }

  /** Joins neighbouring levels as long as their radii are close; more coarsely if that makes too many layers. */
  #group(signed: readonly Pixels[]): { steps: number[]; layerOf: Uint8Array } {
    for (let coarseness = 1; ; coarseness *= 1.5) {
      const layerOf = new Uint8Array(signed.length);
      const steps: number[] = [];
      let first = 0;
      for (let level = 1; level <= signed.length; level++) {
        const start = signed[first] as number;
        const step = coarseness * Math.min(COARSEST, FINEST + GROWTH * Math.abs(start));
        if (level < signed.length && Math.abs((signed[level] as number) - start) < step) continue;
        layerOf.fill(steps.length, first, level);
        steps.push(Math.abs(((signed[level - 1] as number) + start) / 2));
        first = level;
      }
      if (steps.length <= MOST_LAYERS) return { steps, layerOf };
    }
  }
}
