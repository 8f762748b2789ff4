/**
 * The lens for a client that gives way: while the autofocus node searches (`autofocus/state` says scanning) it waits, and
 * a move that a search takes over is made again afterwards.
 */
import { BehaviorSubject, filter, firstValueFrom, map, type Subscription } from "rxjs";
import { AutofocusError, toAutofocusError } from "../core/errors.ts";
import type { Milliseconds, Steps } from "../core/units.ts";
import { AutofocusStateMsg, type LensStateMsg } from "../ros/messages.ts";
import { LATCHED_QOS, type RosNode } from "../ros/port.ts";
import { bounded, throwIfAborted } from "../core/bounded.ts";
import type { LensClient } from "./lens-client.ts";

export interface YieldingMove {
  /** For one movement; waiting for a search to end does not count. */
  readonly timeout: Milliseconds;
  readonly signal?: AbortSignal | undefined;
}

/** A search takes longer than this only if its node is gone: then the lens is free. */
const LONGEST_SEARCH: Milliseconds = 600_000;

/** How long after a move was taken over the next attempt is made, so that the state that tells why has come. */
const GRACE: Milliseconds = 50;

/** Moves in a row that anybody may take over. */
const MAX_ATTEMPTS = 5;

export class YieldingLens {
  readonly #node: RosNode;
  readonly #lens: LensClient;
  readonly #isTaken = new BehaviorSubject(false);
  readonly #subscription: Subscription;
  #takings = 0;

  constructor(node: RosNode, lens: LensClient) {
    this.#node = node;
    this.#lens = lens;
    this.#subscription = node
      .subscribe("autofocus/state", "intelligent_autofocus/msg/AutofocusState", LATCHED_QOS)
      .pipe(map(({ state }) => state === AutofocusStateMsg.STATE_SCANNING))
      .subscribe((isScanning) => {
        if (isScanning && !this.isTaken) this.#takings++;
        this.#isTaken.next(isScanning);
      });
  }

  /** A search has the lens. */
  get isTaken(): boolean {
    return this.#isTaken.value;
  }

  /** How many searches have taken the lens so far: when it grew, the lens may stand elsewhere. */
  get takings(): number {
    return this.#takings;
  }

  /** Resolves as soon as no search has the lens. @throws AutofocusError `canceled`, `preempted` by `signal`. */
  async free(signal?: AbortSignal): Promise<void> {
    if (!this.isTaken) return;
    const late = (): AutofocusError => new AutofocusError("timeout", "A search does not end.");
    const bounds = { clock: this.#node.clock, timeout: LONGEST_SEARCH, signal, late };
    await bounded(bounds, () => firstValueFrom(this.#isTaken.pipe(filter((taken) => !taken)))).catch(
      (error: unknown) => {
        throwIfAborted(signal);
        if (toAutofocusError(error).code !== "timeout") throw error;
        this.#node.log.warn("The autofocus node says scanning for too long; taking the lens.");
        this.#isTaken.next(false);
      },
    );
  }

  /**
   * Moves to the position, or to the end of what the motor can reach.
   * @throws AutofocusError as LensClient.moveTo; `preempted` when others keep moving the lens.
   */
  async moveTo(position: Steps, { timeout, signal }: YieldingMove): Promise<LensStateMsg> {
    for (let attempt = 1; ; attempt++) {
      await this.free(signal);
      try {
        return await this.#lens.moveTo(this.#reachable(position), { timeout, signal });
      } catch (error) {
        throwIfAborted(signal);
        if (toAutofocusError(error).code !== "preempted") throw error;
        await this.#node.clock.sleep(GRACE, signal);
        // A search may take over as often as it likes: it ends.
        if (this.isTaken) attempt--;
        else if (attempt >= MAX_ATTEMPTS) throw error;
      }
    }
  }

  #reachable(position: Steps): Steps {
    const { state } = this.#lens;
    return state === undefined
      ? position
      : Math.min(state.max_position, Math.max(state.min_position, position));
  }

  close(): void {
    this.#subscription.unsubscribe();
  }
}
