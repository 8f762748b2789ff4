/** Seeds for independent draws. */

/** One seed from several numbers, so that the draws for each of them are independent. */
export function mix(...parts: readonly number[]): number {
  return parts.reduce((seed, part) => Math.imul(seed ^ Math.imul(part + 1, 0x85ebca6b), 0x9e3779b1) >>> 0, 7);
}
