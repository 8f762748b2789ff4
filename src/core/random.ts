/** Randomness as a port: everything random is given a `Random`, so that a seed repeats a run exactly. */
export interface Random {
  /** Uniform in [0, 1). */
  readonly next: () => number;
}

/** xoshiro128** (Blackman and Vigna 2018), seeded by splitmix32. */
export function seededRandom(seed: number): Random {
  let mix = seed >>> 0;
  const splitmix = (): number => {
    mix = (mix + 0x9e3779b9) >>> 0;
    let z = mix;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return (z ^ (z >>> 16)) >>> 0;
  };
  let [a, b, c, d] = [splitmix(), splitmix(), splitmix(), splitmix()];
  const rotate = (value: number, by: number): number => ((value << by) | (value >>> (32 - by))) >>> 0;
  return {
    next: () => {
      const result = Math.imul(rotate(Math.imul(b, 5) >>> 0, 7), 9) >>> 0;
      const shifted = (b << 9) >>> 0;
      c = (c ^ a) >>> 0;
      d = (d ^ b) >>> 0;
      b = (b ^ c) >>> 0;
      a = (a ^ d) >>> 0;
      c = (c ^ shifted) >>> 0;
      d = rotate(d, 11);
      return result / 2 ** 32;
    },
  };
}

/** Uniform in [low, high). */
export function uniform(random: Random, low: number, high: number): number {
  return low + (high - low) * random.next();
}

/** A whole number, uniform in [low, high]. */
export function uniformInt(random: Random, low: number, high: number): number {
  return low + Math.floor((high - low + 1) * random.next());
}

/** Standard normal deviate (Box and Muller 1958). */
export function normal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
  return radius * Math.cos(2 * Math.PI * random.next());
}
