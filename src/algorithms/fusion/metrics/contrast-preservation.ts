/**
 * QCB: how much of the local contrast that an eye sees in two sources a fused picture keeps (Chen and Blum 2009, "A new
 * automated quality assessment algorithm for image fusion", Image and Vision Computing 27), with the constants of the
 * metrics that Liu et al. 2012 publish with "Objective assessment of multiresolution image fusion algorithms":
 *
 * 1. Contrast sensitivity: the spectrum is weighted by a difference of Gaussians of the radial frequency.
 * 2. Local contrast (Peli): a Gaussian mean of 2 px over one of 4 px, minus 1; masked: C^3 / (C^2 + Z).
 * 3. Preservation: the smaller over the larger masked contrast of a source and the fused picture.
 * 4. The mean over the picture of both sources' preservation, weighted by their squared masked contrast.
 */
import { expected } from "../../../core/errors.ts";
import type { ImageU8 } from "../../../core/image.ts";
import { checkSameShape } from "../check-frames.ts";
import { filterSpectrum } from "./fourier.ts";
import { stretched } from "./stretched.ts";

/** The frequencies of the difference of Gaussians and the share of the second, cycles a degree. */
const SENSITIVITY = { f0: 15.387, f1: 1.3456, share: 0.7622 } as const;
/** Cycles a degree at the highest frequency of an axis: its pixels over this. */
const PIXELS_A_CYCLE = 30;
/** Standard deviations of the two means, px, and how far their windows reach. */
const SIGMAS = { fine: 2, coarse: 4 } as const;
const REACH = 15;
/** Z of the masking. */
const MASKING = 1e-4;

/**
 * QCB of 8-bit gray pictures, larger is better. Places where neither source has contrast count as wholly kept.
 * @throws AutofocusError `invalid_input` for colour, `fusion_failed` when the sizes differ.
 */
export function contrastPreservation(a: ImageU8, b: ImageU8, fused: ImageU8): number {
  checkSameShape(a, b);
  checkSameShape(a, fused);
  if (a.channels !== 1) throw expected("invalid_input", "one channel", "the pictures of QCB", a.channels);
  const [ofA, ofB, ofF] = [maskedContrast(a), maskedContrast(b), maskedContrast(fused)];
  let sum = 0;
  for (let i = 0; i < ofF.length; i++) {
    const [x, y, f] = [ofA[i] as number, ofB[i] as number, ofF[i] as number];
    const energy = x * x + y * y;
    sum += energy === 0 ? 1 : (x * x * kept(x, f) + y * y * kept(y, f)) / energy;
  }
  return sum / ofF.length;
}

function kept(source: number, fused: number): number {
  const larger = Math.max(source, fused);
  return larger === 0 ? 1 : Math.min(source, fused) / larger;
}

function maskedContrast(picture: ImageU8): Float64Array {
  const { width, height } = picture;
  const seen = filterSpectrum(stretched(picture), width, height, (u, v) => {
    const r2 = ((2 * u) / PIXELS_A_CYCLE) ** 2 + ((2 * v) / PIXELS_A_CYCLE) ** 2;
    return Math.exp(-r2 / SENSITIVITY.f0 ** 2) - SENSITIVITY.share * Math.exp(-r2 / SENSITIVITY.f1 ** 2);
  });
  const fine = gaussianMean(seen, width, height, SIGMAS.fine);
  const coarse = gaussianMean(seen, width, height, SIGMAS.coarse);
  return fine.map((value, i) => {
    const contrast = Math.abs(value / (coarse[i] as number) - 1);
    // Equal means, also of nothing, are no contrast.
    return Number.isFinite(contrast) ? contrast ** 3 / (contrast ** 2 + MASKING) : 0;
  });
}

/** Values outside the picture count as 0, as in the published code; weights are of the unbounded Gaussian. */
function gaussianMean(values: Float64Array, width: number, height: number, sigma: number): Float64Array {
  const weights = Array.from(
    { length: 2 * REACH + 1 },
    (_, i) => Math.exp(-((i - REACH) ** 2) / (2 * sigma ** 2)) / (sigma * Math.sqrt(2 * Math.PI)),
  );
  const along = (from: Float64Array, count: number, step: number, length: number): Float64Array => {
    const out = new Float64Array(from.length);
    const stride = step === 1 ? length : 1;
    for (let line = 0; line < count; line++)
      for (let i = 0; i < length; i++) {
        let sum = 0;
        for (let k = Math.max(0, i - REACH); k <= Math.min(length - 1, i + REACH); k++)
          sum += (weights[k - i + REACH] as number) * (from[line * stride + k * step] as number);
        out[line * stride + i * step] = sum;
      }
    return out;
  };
  return along(along(values, height, 1, width), width, width, height);
}
