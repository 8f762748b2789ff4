/** What the lens did lately, out of its states, which may come in any order. */
import type { Milliseconds, Steps } from "../core/units.ts";
import type { LensState } from "../drivers/lens.ts";

export type LensMotion = Pick<LensState, "stamp" | "position" | "moving">;

/** States kept: some tens of seconds of a lens that reports ten times a second. */
const KEPT = 512;

export interface Trust {
  readonly margin: Milliseconds;
  readonly settle: Milliseconds;
  readonly staleAfter: Milliseconds;
}

export interface Whereabouts {
  readonly position: Steps;
  readonly uncertainty: Steps;
  readonly settled: boolean;
}

const UNKNOWN: Whereabouts = { position: NaN, uncertainty: NaN, settled: false };

export class LensHistory {
  /** By stamp, ascending. */
  readonly #states: LensMotion[] = [];

  add(state: LensMotion): void {
    const later = this.#states.findLastIndex(({ stamp }) => stamp <= state.stamp) + 1;
    this.#states.splice(later, 0, state);
    if (this.#states.length > KEPT) this.#states.shift();
  }

  /** Stamp of the newest state, -Infinity before the first. */
  get latest(): Milliseconds {
    return this.#states.at(-1)?.stamp ?? -Infinity;
  }

  /** Where the lens was from `begin` for `exposure`; see SettlingOptions for what is trusted. */
  during(begin: Milliseconds, exposure: Milliseconds, trust: Trust): Whereabouts {
    const end = begin + exposure;
    if (end - this.latest > trust.staleAfter) return UNKNOWN;
    const rest = this.#restDuring(begin - trust.margin, end + trust.margin, trust.settle);
    if (rest !== undefined) return { position: rest, uncertainty: 0, settled: true };
    const [from, to] = [this.positionAt(begin), this.positionAt(end)];
    return {
      position: this.positionAt((begin + end) / 2),
      uncertainty: Math.abs(to - from) / 2,
      settled: false,
    };
  }

  /** Where the lens rested from `from` to `to`, or undefined if it did not or nobody knows. */
  #restDuring(from: Milliseconds, to: Milliseconds, settle: Milliseconds): Steps | undefined {
    const inForce = this.#states.findLastIndex(({ stamp }) => stamp <= from);
    const state = this.#states[inForce];
    if (state === undefined || state.moving) return undefined;
    const isRest = ({ moving, position }: LensMotion): boolean => !moving && position === state.position;
    if (!this.#states.slice(inForce + 1).every((each) => each.stamp >= to || isRest(each))) return undefined;
    let first = inForce;
    for (
      let before = this.#states[first - 1];
      before !== undefined && isRest(before);
      before = this.#states[first - 1]
    )
      first--;
    const restSince = this.#states[first]?.stamp ?? Infinity;
    return restSince + settle <= from ? state.position : undefined;
  }

  /** Where the lens was at a time: linear between states, held after the last, NaN before the first. */
  positionAt(time: Milliseconds): Steps {
    const index = this.#states.findLastIndex(({ stamp }) => stamp <= time);
    const before = this.#states[index];
    if (before === undefined) return NaN;
    const after = this.#states[index + 1];
    if (after === undefined || after.stamp === before.stamp) return before.position;
    const share = (time - before.stamp) / (after.stamp - before.stamp);
    return before.position + share * (after.position - before.position);
  }
}
