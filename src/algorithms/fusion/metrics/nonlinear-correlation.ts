/**
 * QNCIE: the nonlinear correlation information entropy of two sources and the fused picture (Wang, Shen and Jin 2008,
 * "Performance evaluation of image fusion techniques", Eq. 19.10-19.14, as in the metrics of Liu et al. 2012): the
 * entropy of the eigenvalues of the matrix of their nonlinear correlations, 0..1, larger is better.
 */
import { expected } from "../../../core/errors.ts";
import type { ImageU8 } from "../../../core/image.ts";
import { checkSameShape } from "../check-frames.ts";
import { entropies } from "./joint-entropy.ts";
import { stretched } from "./stretched.ts";

/** Bits of a value: log2 of the bins. */
const BITS = 8;

/**
 * QNCIE of 8-bit gray pictures, stretched to 0..255 first.
 * @throws AutofocusError `invalid_input` for colour, `fusion_failed` when the sizes differ.
 */
export function nonlinearCorrelation(a: ImageU8, b: ImageU8, fused: ImageU8): number {
  checkSameShape(a, b);
  checkSameShape(a, fused);
  if (a.channels !== 1) throw expected("invalid_input", "one channel", "the pictures of QNCIE", a.channels);
  const [x, y, f] = [stretched(a), stretched(b), stretched(fused)];
  const eigenvalues = eigenvaluesOf(correlation(x, y), correlation(x, f), correlation(y, f));
  const entropy = eigenvalues.reduce(
    (sum, value) => (value <= 0 ? sum : sum - (value / 3) * Math.log2(value / 3)),
    0,
  );
  return 1 - entropy / BITS;
}

/** Mutual information in units of the largest entropy there can be. */
function correlation(x: Uint8Array, y: Uint8Array): number {
  const { x: hx, y: hy, joint } = entropies(x, y);
  return (hx + hy - joint) / BITS;
}

/** Of the symmetric matrix with ones on its diagonal and p, q, r beside it: the roots of e^3 - (p^2 + q^2 + r^2) e - 2 p q r, plus 1. */
function eigenvaluesOf(p: number, q: number, r: number): number[] {
  const squares = p * p + q * q + r * r;
  if (squares === 0) return [1, 1, 1];
  const radius = 2 * Math.sqrt(squares / 3);
  const angle = Math.acos(Math.min(1, Math.max(-1, (8 * p * q * r) / radius ** 3))) / 3;
  return [0, 1, 2].map((k) => 1 + radius * Math.cos(angle - (2 * Math.PI * k) / 3));
}
