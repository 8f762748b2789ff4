/** What `autofocus/state` tells, published whenever it changes; late subscribers get the latest. */
import { ERROR_CODES } from "../core/errors.ts";
import { AutofocusStateMsg } from "../ros/messages.ts";
import { LATCHED_QOS, type Publisher, type RosNode } from "../ros/port.ts";
import { header } from "../ros/time.ts";

export type AutofocusStatusFields = Omit<AutofocusStateMsg, "header">;

export const MODES = {
  manual: AutofocusStateMsg.MODE_MANUAL,
  auto: AutofocusStateMsg.MODE_AUTO,
  continuous: AutofocusStateMsg.MODE_CONTINUOUS,
} as const;

export class AutofocusStatus {
  readonly #node: RosNode;
  readonly #publisher: Publisher<AutofocusStateMsg>;
  #fields: AutofocusStatusFields = {
    mode: AutofocusStateMsg.MODE_AUTO,
    state: AutofocusStateMsg.STATE_IDLE,
    pause_state: AutofocusStateMsg.PAUSE_RUNNING,
    position: NaN,
    in_focus_probability: NaN,
    error_code: ERROR_CODES.none,
  };

  constructor(node: RosNode) {
    this.#node = node;
    this.#publisher = node.publish(
      "autofocus/state",
      "intelligent_autofocus/msg/AutofocusState",
      LATCHED_QOS,
    );
  }

  get fields(): AutofocusStatusFields {
    return this.#fields;
  }

  /** Changes some fields and publishes, if that changes anything. */
  update(changes: Partial<AutofocusStatusFields>, frameId: string): void {
    const next = { ...this.#fields, ...changes };
    const isSame = (Object.keys(next) as (keyof AutofocusStatusFields)[]).every((key) =>
      Object.is(next[key], this.#fields[key]),
    );
    if (isSame) return;
    this.#fields = next;
    this.publish(frameId);
  }

  publish(frameId: string): void {
    this.#publisher.publish({ header: header(this.#node.clock.now(), frameId), ...this.#fields });
  }
}
