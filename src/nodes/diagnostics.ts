/** The state of a node's device on `/diagnostics`, at once when it changes and then once a second. */
import type { Clock } from "../core/clock.ts";
import { DiagnosticStatusMsg } from "../ros/messages.ts";
import type { Publisher, RosNode } from "../ros/port.ts";
import type { MessageTypes } from "../ros/messages.ts";
import { header } from "../ros/time.ts";

const PERIOD = 1000;

export type DiagnosticLevel = "OK" | "WARN" | "ERROR";

export class Diagnostics {
  readonly #name: string;
  readonly #clock: Clock;
  readonly #publisher: Publisher<MessageTypes["diagnostic_msgs/msg/DiagnosticArray"]>;
  readonly #values: () => Readonly<Record<string, string | number>>;
  readonly #stop = new AbortController();
  #level: DiagnosticLevel = "WARN";
  #message = "starting";

  /** @param values are read at each publication. */
  constructor(node: RosNode, values: () => Readonly<Record<string, string | number>>) {
    this.#name = node.fullName;
    this.#clock = node.clock;
    this.#values = values;
    this.#publisher = node.publish("/diagnostics", "diagnostic_msgs/msg/DiagnosticArray");
    void this.#run();
  }

  report(level: DiagnosticLevel, message: string): void {
    this.#level = level;
    this.#message = message;
    this.#publish();
  }

  stop(): void {
    this.#stop.abort();
    this.#publisher.close();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      this.#publish();
      await this.#clock.sleep(PERIOD, signal).catch(() => undefined);
    }
  }

  #publish(): void {
    if (this.#publisher.subscriptionCount === 0) return;
    const values = Object.entries(this.#values()).map(([key, value]) => ({ key, value: String(value) }));
    this.#publisher.publish({
      header: header(this.#clock.now(), ""),
      status: [
        {
          level: DiagnosticStatusMsg[this.#level],
          name: this.#name,
          message: this.#message,
          hardware_id: "",
          values,
        },
      ],
    });
  }
}
