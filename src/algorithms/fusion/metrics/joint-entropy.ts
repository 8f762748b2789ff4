/** Entropies of 8-bit pictures from their histograms, one bin a value. */

export interface Entropies {
  /** Of either picture, and of both together, bits. */
  readonly x: number;
  readonly y: number;
  readonly joint: number;
}

/** Of two pictures of the same length. */
export function entropies(x: Uint8Array, y: Uint8Array): Entropies {
  const joint = new Uint32Array(256 * 256);
  const ofX = new Uint32Array(256);
  const ofY = new Uint32Array(256);
  for (let i = 0; i < x.length; i++) {
    const vx = x[i] as number;
    const vy = y[i] as number;
    joint[vx * 256 + vy] = (joint[vx * 256 + vy] as number) + 1;
    ofX[vx] = (ofX[vx] as number) + 1;
    ofY[vy] = (ofY[vy] as number) + 1;
  }
  return { x: entropy(ofX, x.length), y: entropy(ofY, x.length), joint: entropy(joint, x.length) };
}

/** Entropy of a histogram over `total` values, bits. */
function entropy(histogram: Uint32Array, total: number): number {
  return histogram.reduce(
    (sum, count) => (count === 0 ? sum : sum - (count / total) * Math.log2(count / total)),
    0,
  );
}
