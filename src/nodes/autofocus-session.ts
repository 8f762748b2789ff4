/**
 * What the node autofocus does while it is active: one run at a time, by a goal or by itself (mode continuous), and
 * `autofocus/state`, which tells of it. A newer goal preempts the one before, any goal preempts a run of its own. While a
 * run goes on, the state is `scanning`, upon which focus_strategy leaves the lens alone; it resumes when the run ends.
 * Every run ends within its timeout; a frame or a lens that does not come ends it earlier with a code.
 */
import { filter, type Subscription } from "rxjs";
import type { LensModel } from "../algorithms/optics/lens-model.ts";
import { AutofocusError, ERROR_CODES, toAutofocusError } from "../core/errors.ts";
import { seededRandom } from "../core/random.ts";
import { CameraFeed } from "../pipeline/camera-feed.ts";
import { runFocus, type FocusRun, type FocusStep } from "../pipeline/focus-run.ts";
import { LensClient } from "../pipeline/lens-client.ts";
import type { Networks } from "../pipeline/networks.ts";
import { StepReporter } from "../pipeline/step-report.ts";
import { AutofocusStateMsg, type FocusGoalMsg } from "../ros/messages.ts";
import { complete, definitionKey } from "../ros/message.ts";
import type { GoalHandle, RosNode } from "../ros/port.ts";
import type { ParameterStore } from "../ros/parameters.ts";
import { jobOf } from "./autofocus-job.ts";
import type { autofocusParameters } from "./autofocus-parameters.ts";
import { MODES, type AutofocusStatus } from "./autofocus-status.ts";
import { ContinuousFocus } from "./continuous-focus.ts";
import { codeOf, failureOf, outcomeOf, type FocusOutcome } from "./focus-result.ts";

export const FOCUS = "intelligent_autofocus/action/Focus";

const EMPTY_GOAL = complete(definitionKey(FOCUS, "Goal"), {}) as FocusGoalMsg;

export interface AutofocusSessionParts {
  readonly node: RosNode;
  readonly networks: Networks;
  readonly parameters: ParameterStore<typeof autofocusParameters>;
  readonly model: () => Promise<LensModel | undefined>;
  readonly status: AutofocusStatus;
  /** A goal runs, or waits to. */
  readonly hasGoals: () => boolean;
}

interface Running {
  readonly controller: AbortController;
  readonly ended: Promise<unknown>;
  /** Continuous focusing started it, not a goal. */
  readonly byItself: boolean;
}

export class AutofocusSession {
  readonly #parts: AutofocusSessionParts;
  readonly #camera: CameraFeed;
  readonly #lens: LensClient;
  readonly #continuous: ContinuousFocus;
  readonly #subscriptions: readonly Subscription[];
  #running: Running | undefined;

  constructor(parts: AutofocusSessionParts) {
    this.#parts = parts;
    const { node, parameters } = parts;
    this.#camera = new CameraFeed(node);
    this.#lens = new LensClient(node);
    this.#continuous = new ContinuousFocus({
      ...parts,
      camera: this.#camera,
      lens: this.#lens,
      isBusy: () => this.#running !== undefined || parts.hasGoals(),
      focus: () => this.#focusByItself(),
    });
    parts.status.publish("");
    this.#subscriptions = [
      parameters.values$.subscribe(() => this.#applyModes()),
      this.#lens.state$
        .pipe(filter(({ moving }) => !moving))
        .subscribe(({ position }) => this.#update({ position })),
    ];
  }

  /** Ends the run that goes on; the state published last is not `scanning`. */
  async close(): Promise<void> {
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    this.#continuous.close();
    const running = this.#running;
    this.#abortRun("The node was deactivated.");
    await running?.ended;
    this.#camera.close();
    this.#lens.close();
  }

  /** Carries out a goal. Never rejects. */
  async execute(handle: GoalHandle<typeof FOCUS>): Promise<FocusOutcome> {
    let last: FocusStep | undefined;
    try {
      if (this.#parts.parameters.values.mode === "manual")
        throw new AutofocusError("invalid_input", "The mode is manual: the lens moves only by lens/move.", {
          cure: "Set the parameter mode to auto or continuous.",
        });
      await this.#preempt();
      const reporter = new StepReporter(await this.#parts.model());
      const run = await this.#focus(handle.goal, handle.signal, (step) => {
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
      return outcomeOf(run);
    } catch (error) {
      const known = toAutofocusError(error);
      this.#parts.node.log.warn(`A focus goal ended: ${known.summary}`);
      return failureOf(known, this.#lens.state?.position ?? NaN, last?.cost);
    }
  }

  #update(changes: Parameters<AutofocusStatus["update"]>[0]): void {
    this.#parts.status.update(changes, this.#camera.latest?.message.header.frame_id ?? "");
  }

  /** The parameters `mode` and `pause`, whenever one was set. */
  #applyModes(): void {
    const { mode, pause } = this.#parts.parameters.values;
    const isNew = MODES[mode] !== this.#parts.status.fields.mode;
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
    const { pause } = this.#parts.parameters.values;
    const isPausing = pause === "deferred" && this.#running?.byItself === true;
    const paused = isPausing ? PAUSE_PAUSING : PAUSE_PAUSED;
    this.#update({ pause_state: pause === "running" ? PAUSE_RUNNING : paused });
  }

  #abortRun(reason: string): void {
    this.#running?.controller.abort(new AutofocusError("canceled", reason));
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
      this.#parts.node.log.warn(`Continuous focusing failed: ${toAutofocusError(error).summary}`);
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
      const code = codeOf(run);
      const { STATE_FOCUSED, STATE_FAILED } = AutofocusStateMsg;
      this.#end(
        code === "none" ? STATE_FOCUSED : STATE_FAILED,
        run.result.inFocusProbability,
        ERROR_CODES[code],
      );
      return run;
    } catch (error) {
      const known = toAutofocusError(error);
      const { STATE_IDLE, STATE_FAILED } = AutofocusStateMsg;
      const isEnded = ["canceled", "preempted", "inactive"].includes(known.code);
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
    const { node, networks, parameters, model } = this.#parts;
    const { frame_timeout, lens_timeout, seed } = parameters.values;
    const lens = await model();
    const limits = { frameTimeout: 1000 * frame_timeout, moveTimeout: 1000 * lens_timeout };
    const state = await this.#lens.known({ timeout: limits.frameTimeout, signal });
    const { clock, log } = node;
    return runFocus(jobOf(goal, parameters.values, state, lens), {
      parts: { clock, log, lens: this.#lens, camera: this.#camera, networks },
      limits,
      lens,
      start: state.position,
      random: seededRandom(seed),
      signal,
      onStep,
    });
  }
}
