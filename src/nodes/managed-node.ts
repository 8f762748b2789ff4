/**
 * The managed life that all nodes of this package share (ros/lifecycle):
 *
 * - `configure` starts to open the device or to load the models, and does not wait for that.
 * - `activate` is refused, with the reason, until they are there; one that is on its way is waited for a little.
 * - `deactivate` ends goals and services, halts the lens, and publishing stops. `cleanup` closes what configure opened.
 * - With the parameter `autostart` the node configures and activates itself as soon as that is possible, and tries again
 *   until it succeeds. Whoever makes a transition from outside takes over from that.
 *
 * The state and what is wrong are told by `/diagnostics`, too.
 */
import { bounded } from "../core/bounded.ts";
import { systemClock } from "../core/clock.ts";
import { AutofocusError, toAutofocusError } from "../core/errors.ts";
import type { Milliseconds } from "../core/units.ts";
import { explain } from "../ros/callback-guard.ts";
import { serveLifecycle } from "../ros/lifecycle/interface.ts";
import { Lifecycle } from "../ros/lifecycle/lifecycle.ts";
import type { Command } from "../ros/lifecycle/state-machine.ts";
import { patiently } from "../ros/patience.ts";
import type { RosNode } from "../ros/port.ts";
import type { Activity } from "./activity.ts";
import { aborted, type Keeper } from "./device-keeper.ts";
import { Diagnostics, type DiagnosticLevel } from "./diagnostics.ts";
import type { RunningNode } from "./types.ts";

/** How long `activate` waits for a device that is being opened, of real time. */
const OPENING_PATIENCE: Milliseconds = 2000;

/** Between two attempts of autostart to activate what is ready. */
const RETRY: Milliseconds = 1000;

export interface ManagedNodeParts {
  readonly node: RosNode;
  readonly activity: Activity;
  readonly autostart: boolean;
  /** Opens, from then on, what the node needs; `onState` is told of every loss and, with undefined, of every success. */
  readonly keep: (onState: (problem: AutofocusError | undefined) => void) => Keeper;
  /** Begins the node's work; its device is open. @throws AutofocusError why it cannot begin. */
  readonly activate: () => void;
  /** Ends the node's work; goals and services have ended. Must do so whatever the state of the work is. */
  readonly deactivate: () => void | Promise<void>;
  /** Lets go of what the node has had from its construction on. */
  readonly close: () => void | Promise<void>;
  /** Read for `/diagnostics`. */
  readonly values: () => Readonly<Record<string, string | number>>;
}

export class ManagedNode implements RunningNode {
  readonly ready: Promise<void>;
  readonly #parts: ManagedNodeParts;
  readonly #lifecycle: Lifecycle;
  readonly #diagnostics: Diagnostics;
  readonly #autostart = new AbortController();
  readonly #ending = new AbortController();
  #keeper: Keeper | undefined;
  /** What keeps the device from being open. */
  #problem: AutofocusError | undefined;
  /** Why the latest transition was not made. */
  #refusal: string | undefined;
  #isWorking = false;
  #stopped: Promise<void> | undefined;

  constructor(parts: ManagedNodeParts) {
    this.#parts = parts;
    const { node, values } = parts;
    this.#lifecycle = new Lifecycle({
      configure: () => this.#configure(),
      activate: () => this.#activate(),
      deactivate: () => this.#endWork(),
      cleanup: () => this.#cleanup(),
      shutdown: () => this.#letGo(),
      recover: () => this.#letGo(),
      onProblem: (command, error) => this.#tell(command, error),
    });
    this.#diagnostics = new Diagnostics(node, () => ({ lifecycle: this.#lifecycle.state, ...values() }));
    this.ready = new Promise((resolve) => {
      this.#lifecycle.transitions$.subscribe(({ label, goal }) => {
        if (label === "transition_success") this.#refusal = undefined;
        if (goal === "active") resolve();
        this.#reportState();
      });
    });
    serveLifecycle(node, this.#lifecycle, () => this.#autostart.abort());
    node.onShutdown(() => this.stop());
    if (parts.autostart) void this.#start();
  }

  /** Tells `/diagnostics` how the work of an active node goes. */
  report(level: DiagnosticLevel, message: string): void {
    this.#diagnostics.report(level, message);
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#autostart.abort();
    this.#ending.abort();
    await this.#lifecycle.end();
    await this.#parts.close();
    this.#diagnostics.stop();
  }

  /** Configures and activates until that succeeds, or somebody else takes over. */
  async #start(): Promise<void> {
    const { signal } = this.#autostart;
    for (;;) {
      if (this.#lifecycle.state === "unconfigured") await this.#lifecycle.command("configure");
      await Promise.race([this.#keeper?.ready, aborted(signal)]);
      if (signal.aborted || (await this.#lifecycle.command("activate"))) return;
      await this.#parts.node.clock.sleep(RETRY, signal).catch(() => undefined);
    }
  }

  #configure(): Promise<void> {
    this.#keeper = this.#parts.keep((problem) => {
      this.#problem = problem;
      this.#reportState();
    });
    return Promise.resolve();
  }

  async #activate(): Promise<void> {
    await this.#opened();
    this.#isWorking = true;
    try {
      this.#parts.activate();
    } catch (error) {
      await this.#endWork();
      throw error;
    }
    this.#parts.activity.begin();
  }

  /** @throws AutofocusError why the device is not open. */
  async #opened(): Promise<void> {
    const keeper = this.#keeper;
    const late = (): AutofocusError => new AutofocusError("timeout", "Opening or loading is still going on.");
    const bounds = {
      clock: systemClock,
      timeout: OPENING_PATIENCE,
      signal: this.#ending.signal,
      late,
    };
    await bounded(bounds, () => keeper?.firstAttempt ?? Promise.resolve());
    if (keeper?.isOpen !== true) throw keeper?.lastError ?? late();
  }

  async #endWork(): Promise<void> {
    if (!this.#isWorking) return;
    await this.#parts.activity.end();
    this.#isWorking = false;
    await this.#parts.deactivate();
  }

  async #cleanup(): Promise<void> {
    const keeper = this.#keeper;
    this.#keeper = undefined;
    this.#problem = undefined;
    if (keeper !== undefined) await patiently(this.#parts.node.log, "the device to close", keeper.stop());
  }

  async #letGo(): Promise<void> {
    await this.#endWork();
    await this.#cleanup();
  }

  #tell(command: Command, error: unknown): void {
    this.#refusal = `${command} failed: ${toAutofocusError(error).message}`;
    this.#parts.node.log.error(`${command} failed: ${explain(error)}`);
  }

  #reportState(): void {
    const { state } = this.#lifecycle;
    const trouble = this.#problem?.message ?? this.#refusal;
    this.#parts.activity.obstacle = this.#problem?.summary ?? this.#refusal;
    if (trouble !== undefined) this.report("ERROR", trouble);
    else this.report(state === "active" ? "OK" : "WARN", state);
  }
}
