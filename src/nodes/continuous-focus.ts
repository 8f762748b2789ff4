/**
 * Continuous focusing: looks at the windows of settled frames now and then, and has the node focus when they went out
 * of focus, at the start, and again some time after a search that failed. It leaves the lens alone while a run goes on,
 * while paused, and while somebody else moves the lens.
 */
import { exhaustMap, filter, type Subscription } from "rxjs";
import type { LensModel } from "../algorithms/optics/lens-model.ts";
import type { Measurement } from "../algorithms/search/types.ts";
import { toAutofocusError } from "../core/errors.ts";
import { centralRoi } from "../core/roi.ts";
import type { Milliseconds } from "../core/units.ts";
import type { CameraFeed } from "../pipeline/camera-feed.ts";
import { windowsOf } from "../pipeline/focus-job.ts";
import type { FocusedFrame } from "../pipeline/focused-frames.ts";
import { fromImageMessage } from "../ros/image-message.ts";
import type { LensClient } from "../pipeline/lens-client.ts";
import type { Networks } from "../pipeline/networks.ts";
import { RefocusMonitor } from "../pipeline/refocus-monitor.ts";
import { measureWindows } from "../pipeline/window-meter.ts";
import type { ParameterStore } from "../ros/parameters.ts";
import type { RosNode } from "../ros/port.ts";
import type { autofocusParameters } from "./autofocus-parameters.ts";

export interface ContinuousFocusParts {
  readonly node: RosNode;
  readonly camera: CameraFeed;
  readonly lens: LensClient;
  readonly networks: Networks;
  readonly model: () => Promise<LensModel | undefined>;
  readonly parameters: ParameterStore<typeof autofocusParameters>;
  readonly isBusy: () => boolean;
  /** Focuses with the node's parameters; true when that found the focus. Never rejects. */
  readonly focus: () => Promise<boolean>;
}

export class ContinuousFocus {
  readonly #parts: ContinuousFocusParts;
  readonly #monitor = new RefocusMonitor();
  readonly #subscriptions: readonly Subscription[];
  /** Focus at the next frame, whatever it shows. */
  #due = true;
  #notBefore: Milliseconds = -Infinity;

  constructor(parts: ContinuousFocusParts) {
    this.#parts = parts;
    const { camera, lens, node, parameters } = parts;
    this.#subscriptions = [
      lens.state$
        .pipe(filter((state) => state.moving && state.target !== lens.target))
        .subscribe(() => this.#wait(parameters.values.yield_period)),
      camera.settled$
        .pipe(
          filter(() => this.#isOn() && node.clock.now() >= this.#notBefore),
          exhaustMap((frame) => this.#look(frame)),
        )
        .subscribe(),
    ];
  }

  /** Continuous focusing begins anew, with a search. */
  restart(): void {
    this.#due = true;
    this.#notBefore = -Infinity;
  }

  /** A run has ended: what is seen now is what it left. */
  rest(): void {
    this.#monitor.reset();
  }

  close(): void {
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
  }

  #isOn(): boolean {
    const { mode, pause } = this.#parts.parameters.values;
    return mode === "continuous" && pause === "running" && !this.#parts.isBusy();
  }

  #wait(seconds: number): void {
    this.#notBefore = Math.max(this.#notBefore, this.#parts.node.clock.now() + 1000 * seconds);
  }

  async #look(frame: FocusedFrame): Promise<void> {
    const { parameters, node } = this.#parts;
    this.#wait(parameters.values.monitor_period);
    try {
      if (!(this.#due || (await this.#isOutOfFocus(frame))) || !this.#isOn()) return;
    } catch (error) {
      node.log.warn(`A frame cannot be judged: ${toAutofocusError(error).message}`);
      return;
    }
    this.#due = false;
    if (!(await this.#parts.focus())) {
      this.#due = true;
      this.#wait(parameters.values.retry_period);
    }
  }

  async #isOutOfFocus(frame: FocusedFrame): Promise<boolean> {
    const { refocus_frames: frames, refocus_drop: contrastDrop } = this.#parts.parameters.values;
    const model = await this.#parts.model();
    const measurement = await this.#measure(frame, model);
    return this.#monitor.see(measurement, model, { frames, contrastDrop });
  }

  async #measure(frame: FocusedFrame, model: LensModel | undefined): Promise<Measurement> {
    const { parameters, networks } = this.#parts;
    const gray = await fromImageMessage(frame.message, "gray");
    const given = windowsOf(parameters.values.windows);
    const windows = given.length > 0 ? given : [centralRoi(gray.width, gray.height, 0.5, 512)];
    const kind = model === undefined ? parameters.values.focus_measure : "defocus";
    return measureWindows(kind, gray, windows, frame.position, networks);
  }
}
