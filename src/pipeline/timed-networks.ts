/** Networks that tell how long they take to read a frame. */
import { systemClock } from "../core/clock.ts";
import type { Milliseconds } from "../core/units.ts";
import type { DefocusReader, Networks } from "./networks.ts";

export class TimedNetworks implements Networks {
  readonly #networks: Networks;
  #latest: Milliseconds = NaN;

  constructor(networks: Networks) {
    this.#networks = networks;
  }

  /** What reading the defocus of a frame took the last time, real time; NaN before the first. */
  get latest(): Milliseconds {
    return this.#latest;
  }

  async defocus(): Promise<DefocusReader> {
    const reader = await this.#networks.defocus();
    return {
      sizes: reader.sizes,
      read: async (gray, patches) => {
        const begin = systemClock.now();
        const readings = await reader.read(gray, patches);
        this.#latest = systemClock.now() - begin;
        return readings;
      },
    };
  }

  steps(): ReturnType<Networks["steps"]> {
    return this.#networks.steps();
  }

  sharpness(): ReturnType<Networks["sharpness"]> {
    return this.#networks.sharpness();
  }
}
