/** What every motorised lens looks like to the pipeline. */
import type { Observable } from "rxjs";
import type { Milliseconds, Steps } from "../core/units.ts";

export interface LensCapabilities {
  readonly min: Steps;
  readonly max: Steps;
  /** Steps a second; undefined when not known. */
  readonly speed: number | undefined;
  /** How long the lens swings after it arrives. */
  readonly settlingTime: Milliseconds;
  /** Steps lost when the direction turns. */
  readonly backlash: Steps;
}

export interface LensState {
  readonly stamp: Milliseconds;
  readonly position: Steps;
  readonly target: Steps;
  /** Steps a second, signed; 0 at rest. */
  readonly velocity: number;
  /** True until the lens has arrived and settled. */
  readonly moving: boolean;
  /** What is wrong, or undefined. */
  readonly fault: string | undefined;
}

/** The constructor cannot fail; `open` can, with an AutofocusError `lens_open_failed`. */
export interface LensDriver {
  open(): Promise<void>;
  /** Known once open. */
  capabilities(): LensCapabilities;
  /** The latest state on subscription, then every change. Completes on `close`. */
  readonly state$: Observable<LensState>;
  /**
   * Moves to a position and resolves once the lens stands there, settled. A newer call or an abort of `signal`
   * ends an earlier one with `canceled`; where the lens then stands is in `state$`.
   * @throws AutofocusError `invalid_input` outside [min, max], `lens_timeout`, `lens_fault`, `canceled`.
   */
  moveTo(position: Steps, signal?: AbortSignal): Promise<LensState>;
  /** Halts where it is. */
  stop(): Promise<LensState>;
  /** Finds the reference position, where the lens has one; otherwise moves to `min`. */
  home(signal?: AbortSignal): Promise<LensState>;
  /** Halts, then lets go. Safe to call twice. */
  close(): Promise<void>;
}
