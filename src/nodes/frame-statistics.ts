/** Frame rate and losses of a camera. */
import type { Frame } from "../core/frame.ts";
import type { Milliseconds } from "../core/units.ts";

/** Frames over which the rate is taken. */
const WINDOW = 30;

export class FrameStatistics {
  readonly #stamps: Milliseconds[] = [];
  #frames = 0;
  #lost = 0;
  #sequence: number | undefined;

  add({ stamp, sequence }: Frame): void {
    this.#frames++;
    if (this.#sequence !== undefined) this.#lost += Math.max(0, sequence - this.#sequence - 1);
    this.#sequence = sequence;
    this.#stamps.push(stamp);
    if (this.#stamps.length > WINDOW) this.#stamps.shift();
  }

  /** A camera that was opened again counts its frames anew. */
  restart(): void {
    this.#sequence = undefined;
    this.#stamps.length = 0;
  }

  get values(): { readonly frames: number; readonly lost: number; readonly rate: string } {
    const [first, last] = [this.#stamps[0], this.#stamps.at(-1)];
    const span = (last ?? NaN) - (first ?? NaN);
    const rate = span > 0 ? (1000 * (this.#stamps.length - 1)) / span : 0;
    return { frames: this.#frames, lost: this.#lost, rate: rate.toFixed(1) };
  }
}
