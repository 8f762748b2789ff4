/** Between linear light and camera values: paper 1, Eq. 2, and a sensor's exposure. */
import type { Image, ImageF32, ImageU8 } from "../image.ts";
import { call } from "./addon.ts";

export interface Exposure {
  /** Multiplies the light; 1 is white afterwards. */
  readonly gain: number;
  /** Camera value = light^(1 / gamma), 0.01..100. */
  readonly gamma: number;
  /** Electrons at white; 0 = no shot noise. Normal with the variance of the Poisson distribution. */
  readonly shotNoise: number;
  /** Standard deviation, in units of white. */
  readonly readNoise: number;
  /** 0..2^53 - 1, the fraction is dropped. The same seed gives the same noise. */
  readonly seed: number;
}

/**
 * What a sensor makes of linear light: gain, noise, clipping to 0..1, gamma, 8 bits.
 * @throws AutofocusError `invalid_image`, `invalid_input`.
 */
export function expose(linear: ImageF32, exposure: Exposure): Promise<ImageU8> {
  return call((addon) => addon.expose(linear, exposure));
}

/**
 * Gamma^-1 of paper 1, Eq. 2: `(I / largest value)^gamma`.
 * @param gamma 0.01..100.
 * @throws AutofocusError `invalid_image`, `invalid_input`.
 */
export function linearise(image: ImageU8 | Image<Uint16Array>, gamma: number): Promise<ImageF32> {
  return call((addon) => addon.linearise(image, gamma));
}
