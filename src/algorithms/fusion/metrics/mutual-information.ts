/**
 * QMI: normalised mutual information between the sources and the fused picture (Hossny, Nahavandi, Creighton 2008,
 * "Comments on 'Information measure for performance of image fusion'", Electronics Letters 44(18)):
 * 2 (MI(A,F) / (H(A) + H(F)) + MI(B,F) / (H(B) + H(F))), 0..2, larger is better. As in the metrics of Liu et al. 2012,
 * all pictures are stretched to 0..255 first.
 */
import type { ImageU8 } from "../../../core/image.ts";
import { expected } from "../../../core/errors.ts";
import { checkSameShape } from "../check-frames.ts";
import { entropies } from "./joint-entropy.ts";
import { stretched } from "./stretched.ts";

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
  const { x: hx, y: hy, joint } = entropies(stretched(x), stretched(y));
  return hx + hy === 0 ? 0 : 1 - joint / (hx + hy);
}
