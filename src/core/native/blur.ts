/** Disk and Gaussian blur: the filters of paper 1, Eq. 3 and 4. */
import type { ImageF32 } from "../image.ts";
import type { Roi } from "../roi.ts";
import type { Pixels } from "../units.ts";
import { call, type PreparedBlur } from "./addon.ts";

export interface BlurOptions {
  /** Only this part is computed and returned; what lies around it still blurs into it. The whole picture by default. */
  readonly roi?: Roi;
}

/**
 * Blurs by a disk; a pixel at its edge counts for the part of it that the disk covers. Beyond its borders the picture
 * is mirrored (edge pixels repeated), also when it is smaller than the disk. Values must be finite; results lie within
 * the range of the input.
 * @param radius 0..1000 px, any real number; below 0.5 nothing changes.
 * @throws AutofocusError `invalid_image`, `invalid_input`.
 */
export function diskBlur(image: ImageF32, radius: Pixels, options: BlurOptions = {}): Promise<ImageF32> {
  return call((addon) => addon.diskBlur(image, radius, options.roi));
}

/**
 * One picture, made ready to be blurred by disks of many radii: it keeps the picture's Fourier transform, so that each
 * blur costs about a third of `diskBlur` with a large radius. Use it wherever the same photograph is looked at again
 * and again (simulated captures of a search, rendering of training data). Holds about 12 bytes a value of the region and its border;
 * freed when it is collected. `blur` may be called concurrently.
 */
export class DiskBlurrer {
  readonly maxRadius: Pixels;
  readonly #prepared: PreparedBlur;

  private constructor(maxRadius: Pixels, prepared: PreparedBlur) {
    this.maxRadius = maxRadius;
    this.#prepared = prepared;
  }

  /**
   * @param maxRadius the largest radius that `blur` will be asked for, 0..1000 px.
   * @throws AutofocusError `invalid_image`, `invalid_input`.
   */
  static async create(image: ImageF32, maxRadius: Pixels, options: BlurOptions = {}): Promise<DiskBlurrer> {
    const prepared = await call((addon) => addon.prepareDiskBlur(image, maxRadius, options.roi));
    return new DiskBlurrer(maxRadius, prepared);
  }

  /**
   * The same as `diskBlur(image, radius, options)`.
   * @param radius 0..maxRadius px.
   * @throws AutofocusError `invalid_input`.
   */
  blur(radius: Pixels): Promise<ImageF32> {
    return call((addon) => addon.blurPrepared(this.#prepared, radius));
  }
}

/**
 * Blurs by a Gaussian, sampled out to 4 sigma; borders as in `diskBlur`.
 * @param sigma standard deviation, 0..250 px; 0 changes nothing.
 * @throws AutofocusError `invalid_image`, `invalid_input`.
 */
export function gaussianBlur(image: ImageF32, sigma: Pixels, options: BlurOptions = {}): Promise<ImageF32> {
  return call((addon) => addon.gaussianBlur(image, sigma, options.roi));
}
