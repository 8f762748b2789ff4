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
import { bounded } from "../core/bounded.ts";
import { runCalibration, type CalibrationRun } from "../pipeline/calibration-run.ts";
import { CameraFeed } from "../pipeline/camera-feed.ts";
import type { CameraDeviceLimits, CameraDeviceParts } from "../pipeline/focus-device.ts";
import { runFocus, type FocusRun, type FocusStep } from "../pipeline/focus-run.ts";
import { GraphDevice } from "../pipeline/graph-calibration.ts";
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
import {
  calibrated,
  calibrationJob,
  notCalibrated,
  type CALIBRATE,
  type CalibrationJob,
  type CalibrationOutcome,
} from "./calibration-goal.ts";
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
      this.#requireLens();
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

  /** Carries out a goal of `autofocus/calibrate`; the lens ends where it stood. Never rejects. */
  async calibrate(handle: GoalHandle<typeof CALIBRATE>): Promise<CalibrationOutcome> {
    const { goal, signal } = handle;
    const { clock, log } = this.#parts.node;
    const begin = clock.now();
    try {
      this.#requireLens();
      const job = calibrationJob(goal);
      await this.#preempt();
      const { STATE_IDLE } = AutofocusStateMsg;
      const run = await this.#alone(
        signal,
        (ended) =>
          bounded({ clock, timeout: job.timeout, signal: ended, late: () => tooLong(job.timeout) }, (over) =>
            this.#calibrate(job, over, handle),
          ),
        () => this.#end(STATE_IDLE, NaN, ERROR_CODES.none),
      );
      return calibrated(run, goal.name, clock.now() - begin);
    } catch (error) {
      const known = toAutofocusError(error);
      log.warn(`A calibration ended: ${known.summary}`);
      return notCalibrated(known, clock.now() - begin);
    }
  }

  async #calibrate(
    { stops, range }: CalibrationJob,
    signal: AbortSignal,
    handle: GoalHandle<typeof CALIBRATE>,
  ): Promise<CalibrationRun> {
    const { networks } = this.#parts;
    const limits = this.#limits();
    const state = await this.#lens.known({ timeout: limits.frameTimeout, signal });
    const { position, min_position: min, max_position: max } = state;
    const device = new GraphDevice(this.#devices(), limits, position, { min, max });
    const run = await runCalibration(device, await networks.defocus(), {
      stops,
      range,
      signal,
      clock: this.#parts.node.clock,
      onProgress: ({ phase, position: at, progress }) => handle.feedback({ phase, position: at, progress }),
    });
    await device.moveTo(position, signal);
    return run;
  }

  #devices(): CameraDeviceParts {
    const { node, networks } = this.#parts;
    const { clock, log } = node;
    return { clock, log, lens: this.#lens, camera: this.#camera, networks };
  }

  #limits(): CameraDeviceLimits {
    const { frame_timeout, lens_timeout } = this.#parts.parameters.values;
    return { frameTimeout: 1000 * frame_timeout, moveTimeout: 1000 * lens_timeout };
  }

  /** @throws AutofocusError `invalid_input` in the mode manual. */
  #requireLens(): void {
    if (this.#parts.parameters.values.mode !== "manual") return;
    throw new AutofocusError("invalid_input", "The mode is manual: the lens moves only by lens/move.", {
      cure: "Set the parameter mode to auto or continuous.",
    });
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

  /** Runs one goal with everything that belongs to it. */
  #focus(
    goal: FocusGoalMsg,
    signal: AbortSignal | undefined,
    onStep: (step: FocusStep) => void,
  ): Promise<FocusRun> {
    return this.#alone(
      signal,
      (ended) => this.#run(goal, ended, onStep),
      (run) => {
        const code = codeOf(run);
        const { STATE_FOCUSED, STATE_FAILED } = AutofocusStateMsg;
        const state = code === "none" ? STATE_FOCUSED : STATE_FAILED;
        this.#end(state, run.result.inFocusProbability, ERROR_CODES[code]);
      },
    );
  }

  /** One run at a time, and the state that tells of it. @param onEnd of a run that came to its end. */
  async #alone<T>(
    signal: AbortSignal | undefined,
    run: (signal: AbortSignal) => Promise<T>,
    onEnd: (value: T) => void,
  ): Promise<T> {
    const controller = new AbortController();
    const onAbort = (): void => controller.abort(signal?.reason);
    signal?.addEventListener("abort", onAbort, { once: true });
    if (signal?.aborted === true) onAbort();
    const work = run(controller.signal);
    this.#running = { controller, ended: work.catch(() => undefined), byItself: signal === undefined };
    this.#update({ state: AutofocusStateMsg.STATE_SCANNING, error_code: ERROR_CODES.none });
    this.#updatePause();
    try {
      const value = await work;
      onEnd(value);
      return value;
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
    const { parameters, model } = this.#parts;
    const lens = await model();
    const limits = this.#limits();
    const state = await this.#lens.known({ timeout: limits.frameTimeout, signal });
    return runFocus(jobOf(goal, parameters.values, state, lens), {
      parts: this.#devices(),
      limits,
      lens,
      start: state.position,
      random: seededRandom(parameters.values.seed),
      signal,
      onStep,
    });
  }
}

function tooLong(timeout: number): AutofocusError {
  return new AutofocusError("timeout", `The calibration took longer than ${timeout / 1000} s.`, {
    cure: "Take fewer stops, or allow more time.",
  });
}
