/**
 * QMI: normalised mutual information between the sources and the fused picture (Hossny, Nahavandi, Creighton 2008,
 * "Comments on 'Information measure for performance of image fusion'", Electronics Letters 44(18)):
 * 2 (MI(A,F) / (H(A) + H(F)) + MI(B,F) / (H(B) + H(F))), 0..2, larger is better.
 */
import type { ImageU8 } from "../../../core/image.ts";
import { expected } from "../../../core/errors.ts";
import { checkSameShape } from "../check-frames.ts";

/**
 * QMI of 8-bit gray pictures, from their joint histograms with one bin a value. A picture without any variation
 * carries no information and adds nothing.
 * @throws AutofocusError `invalid_input` for colour, `fusion_failed` when the sizes differ.
 */
export function mutualInformation(a: ImageU8, b: ImageU8, fused: ImageU8): number {
  if (a.channels !== 1) throw expected("invalid_input", "one channel", "the pictures of QMI", a.channels);
  return 2 * (shared(a, fused) + shared(b, fused));
}

/** MI(x, y) / (H(x) + H(y)) = 1 - H(x, y) / (H(x) + H(y)). */
function shared(x: ImageU8, y: ImageU8): number {
  checkSameShape(x, y);
  const joint = new Uint32Array(256 * 256);
  const ofX = new Uint32Array(256);
  const ofY = new Uint32Array(256);
  for (let i = 0; i < x.data.length; i++) {
    const vx = x.data[i] as number;
    const vy = y.data[i] as number;
    joint[vx * 256 + vy] = (joint[vx * 256 + vy] as number) + 1;
    ofX[vx] = (ofX[vx] as number) + 1;
    ofY[vy] = (ofY[vy] as number) + 1;
  }
  const separate = entropy(ofX, x.data.length) + entropy(ofY, x.data.length);
  return separate === 0 ? 0 : 1 - entropy(joint, x.data.length) / separate;
}

/** Entropy of a histogram over `total` values, bits. */
function entropy(histogram: Uint32Array, total: number): number {
  return histogram.reduce(
    (sum, count) => (count === 0 ? sum : sum - (count / total) * Math.log2(count / total)),
    0,
  );
}
