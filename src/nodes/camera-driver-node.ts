/**
 * The node `camera_driver`: any CameraDriver on the graph, see frame-publisher.ts for its topics. It follows
 * `lens/state` to tell where the lens stood during each exposure. A camera that does not open, goes away or delivers
 * nothing for `frame_timeout` is opened again; the log and `/diagnostics` say so meanwhile.
 */
import type { LensModel } from "../algorithms/optics/lens-model.ts";
import type { Clock } from "../core/clock.ts";
import { AutofocusError } from "../core/errors.ts";
import type { Milliseconds, Steps } from "../core/units.ts";
import type { CameraDriver } from "../drivers/camera.ts";
import { LensFollower } from "../pipeline/lens-follower.ts";
import type { ParameterStore } from "../ros/parameters.ts";
import type { RosNode } from "../ros/port.ts";
import { cameraDriverParameters, type CameraDriverSettings } from "./camera-driver-parameters.ts";
import { DeviceKeeper } from "./device-keeper.ts";
import { Diagnostics } from "./diagnostics.ts";
import { FramePublisher } from "./frame-publisher.ts";
import { FrameStatistics } from "./frame-statistics.ts";
import { backoffOf } from "./reopen-parameters.ts";
import type { NodeFactory, RunningNode } from "./types.ts";

export interface CameraDriverDependencies {
  /**
   * A fresh driver; the node opens and closes it.
   * @param positionAt where the lens was at a time, NaN where that is not known, for cameras that are simulated.
   */
  readonly createCamera: (
    settings: CameraDriverSettings,
    clock: Clock,
    positionAt: (time: Milliseconds) => Steps,
  ) => Promise<CameraDriver>;
  /** The lens model that the parameters name, for focus breathing; undefined for none. */
  readonly loadModel: (settings: CameraDriverSettings) => Promise<LensModel | undefined>;
}

export const createCameraDriverNode: NodeFactory<CameraDriverDependencies> = (node, dependencies) =>
  new CameraDriverNode(node, dependencies);

class CameraDriverNode implements RunningNode {
  readonly ready: Promise<void>;
  readonly #node: RosNode;
  readonly #parameters: ParameterStore<typeof cameraDriverParameters>;
  readonly #lens: LensFollower;
  readonly #publisher: FramePublisher;
  readonly #statistics = new FrameStatistics();
  readonly #diagnostics: Diagnostics;
  readonly #keeper: DeviceKeeper<CameraDriver>;
  #model: LensModel | undefined;
  #stopped: Promise<void> | undefined;

  constructor(node: RosNode, { createCamera, loadModel }: CameraDriverDependencies) {
    this.#node = node;
    this.#parameters = node.declareParameters(cameraDriverParameters);
    const settings = this.#parameters.values;
    this.#lens = new LensFollower(node);
    this.#publisher = new FramePublisher({
      node,
      lens: this.#lens,
      settings: () => this.#parameters.values,
      model: () => this.#model,
    });
    this.#diagnostics = new Diagnostics(node, () => this.#statistics.values);
    this.#keeper = new DeviceKeeper<CameraDriver>({
      what: `camera (${settings.driver})`,
      clock: node.clock,
      log: node.log,
      create: async () => {
        this.#model ??= await loadModel(settings);
        return createCamera(settings, node.clock, (time) => this.#lens.positionAt(time));
      },
      use: (camera, signal) => this.#use(camera, signal),
      backoff: backoffOf(settings),
      onState: (error) =>
        error === undefined
          ? this.#diagnostics.report("OK", "camera open")
          : this.#diagnostics.report("ERROR", error.message),
    });
    this.ready = this.#keeper.ready;
    node.onShutdown(() => this.stop());
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    await this.#keeper.stop();
    this.#publisher.close();
    this.#lens.close();
    this.#diagnostics.stop();
  }

  /** Publishes the frames of an open camera until it is lost. */
  async #use(camera: CameraDriver, signal: AbortSignal): Promise<void> {
    const { width, height, model } = camera.info();
    this.#node.log.info(`${model}: ${width}x${height}.`);
    this.#statistics.restart();
    const gone = new AbortController();
    let lastFrame = this.#node.clock.now();
    await new Promise<void>((resolve, reject) => {
      signal.addEventListener("abort", () => resolve(), { once: true, signal: gone.signal });
      const subscription = camera.frames$.subscribe({
        next: (frame) => {
          lastFrame = this.#node.clock.now();
          this.#statistics.add(frame);
          this.#publisher.publish(frame);
        },
        error: reject,
        complete: () => reject(stopped("The camera went away.")),
      });
      gone.signal.addEventListener("abort", () => subscription.unsubscribe(), { once: true });
      this.#watch(() => lastFrame, gone.signal).catch(reject);
    }).finally(() => gone.abort());
  }

  /** Rejects when no frame has come for `frame_timeout`; resolves when `gone` aborts. */
  async #watch(lastFrame: () => Milliseconds, gone: AbortSignal): Promise<void> {
    const { clock } = this.#node;
    while (!gone.aborted) {
      const seconds = this.#parameters.values.frame_timeout;
      const left = lastFrame() + 1000 * seconds - clock.now();
      if (left <= 0) throw stopped(`The camera delivered no frame for ${seconds} s.`);
      await clock.sleep(left, gone).catch(() => undefined);
    }
  }
}

function stopped(message: string): AutofocusError {
  return new AutofocusError("camera_stopped", message, {
    cure: "Check the cable and the power of the camera.",
  });
}
