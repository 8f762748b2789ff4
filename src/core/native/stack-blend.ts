/** Fusion of a focal stack, one frame at a time. The fusion that uses it is algorithms/fusion/stack. */
import type { Image, ImageF32, PixelArray } from "../image.ts";
import type { Roi } from "../roi.ts";
import { call, type NativeStack } from "./addon.ts";

/**
 * How sharp a frame is around every cell of 2x2 pixels (the last ones of odd sides are half outside): the energy of its
 * detail, the picture's own over small windows and that of the reduced picture over larger ones, never 0.
 * @param frame 8, 16 bits or float 0..1, after gamma.
 * @param coarse what the first reduced picture weighs beside the picture itself, 0..1; each further one weighs 0.6 of the
 * one before. The larger, the farther a sharp edge decides for what lies beside it, against faint detail there.
 * @throws AutofocusError `invalid_image`, `invalid_input`.
 */
export function focusEnergy(frame: Image, coarse: number): Promise<ImageF32> {
  return call((addon) => addon.focusEnergy(frame, coarse));
}

/** What the energies of all frames say about every cell. */
export interface StackPeaks {
  /** The sharpest frame; 0 = the first of the stack. */
  readonly index: Image<Uint16Array>;
  /** Where the sharpness peaks, between the frames next to the sharpest, in frames. */
  readonly place: ImageF32;
  /** How clear the peak is: the share by which the largest energy exceeds the mean of all, 0..1. */
  readonly confidence: ImageF32;
}

/** What a picture of 8 bits, 16 bits or float (32) holds. */
export interface StackValues {
  readonly 8: Uint8Array;
  readonly 16: Uint16Array;
  readonly 32: Float32Array;
}

/** The weighted sum over frames; about 18 bytes a value and 25 a pixel, whatever their number. */
export class StackBlend {
  readonly #stack: NativeStack;

  private constructor(stack: NativeStack) {
    this.#stack = stack;
  }

  /** @throws AutofocusError `invalid_input`. */
  static async create(width: number, height: number, channels: 1 | 3): Promise<StackBlend> {
    return new StackBlend(
      await call((addon) => Promise.resolve(addon.createStackBlend(width, height, channels))),
    );
  }

  /**
   * Takes in a frame. Calls must not overlap with each other or with the reading ones.
   * @param energies what `focusEnergy` makes of it.
   * @param valid the part of the frame that shows the scene; outside of it others count.
   * @param end where it belongs in the stack: before the first or after the last frame; only matters to `peaks`.
   * @throws AutofocusError `invalid_image`, `invalid_input`.
   */
  add(frame: Image, energies: ImageF32, valid?: Roi, end: "first" | "last" = "last"): Promise<void> {
    return call((addon) => addon.addToStackBlend(this.#stack, frame, energies, valid, end));
  }

  /** The fused picture: float 0..1, or clipped and rounded to 8 or 16 bits. Needs a frame. */
  picture<Bits extends keyof StackValues>(bits: Bits): Promise<Image<StackValues[Bits] & PixelArray>> {
    return call(
      (addon) => addon.readStackBlend(this.#stack, bits) as Promise<Image<StackValues[Bits] & PixelArray>>,
    );
  }

  peaks(): Promise<StackPeaks> {
    return call((addon) => addon.readStackPeaks(this.#stack));
  }
}
