/**
 * The node `autofocus`: focuses when told to (action `autofocus/focus`) and, in the mode `continuous`, whenever the
 * windows go out of focus. Modes, states and pause behave as in libcamera (AfMode, AfState, AfPauseState), except that
 * a trigger is an action in every mode but `manual`.
 *
 * One run at a time: a newer goal preempts the one before, any goal preempts a run of its own. While a run goes on,
 * `autofocus/state` says `scanning`, upon which focus_strategy leaves the lens alone; it resumes when the run ends.
 * Every run ends within its timeout; a frame or a lens that does not come ends it earlier with a code. What is wrong
 * with one run does not touch the node.
 */
import { filter, type Subscription } from "rxjs";
import type { LensModel } from "../algorithms/optics/lens-model.ts";
import { AutofocusError, ERROR_CODES, toAutofocusError } from "../core/errors.ts";
import { seededRandom } from "../core/random.ts";
import type { SearchCost } from "../algorithms/search/types.ts";
import { CameraFeed } from "../pipeline/camera-feed.ts";
import { runFocus, type FocusRun, type FocusStep } from "../pipeline/focus-run.ts";
import { LensClient } from "../pipeline/lens-client.ts";
import { once, type Networks } from "../pipeline/networks.ts";
import { StepReporter } from "../pipeline/step-report.ts";
import { AutofocusStateMsg, type FocusGoalMsg, type FocusResultMsg } from "../ros/messages.ts";
import { complete, definitionKey } from "../ros/message.ts";
import type { ActionServer, GoalHandle, Init, Outcome, RosNode } from "../ros/port.ts";
import type { ParameterStore } from "../ros/parameters.ts";
import { jobOf } from "./autofocus-job.ts";
import { autofocusParameters } from "./autofocus-parameters.ts";
import { AutofocusStatus, MODES } from "./autofocus-status.ts";
import { ContinuousFocus } from "./continuous-focus.ts";
import { lensModel } from "./lens-parameters.ts";
import type { NodeFactory, RunningNode } from "./types.ts";

const FOCUS = "intelligent_autofocus/action/Focus";

export interface AutofocusDependencies {
  readonly networks: Networks;
}

export const createAutofocusNode: NodeFactory<AutofocusDependencies> = (node, dependencies) =>
  new AutofocusNode(node, dependencies);

const EMPTY_GOAL = complete(definitionKey(FOCUS, "Goal"), {}) as FocusGoalMsg;

interface Running {
  readonly controller: AbortController;
  readonly ended: Promise<unknown>;
  /** Continuous focusing started it, not a goal. */
  readonly byItself: boolean;
}

type Handle = GoalHandle<typeof FOCUS>;
type FocusOutcome = Outcome<Init<FocusResultMsg>>;

class AutofocusNode implements RunningNode {
  readonly ready: Promise<void>;
  readonly #node: RosNode;
  readonly #networks: Networks;
  readonly #parameters: ParameterStore<typeof autofocusParameters>;
  readonly #camera: CameraFeed;
  readonly #lens: LensClient;
  readonly #model: () => Promise<LensModel | undefined>;
  readonly #status: AutofocusStatus;
  readonly #server: ActionServer;
  readonly #continuous: ContinuousFocus;
  readonly #subscriptions: Subscription[] = [];
  #running: Running | undefined;
  #stopped: Promise<void> | undefined;

  constructor(node: RosNode, { networks }: AutofocusDependencies) {
    this.#node = node;
    this.#networks = networks;
    this.#parameters = node.declareParameters(autofocusParameters);
    this.#camera = new CameraFeed(node);
    this.#lens = new LensClient(node);
    this.#model = once(() => lensModel(this.#parameters.values));
    this.#status = new AutofocusStatus(node);
    this.#server = node.actionServer("autofocus/focus", FOCUS, {
      execute: (handle) => this.#execute(handle),
    });
    this.#continuous = new ContinuousFocus({
      node,
      camera: this.#camera,
      lens: this.#lens,
      networks,
      model: this.#model,
      parameters: this.#parameters,
      isBusy: () => this.#running !== undefined || this.#server.activeGoals > 0,
      focus: () => this.#focusByItself(),
    });
    this.#subscriptions.push(
      this.#parameters.values$.subscribe(() => this.#applyModes()),
      this.#lens.state$
        .pipe(filter(({ moving }) => !moving))
        .subscribe(({ position }) => this.#update({ position })),
    );
    this.#status.publish("");
    this.ready = this.#prepare();
    this.ready.catch((error: unknown) => node.log.error(toAutofocusError(error).summary));
    node.onShutdown(() => this.stop());
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    this.#continuous.close();
    this.#running?.controller.abort(new AutofocusError("canceled", "The node is shutting down."));
    await this.#server.close();
    this.#camera.close();
    this.#lens.close();
  }

  /** Loads what the first goal would otherwise wait for. */
  async #prepare(): Promise<void> {
    const model = await this.#model();
    if (model !== undefined) await this.#networks.defocus();
  }

  #update(changes: Parameters<AutofocusStatus["update"]>[0]): void {
    this.#status.update(changes, this.#camera.latest?.message.header.frame_id ?? "");
  }

  /** The parameters `mode` and `pause`, whenever one was set. */
  #applyModes(): void {
    const { mode, pause } = this.#parameters.values;
    const isNew = MODES[mode] !== this.#status.fields.mode;
    if (isNew) {
      if (mode === "manual") this.#abortRun("The mode was set to manual.");
      this.#update({ mode: MODES[mode], state: AutofocusStateMsg.STATE_IDLE });
      this.#continuous.restart();
    }
    if (pause === "immediate" && this.#running?.byItself === true) this.#abortRun("Focusing was paused.");
    this.#updatePause();
  }

  #updatePause(): void {
    const { PAUSE_RUNNING, PAUSE_PAUSING, PAUSE_PAUSED } = AutofocusStateMsg;
    const isPausing = this.#parameters.values.pause === "deferred" && this.#running?.byItself === true;
    const paused = isPausing ? PAUSE_PAUSING : PAUSE_PAUSED;
    this.#update({ pause_state: this.#parameters.values.pause === "running" ? PAUSE_RUNNING : paused });
  }

  #abortRun(reason: string): void {
    this.#running?.controller.abort(new AutofocusError("canceled", reason));
  }

  async #execute(handle: Handle): Promise<FocusOutcome> {
    let last: FocusStep | undefined;
    try {
      if (this.#parameters.values.mode === "manual")
        throw new AutofocusError("invalid_input", "The mode is manual: the lens moves only by lens/move.", {
          cure: "Set the parameter mode to auto or continuous.",
        });
      await this.#preempt();
      const model = await this.#model();
      const reporter = new StepReporter(model);
      const { result, position, cost } = await this.#focus(handle.goal, handle.signal, (step) => {
        last = step;
        const { deviation, deviationStd, candidates } = reporter.report(step.measurement);
        handle.feedback({
          state: AutofocusStateMsg.STATE_SCANNING,
          position: step.measurement.position,
          capture: step.cost.captures,
          deviation,
          deviation_std: deviationStd,
          candidates: Float64Array.from(candidates),
          reason: step.reason,
        });
      });
      const isFocused = result.outcome === "focused";
      const code = isFocused ? "none" : (result.code ?? "focus_failed");
      return {
        status: isFocused ? "succeeded" : "aborted",
        result: {
          ...totalsOf(cost),
          position,
          success: isFocused,
          in_focus_probability: result.inFocusProbability,
          fallback: result.fallback,
          reason: result.reason,
          error_code: ERROR_CODES[code],
          error_msg: isFocused ? "" : result.reason,
        },
      };
    } catch (error) {
      const known = toAutofocusError(error);
      this.#node.log.warn(`A focus goal ended: ${known.summary}`);
      return {
        status: known.code === "canceled" ? "canceled" : "aborted",
        result: {
          ...(last === undefined ? {} : totalsOf(last.cost)),
          position: this.#lens.state?.position ?? NaN,
          in_focus_probability: NaN,
          reason: known.message,
          error_code: known.number,
          error_msg: known.summary,
        },
      };
    }
  }

  /** Ends the run that goes on, if there is one, and waits until it has. */
  async #preempt(): Promise<void> {
    const running = this.#running;
    running?.controller.abort(new AutofocusError("preempted", "A newer goal took over."));
    await running?.ended;
  }

  async #focusByItself(): Promise<boolean> {
    try {
      const { result } = await this.#focus(EMPTY_GOAL, undefined, () => undefined);
      return result.outcome === "focused";
    } catch (error) {
      this.#node.log.warn(`Continuous focusing failed: ${toAutofocusError(error).summary}`);
      return false;
    }
  }

  /** Runs one goal with everything that belongs to it: the state, and one run at a time. */
  async #focus(
    goal: FocusGoalMsg,
    signal: AbortSignal | undefined,
    onStep: (step: FocusStep) => void,
  ): Promise<FocusRun> {
    const controller = new AbortController();
    const onAbort = (): void => controller.abort(signal?.reason);
    signal?.addEventListener("abort", onAbort, { once: true });
    if (signal?.aborted === true) onAbort();
    const work = this.#run(goal, controller.signal, onStep);
    this.#running = { controller, ended: work.catch(() => undefined), byItself: signal === undefined };
    this.#update({ state: AutofocusStateMsg.STATE_SCANNING, error_code: ERROR_CODES.none });
    this.#updatePause();
    try {
      const run = await work;
      const isFocused = run.result.outcome === "focused";
      const { STATE_FOCUSED, STATE_FAILED } = AutofocusStateMsg;
      const code = isFocused ? "none" : (run.result.code ?? "focus_failed");
      this.#end(isFocused ? STATE_FOCUSED : STATE_FAILED, run.result.inFocusProbability, ERROR_CODES[code]);
      return run;
    } catch (error) {
      const known = toAutofocusError(error);
      const { STATE_IDLE, STATE_FAILED } = AutofocusStateMsg;
      const isEnded = known.code === "canceled" || known.code === "preempted";
      this.#end(isEnded ? STATE_IDLE : STATE_FAILED, NaN, isEnded ? ERROR_CODES.none : known.number);
      throw error;
    } finally {
      signal?.removeEventListener("abort", onAbort);
    }
  }

  #end(state: number, probability: number, code: number): void {
    this.#running = undefined;
    this.#update({ state, in_focus_probability: probability, error_code: code });
    this.#updatePause();
    this.#continuous.rest();
  }

  async #run(goal: FocusGoalMsg, signal: AbortSignal, onStep: (step: FocusStep) => void): Promise<FocusRun> {
    const { frame_timeout, lens_timeout, seed } = this.#parameters.values;
    const lens = await this.#model();
    const limits = { frameTimeout: 1000 * frame_timeout, moveTimeout: 1000 * lens_timeout };
    const state = await this.#lens.known({ timeout: limits.frameTimeout, signal });
    const job = jobOf(goal, this.#parameters.values, state, lens);
    const { clock, log } = this.#node;
    return runFocus(job, {
      parts: { clock, log, lens: this.#lens, camera: this.#camera, networks: this.#networks },
      limits,
      lens,
      start: state.position,
      random: seededRandom(seed),
      signal,
      onStep,
    });
  }
}

function totalsOf({ captures, moves, travel, elapsed, visited }: SearchCost): Init<FocusResultMsg> {
  return { captures, moves, travel, elapsed: elapsed / 1000, visited: Float64Array.from(visited) };
}
