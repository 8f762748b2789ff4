/** Follows `lens/state`, to know where the lens stands and where it stood. */
import { Subject, type Observable, type Subscription } from "rxjs";
import type { Milliseconds, Steps } from "../core/units.ts";
import { LATCHED_QOS, type RosNode } from "../ros/port.ts";
import { fromTime } from "../ros/time.ts";
import { LensHistory, type LensMotion } from "./lens-history.ts";

export class LensFollower {
  readonly #history = new LensHistory();
  readonly #motion = new Subject<LensMotion>();
  readonly #subscription: Subscription;

  constructor(node: RosNode) {
    this.#subscription = node
      .subscribe("lens/state", "intelligent_autofocus/msg/LensState", { ...LATCHED_QOS, depth: 100 })
      .subscribe(({ header, position, moving }) => {
        const motion = { stamp: fromTime(header.stamp), position, moving };
        this.#history.add(motion);
        this.#motion.next(motion);
      });
  }

  /** The states as they come. */
  get motion$(): Observable<LensMotion> {
    return this.#motion.asObservable();
  }

  /** Where the lens was at a time; NaN before anything is known of it. */
  positionAt(time: Milliseconds): Steps {
    return this.#history.positionAt(time);
  }

  close(): void {
    this.#subscription.unsubscribe();
    this.#motion.complete();
  }
}
