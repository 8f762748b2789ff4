/** The lens of a focal stack: its positions are the numbers of the frames. */
import type { Clock } from "../../core/clock.ts";
import type { Steps } from "../../core/units.ts";
import type { LensState } from "../lens.ts";
import { SimulatedLens } from "../simulator/simulated-lens.ts";
import type { FocalStack } from "./focal-stack.ts";

export interface ReplayLensOptions {
  readonly stack: FocalStack;
  readonly clock: Clock;
  /** Frame at which it stands when it is opened; the first by default. */
  readonly start?: Steps;
  /** Frames a second that it passes. */
  readonly speed?: number;
}

export class ReplayLens extends SimulatedLens {
  readonly #stack: FocalStack;

  constructor({ stack, clock, start, speed = 100 }: ReplayLensOptions) {
    const min = stack.positions[0] as Steps;
    const max = stack.positions[stack.positions.length - 1] as Steps;
    super({ range: { min, max }, start: start ?? min, clock, speed, settlingTime: 10, overshoot: 0 });
    this.#stack = stack;
  }

  /** Moves to the frame nearest to `position`. */
  override moveTo(position: Steps, signal?: AbortSignal): Promise<LensState> {
    const { min, max } = this.capabilities();
    const within = position >= min && position <= max;
    return super.moveTo(within ? this.#stack.nearest(position) : position, signal);
  }
}
