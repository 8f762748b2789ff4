/**
 * The node `autofocus`: focuses when told to (action `autofocus/focus`; service `autofocus/trigger` for clients that
 * cannot call actions), calibrates its lens (action `autofocus/calibrate`) and, in the mode `continuous`, whenever the windows go out of focus. Modes, states and pause behave
 * as in libcamera (AfMode, AfState, AfPauseState), except that a trigger is an action in every mode but `manual`.
 *
 * What it does while it is active is autofocus-session.ts, and its life managed-node.ts. What is wrong with one run does
 * not touch the node.
 */
import type { LensModel } from "../algorithms/optics/lens-model.ts";
import { AutofocusError } from "../core/errors.ts";
import { once, type Networks } from "../pipeline/networks.ts";
import { TimedNetworks } from "../pipeline/timed-networks.ts";
import type { TriggerResponseMsg } from "../ros/messages.ts";
import type { ActionServer, GoalHandle, RosNode } from "../ros/port.ts";
import type { ParameterStore } from "../ros/parameters.ts";
import { Activity } from "./activity.ts";
import { autofocusParameters } from "./autofocus-parameters.ts";
import { AutofocusSession, FOCUS } from "./autofocus-session.ts";
import { AutofocusStatus } from "./autofocus-status.ts";
import { CALIBRATE } from "./calibration-goal.ts";
import { keepLoaded } from "./device-keeper.ts";
import type { FocusOutcome } from "./focus-result.ts";
import { lensModel } from "./lens-parameters.ts";
import { ManagedNode } from "./managed-node.ts";
import type { NodeFactory } from "./types.ts";

export interface AutofocusDependencies {
  readonly networks: Networks;
}

export const createAutofocusNode: NodeFactory<AutofocusDependencies> = (node, dependencies) =>
  new AutofocusNode(node, dependencies).managed;

class AutofocusNode {
  readonly managed: ManagedNode;
  readonly #node: RosNode;
  readonly #networks: TimedNetworks;
  readonly #parameters: ParameterStore<typeof autofocusParameters>;
  readonly #activity: Activity;
  readonly #status: AutofocusStatus;
  readonly #server: ActionServer;
  readonly #calibrations: ActionServer;
  #model = once(() => this.#loadModel());
  /** While the node is active. */
  #session: AutofocusSession | undefined;
  #lastResult = "none";

  constructor(node: RosNode, { networks }: AutofocusDependencies) {
    this.#node = node;
    this.#networks = new TimedNetworks(networks);
    this.#parameters = node.declareParameters(autofocusParameters);
    this.#activity = new Activity(node);
    this.#status = new AutofocusStatus(node);
    this.#server = node.actionServer("autofocus/focus", FOCUS, {
      execute: this.#activity.goal((handle) => this.#execute(handle)),
    });
    this.#calibrations = node.actionServer("autofocus/calibrate", CALIBRATE, {
      execute: this.#activity.goal((handle) => this.#active().calibrate(handle)),
    });
    const self = node.actionClient("autofocus/focus", FOCUS);
    node.service(
      "autofocus/trigger",
      "std_srvs/srv/Trigger",
      this.#activity.service(async () => {
        // A goal like any other, so that it preempts and is preempted like one.
        const { outcome } = await self.sendGoal();
        return toldOf(await outcome);
      }),
    );
    const { clock, log } = node;
    this.managed = new ManagedNode({
      node,
      activity: this.#activity,
      autostart: this.#parameters.values.autostart,
      keep: (onState) =>
        keepLoaded({ what: "lens model and network", clock, log, load: () => this.#load(), onState }),
      activate: () => this.#begin(),
      deactivate: () => this.#session?.close(),
      close: () => self.close(),
      values: () => ({ last_result: this.#lastResult, reading_ms: this.#networks.latest.toFixed(1) }),
    });
  }

  #loadModel(): Promise<LensModel | undefined> {
    return lensModel(this.#parameters.values);
  }

  /** Loads what the first goal would otherwise wait for. */
  async #load(): Promise<void> {
    // A file that has changed since it was configured the last time counts.
    this.#model = once(() => this.#loadModel());
    if ((await this.#model()) !== undefined) await this.#networks.defocus();
  }

  #begin(): void {
    this.#session = new AutofocusSession({
      node: this.#node,
      networks: this.#networks,
      parameters: this.#parameters,
      model: this.#model,
      status: this.#status,
      hasGoals: () => this.#server.activeGoals + this.#calibrations.activeGoals > 0,
    });
  }

  #active(): AutofocusSession {
    if (this.#session === undefined) throw new AutofocusError("internal", "The node has not begun to work.");
    return this.#session;
  }

  async #execute(handle: GoalHandle<typeof FOCUS>): Promise<FocusOutcome> {
    const outcome = await this.#active().execute(handle);
    this.#lastResult = toldOf(outcome).message;
    return outcome;
  }
}

/** What came of a goal, in words. */
function toldOf({ result }: FocusOutcome): TriggerResponseMsg {
  const { success = false, position = NaN, captures = 0, moves = 0, error_msg = "" } = result;
  const found = `In focus at ${position.toFixed(1)} after ${captures} captures and ${moves} moves.`;
  return { success, message: success ? found : error_msg };
}
