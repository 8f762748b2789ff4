/**
 * The simulated camera of `focus --photos` and `evaluate`: a photograph stands for a crop of the sensor around the optical axis, at
 * one depth, and only the focus window is rendered (paper 1, section 3, Eq. 1, as in algorithms/optics/defocus-model.ts).
 *
 * - The photograph is reduced by 0.8, so that a radius of 0 is sharp, and never enlarged.
 * - Reduced, it is one pixel of the sensor a pixel; the lens model holds as it is.
 * - Beyond its borders it continues mirrored, also where it is smaller than the focus window.
 * - Blurred pictures are kept by their radius, so that searches over the same photograph share them. The noise of a
 *   capture is drawn anew from its seed.
 */
import type { LensModel } from "../../algorithms/optics/lens-model.ts";
import type { ImageF32, ImageU8 } from "../../core/image.ts";
import { DiskBlurrer, expose, resample } from "../../core/native/index.ts";
import type { Pixels, Steps } from "../../core/units.ts";
import { sampleScene } from "../../dataset/sample-scene.ts";

/** Pixels of the simulated frame per pixel of the photograph. */
export const REDUCTION = 0.8;

const GAMMA = 2.2;

/** What the light on the scene makes of the sensor's signal. */
export interface Light {
  /** Multiplies the light of the photograph; above 1 its highlights clip. */
  readonly gain: number;
  /** Electrons of a white pixel, for shot noise. */
  readonly electrons: number;
  /** Standard deviation of the read noise, 0..1 of white. */
  readonly readNoise: number;
}

/** A sensor of 10 000 electrons full well in good light: signal-to-noise 100 at white, 22 at a twentieth of it. */
export const GOOD_LIGHT: Light = { gain: 1, electrons: 10_000, readNoise: 0.001 };

/** Radii closer than this share a blurred picture, px. */
const RADIUS_GRID = 0.01;

/** Memory for blurred pictures of one photograph. */
const CACHE_BYTES = 256 * 2 ** 20;

/** Source pixels that bicubic interpolation reaches beyond the window. */
const MARGIN = 3;

export type WindowSize = "full" | "half" | "512";

/** Least side of a focus window, px: that of the largest patch the networks read. */
const LEAST_WINDOW = 512;

export class PhotoCamera {
  /** Size of the focus window, which is what is rendered, px. */
  readonly width: Pixels;
  readonly height: Pixels;
  readonly z0: Steps;
  readonly lens: LensModel;
  readonly #light: Light;
  readonly #blurrer: DiskBlurrer;
  readonly #blurred: Map<number, Promise<ImageF32>>;
  readonly #region: Size;
  readonly #cacheSize: number;

  private constructor(
    lens: LensModel,
    z0: Steps,
    window: Size,
    region: Size,
    blurrer: DiskBlurrer,
    light: Light,
    blurred = new Map<number, Promise<ImageF32>>(),
  ) {
    this.lens = lens;
    this.#light = light;
    this.z0 = z0;
    this.width = window.width;
    this.height = window.height;
    this.#blurrer = blurrer;
    this.#blurred = blurred;
    this.#region = region;
    this.#cacheSize = Math.max(8, Math.floor(CACHE_BYTES / (4 * region.width * region.height)));
  }

  /** @param photo camera values after gamma, one channel. */
  static async create(
    photo: ImageU8,
    size: WindowSize,
    lens: LensModel,
    z0: Steps,
    light = GOOD_LIGHT,
  ): Promise<PhotoCamera> {
    const window = windowOf(photo, size, lens);
    const ends = [lens.range.min, lens.range.max];
    const smallest = Math.min(1, ...ends.map((z) => lens.scale(z0, z)));
    const maxRadius = Math.max(...ends.map((z) => lens.radius(z0, z) / lens.scale(z0, z)));
    const grown = (side: Pixels): Pixels => 2 * (Math.ceil(side / smallest / 2) + MARGIN) + (side % 2);
    const region = { width: grown(window.width), height: grown(window.height) };
    const border = Math.ceil(maxRadius) + 1;
    const picture = { width: region.width + 2 * border, height: region.height + 2 * border };
    const scene = sampleScene(
      photo,
      {
        x: (photo.width - picture.width / REDUCTION) / 2,
        y: (photo.height - picture.height / REDUCTION) / 2,
        scale: REDUCTION,
        ...picture,
        flip: false,
        transpose: false,
        cubic: -0.5,
      },
      GAMMA,
    );
    const roi = { x: border, y: border, ...region };
    const blurrer = await DiskBlurrer.create(scene, maxRadius, { roi });
    return new PhotoCamera(lens, z0, window, region, blurrer, light);
  }

  /** The same scene in another light; what is blurred already serves both. */
  inLight(light: Light): PhotoCamera {
    return new PhotoCamera(this.lens, this.z0, this, this.#region, this.#blurrer, light, this.#blurred);
  }

  /** The focus window as the sensor sees it with the lens at `z`. */
  async capture(z: Steps, seed: number): Promise<ImageU8> {
    const scale = this.lens.scale(this.z0, z);
    const blurred = await this.#blur(this.lens.radius(this.z0, z) / scale);
    const { width, height } = this;
    const offset = (source: Pixels, target: Pixels): number => (source - 1) / 2 - (target - 1) / 2 / scale;
    const linear = await resample(blurred, {
      width,
      height,
      matrix: [1 / scale, 0, offset(blurred.width, width), 0, 1 / scale, offset(blurred.height, height)],
      filter: "bicubic",
      border: "mirror",
    });
    const { gain, electrons, readNoise } = this.#light;
    return expose(linear, { gain, gamma: GAMMA, shotNoise: electrons, readNoise, seed });
  }

  /** The focus window without blur and noise, as camera values. */
  async sharp(): Promise<ImageU8> {
    const { gain } = this.#light;
    return expose(await this.#blur(0), { gain, gamma: GAMMA, shotNoise: 0, readNoise: 0, seed: 0 });
  }

  #blur(radius: Pixels): Promise<ImageF32> {
    const key = Math.round(radius / RADIUS_GRID);
    const known = this.#blurred.get(key);
    if (known !== undefined) {
      this.#blurred.delete(key);
      this.#blurred.set(key, known);
      return known;
    }
    const made = this.#blurrer.blur(Math.min(this.#blurrer.maxRadius, key * RADIUS_GRID));
    this.#blurred.set(key, made);
    const [oldest] = this.#blurred.keys();
    if (this.#blurred.size > this.#cacheSize && oldest !== undefined) this.#blurred.delete(oldest);
    return made;
  }
}

interface Size {
  readonly width: Pixels;
  readonly height: Pixels;
}

/** A photograph larger than the sensor is seen as far as the sensor reaches. */
function windowOf(photo: ImageU8, size: WindowSize, { frame }: LensModel): Size {
  const share = { full: 1, half: 0.5, "512": 0 }[size];
  const side = (pixels: Pixels, sensor: Pixels): Pixels =>
    Math.max(LEAST_WINDOW, Math.floor(Math.min(pixels * REDUCTION, sensor) * share));
  return { width: side(photo.width, frame.width), height: side(photo.height, frame.height) };
}
