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
  /** The levels that occur, ascending. */
  readonly #levels: readonly number[];
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
    this.#levels = [...new Set(this.#levelOf)].sort((a, b) => a - b);
    this.#positions = Array.from({ length: LEVELS }, (_, level) => {
      const share = level / (LEVELS - 1);
      return low + (upwards ? share : 1 - share) * (high - low);
    });
  }

  /** @param radius radius of what is sharp at z0, with the sign of z0 - Z: monotone in z0. */
  cut(radius: (z0: Steps) => Pixels): Layers {
    const { radii, layerOf } = group(this.#levels, (level) => radius(this.#positions[level] as Steps));
    const index = this.#levelOf.map((level) => layerOf[level] as number);
    return {
      index: image(this.#width, this.#height, 1, Uint8Array.from(index)),
      radii: Float32Array.from(radii),
    };
  }
}

/** Joins neighbouring levels whose radii are close; more coarsely if that makes too many layers. */
function group(
  levels: readonly number[],
  signedRadius: (level: number) => Pixels,
): { radii: Pixels[]; layerOf: Uint8Array } {
  const signed = levels.map(signedRadius);
  for (let coarseness = 1; ; coarseness *= 1.5) {
    const layerOf = new Uint8Array(LEVELS);
    const radii: Pixels[] = [];
    let [first, bin] = [0, NaN];
    for (const [at, level] of levels.entries()) {
      const here = Math.round(gradation(signed[at] as Pixels) / coarseness);
      if (here !== bin) {
        [first, bin] = [at, here];
        radii.push(0);
      }
      radii[radii.length - 1] = Math.abs(((signed[first] as Pixels) + (signed[at] as Pixels)) / 2);
      layerOf[level] = radii.length - 1;
    }
    if (radii.length <= MOST_LAYERS) return { radii, layerOf };
  }
}

/** Layers between focus and a radius, with its sign: the integral of 1 / (difference of neighbouring layers). */
function gradation(signed: Pixels): number {
  const radius = Math.abs(signed);
  const turn = (COARSEST - FINEST) / GROWTH;
  const fine = Math.log1p((GROWTH / FINEST) * Math.min(radius, turn)) / GROWTH;
  return Math.sign(signed) * (fine + Math.max(0, radius - turn) / COARSEST);
}
