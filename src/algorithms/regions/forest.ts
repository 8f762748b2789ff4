/** Disjoint sets of patches (Tarjan 1975) that know the lowest and the highest position they hold. */
import type { Steps } from "../../core/units.ts";

export interface Extent {
  readonly low: Steps;
  readonly high: Steps;
}

export class Forest {
  readonly #parent: Int32Array;
  readonly #size: Int32Array;
  readonly #low: Float64Array;
  readonly #high: Float64Array;

  /** Each patch by itself. @param positions one a patch. */
  constructor(positions: ArrayLike<number>) {
    this.#parent = Int32Array.from({ length: positions.length }, (_, patch) => patch);
    this.#size = new Int32Array(positions.length).fill(1);
    this.#low = Float64Array.from(positions);
    this.#high = Float64Array.from(positions);
  }

  /** The patch that stands for the set. */
  rootOf(patch: number): number {
    let root = patch;
    while (this.#parent[root] !== root) root = this.#parent[root] as number;
    for (let each = patch; each !== root;) {
      const next = this.#parent[each] as number;
      this.#parent[each] = root;
      each = next;
    }
    return root;
  }

  /** Number of patches in the set of `patch`. */
  sizeOf(patch: number): number {
    return this.#size[this.rootOf(patch)] as number;
  }

  /** What the sets of both would hold as one. */
  joined(a: number, b: number): Extent {
    const [p, q] = [this.rootOf(a), this.rootOf(b)];
    return {
      low: Math.min(this.#low[p] as number, this.#low[q] as number),
      high: Math.max(this.#high[p] as number, this.#high[q] as number),
    };
  }

  /** Makes one set of both. */
  join(a: number, b: number): void {
    const { low, high } = this.joined(a, b);
    const root = this.absorb(a, b);
    this.#low[root] = low;
    this.#high[root] = high;
  }

  /** Adds the smaller set to the larger one, which keeps its extent. Returns what stands for both. */
  absorb(a: number, b: number): number {
    const [p, q] = [this.rootOf(a), this.rootOf(b)];
    if (p === q) return p;
    const [larger, smaller] = (this.#size[p] as number) >= (this.#size[q] as number) ? [p, q] : [q, p];
    this.#parent[smaller] = larger;
    this.#size[larger] = (this.#size[larger] as number) + (this.#size[smaller] as number);
    return larger;
  }
}
