/**
 * The node `motor_driver`: any LensDriver on the graph. Publishes `lens/state` (every start and end of a movement at
 * once, otherwise `state_rate` times a second, at rest too, so that a silent lens is known to be gone), takes the action
 * `lens/move` and the services `lens/home` and `lens/stop`. A lens that does not open or goes away is opened again;
 * meanwhile commands fail with its error. Inactive (managed-node.ts), the lens is held open, and stands.
 */
import { Subject, type Subscription } from "rxjs";
import type { LensModel } from "../algorithms/optics/lens-model.ts";
import type { Clock } from "../core/clock.ts";
import { AutofocusError, ERROR_CODES, toAutofocusError } from "../core/errors.ts";
import type { LensDriver, LensState } from "../drivers/lens.ts";
import { failureFields } from "../ros/failure.ts";
import type { LensStateMsg } from "../ros/messages.ts";
import { newMessage } from "../ros/message.ts";
import type { ParameterStore } from "../ros/parameters.ts";
import {
  LATCHED_QOS,
  type GoalHandle,
  type Init,
  type Outcome,
  type Publisher,
  type Result,
  type RosNode,
  type ServiceHandler,
} from "../ros/port.ts";
import { header } from "../ros/time.ts";
import { Activity } from "./activity.ts";
import { DeviceKeeper, type Keeper, type KeeperOptions } from "./device-keeper.ts";
import { lensStateMessage } from "./lens-state-message.ts";
import { LensMover } from "./lens-mover.ts";
import { ManagedNode } from "./managed-node.ts";
import { motorDriverParameters, type MotorDriverSettings } from "./motor-driver-parameters.ts";
import { backoffOf } from "./reopen-parameters.ts";
import type { NodeFactory } from "./types.ts";

const MOVE = "intelligent_autofocus/action/MoveLens";
const COMMAND = "intelligent_autofocus/srv/LensCommand";
const LENS_STATE = "intelligent_autofocus/msg/LensState";

export interface MotorDriverDependencies {
  /** A fresh driver; the node opens and closes it. */
  readonly createLens: (settings: MotorDriverSettings, clock: Clock) => Promise<LensDriver>;
  /** The lens model that the parameters name, for dioptres; undefined for none. */
  readonly loadModel: (settings: MotorDriverSettings) => Promise<LensModel | undefined>;
}

export const createMotorDriverNode: NodeFactory<MotorDriverDependencies> = (node, dependencies) =>
  new MotorDriverNode(node, dependencies).managed;

class MotorDriverNode {
  readonly managed: ManagedNode;
  readonly #node: RosNode;
  readonly #dependencies: MotorDriverDependencies;
  readonly #parameters: ParameterStore<typeof motorDriverParameters>;
  readonly #publisher: Publisher<LensStateMsg>;
  readonly #activity: Activity;
  readonly #mover: LensMover;
  /** What is published, for the feedback of goals. */
  readonly #messages = new Subject<LensStateMsg>();
  #model: LensModel | undefined;
  #state: LensState | undefined;
  #published: LensState | undefined;
  #isPublishing = false;
  #keeper: DeviceKeeper<LensDriver> | undefined;

  constructor(node: RosNode, dependencies: MotorDriverDependencies) {
    this.#node = node;
    this.#dependencies = dependencies;
    this.#parameters = node.declareParameters(motorDriverParameters);
    this.#publisher = node.publish("lens/state", LENS_STATE, LATCHED_QOS);
    this.#activity = new Activity(node);
    this.#mover = new LensMover(node.clock, () => this.#lens());
    node.actionServer("lens/move", MOVE, { execute: this.#activity.goal((handle) => this.#move(handle)) });
    node.service(
      "lens/home",
      COMMAND,
      this.#command("home", () => this.#parameters.values.home_timeout),
    );
    node.service(
      "lens/stop",
      COMMAND,
      this.#command("stop", () => this.#parameters.values.move_timeout),
    );
    this.managed = new ManagedNode({
      node,
      activity: this.#activity,
      autostart: this.#parameters.values.autostart,
      keep: (onState) => this.#keep(onState),
      activate: () => this.#begin(),
      deactivate: () => this.#end(),
      close: () => undefined,
      values: () => ({
        position: this.#state?.position ?? NaN,
        moving: String(this.#state?.moving ?? false),
        fault: this.#state?.fault ?? "",
      }),
    });
  }

  #keep(onState: KeeperOptions<LensDriver>["onState"]): Keeper {
    const settings = this.#parameters.values;
    const { createLens, loadModel } = this.#dependencies;
    const { clock, log } = this.#node;
    this.#keeper = new DeviceKeeper<LensDriver>({
      what: `lens (${settings.driver})`,
      clock,
      log,
      create: async () => {
        this.#model = await loadModel(settings);
        return createLens(settings, clock);
      },
      use: (driver, signal) => this.#use(driver, signal),
      backoff: backoffOf(settings),
      onState,
    });
    return this.#keeper;
  }

  #begin(): void {
    this.#isPublishing = true;
    if (this.#state !== undefined) this.#publish(this.#state);
  }

  /** Halts a lens that moves although no goal does that any more; the last state published is one at rest. */
  async #end(): Promise<void> {
    if (this.#state?.moving === true)
      await this.#mover.stop(1000 * this.#parameters.values.move_timeout).catch((error: unknown) => {
        this.#node.log.warn(toAutofocusError(error).summary);
      });
    this.#isPublishing = false;
  }

  /** @throws AutofocusError why there is no lens. */
  #lens(): { readonly driver: LensDriver; readonly state: LensState } {
    const driver = this.#keeper?.device;
    const state = this.#state;
    if (driver !== undefined && state !== undefined) return { driver, state };
    throw this.#keeper?.lastError ?? new AutofocusError("lens_open_failed", "The lens is not open yet.");
  }

  /** Publishes the states of an open lens until it is lost. */
  async #use(driver: LensDriver, signal: AbortSignal): Promise<void> {
    const gone = new AbortController();
    let subscription: Subscription | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        signal.addEventListener("abort", () => resolve(), { once: true });
        subscription = driver.state$.subscribe({
          next: (state) => this.#see(state),
          error: reject,
          complete: () => reject(new AutofocusError("lens_fault", "The lens went away.")),
        });
        void this.#repeat(gone.signal);
      });
    } finally {
      gone.abort();
      subscription?.unsubscribe();
      this.#state = undefined;
    }
  }

  #see(state: LensState): void {
    const before = this.#state;
    this.#state = state;
    if (state.fault !== before?.fault && before !== undefined && this.#activity.isActive)
      this.managed.report(state.fault === undefined ? "OK" : "ERROR", state.fault ?? "fault cleared");
    const last = this.#published;
    const isNews =
      last === undefined || !state.moving || state.moving !== last.moving || state.target !== last.target;
    if (isNews || state.stamp - last.stamp >= this.#period) this.#publish(state);
  }

  get #period(): number {
    return 1000 / this.#parameters.values.state_rate;
  }

  /** A lens at rest says so again and again. */
  async #repeat(gone: AbortSignal): Promise<void> {
    const { clock } = this.#node;
    while (!gone.aborted) {
      await clock.sleep(this.#period, gone).catch(() => undefined);
      // Without a state the lens is gone, and so is the reason to repeat.
      if (this.#state?.moving === false) this.#publish({ ...this.#state, stamp: clock.now() });
    }
  }

  #publish(state: LensState): void {
    if (!this.#isPublishing) return;
    this.#published = state;
    const message = this.#message();
    this.#publisher.publish({ ...message, header: header(state.stamp, message.header.frame_id) });
    this.#messages.next(message);
  }

  /** The state as it is, or an empty one where there is no lens. */
  #message(): LensStateMsg {
    const driver = this.#keeper?.device;
    if (driver === undefined || this.#state === undefined) return newMessage(LENS_STATE);
    return lensStateMessage(
      this.#state,
      driver.capabilities(),
      this.#parameters.values.frame_id,
      this.#model,
    );
  }

  async #move(handle: GoalHandle<typeof MOVE>): Promise<Outcome<Init<Result<typeof MOVE>>>> {
    const telling = this.#messages.subscribe((state) => handle.feedback({ state }));
    try {
      await this.#mover.move(handle.goal, 1000 * this.#parameters.values.move_timeout, handle.signal);
      return { status: "succeeded", result: { state: this.#message() } };
    } catch (error) {
      const known = toAutofocusError(error);
      this.#node.log.warn(`A movement ended early: ${known.message}`);
      const { error_code, error_msg } = failureFields(known);
      const status = known.code === "canceled" ? "canceled" : "aborted";
      return { status, result: { state: this.#message(), error_code, error_msg } };
    } finally {
      telling.unsubscribe();
    }
  }

  #command(what: "home" | "stop", seconds: () => number): ServiceHandler<typeof COMMAND> {
    return this.#activity.service(async (_request, ended) => {
      try {
        await this.#mover[what](1000 * seconds(), ended);
        return { success: true, state: this.#message(), error_code: ERROR_CODES.none, error_msg: "" };
      } catch (error) {
        const { error_code, error_msg } = failureFields(error);
        this.#node.log.warn(error_msg);
        return { success: false, state: this.#message(), error_code, error_msg };
      }
    });
  }
}
