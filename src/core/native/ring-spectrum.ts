/** The ring spectrum of patches (native/kernels/ring_spectrum.h): what the radius network looks at. */
import { availableParallelism } from "node:os";
import type { ImageU8 } from "../image.ts";
import type { Roi } from "../roi.ts";
import { call } from "./addon.ts";

/** Rings of spatial frequency, 12 an octave. */
export const RINGS = 97;

/** Rings of equal width, one cycle a patch each. */
export const LINES = 96;

/** Values a patch: four spectra over the rings, log mean, share bright, share dark, log2 of the side, then the lines. */
export const RING_FEATURES = 4 * RINGS + 4 + LINES;

/** Changes with the definition; stored with data sets and models. */
export const RING_SPECTRUM_VERSION = 3;

/**
 * `RING_FEATURES` values for each patch, in order. Patches are shared out over the processor's cores.
 * @param gray One channel.
 * @param patches Squares with sides of 32, 64, .. 1024 px within the picture.
 * @throws AutofocusError `invalid_image`, `invalid_input`.
 */
export async function ringSpectrum(gray: ImageU8, patches: readonly Roi[]): Promise<Float32Array> {
  const shares = Math.max(1, Math.min(patches.length, availableParallelism()));
  const length = Math.ceil(patches.length / shares);
  const parts = await Promise.all(
    Array.from({ length: shares }, (_, index) =>
      call((addon) => addon.ringSpectrum(gray, patches.slice(index * length, (index + 1) * length))),
    ),
  );
  const [first] = parts;
  if (parts.length === 1 && first !== undefined) return first;
  const all = new Float32Array(patches.length * RING_FEATURES);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
