/**
 * The node `camera_driver`: any CameraDriver on the graph, see frame-publisher.ts for its topics; the service
 * `set_camera_info` takes its calibration. It follows
 * `lens/state` to tell where the lens stood during each exposure. A camera that does not open, goes away or delivers
 * nothing for `frame_timeout` is opened again; the log and `/diagnostics` say so meanwhile. Inactive (managed-node.ts),
 * the camera is held open, and its frames are dropped.
 */
import type { LensModel } from "../algorithms/optics/lens-model.ts";
import { hold, type Clock } from "../core/clock.ts";
import { AutofocusError } from "../core/errors.ts";
import type { Milliseconds, Steps } from "../core/units.ts";
import type { CameraDriver } from "../drivers/camera.ts";
import { LensFollower } from "../pipeline/lens-follower.ts";
import type { ParameterStore } from "../ros/parameters.ts";
import type { RosNode } from "../ros/port.ts";
import { cameraDriverParameters, type CameraDriverSettings } from "./camera-driver-parameters.ts";
import { Activity } from "./activity.ts";
import { CalibrationKeeper } from "./calibration-keeper.ts";
import { DeviceKeeper, type Keeper, type KeeperOptions } from "./device-keeper.ts";
import { FramePublisher } from "./frame-publisher.ts";
import { FrameStatistics } from "./frame-statistics.ts";
import { ManagedNode } from "./managed-node.ts";
import { backoffOf } from "./reopen-parameters.ts";
import type { NodeFactory } from "./types.ts";

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
  new CameraDriverNode(node, dependencies).managed;

class CameraDriverNode {
  readonly managed: ManagedNode;
  readonly #node: RosNode;
  readonly #dependencies: CameraDriverDependencies;
  readonly #parameters: ParameterStore<typeof cameraDriverParameters>;
  readonly #activity: Activity;
  readonly #lens: LensFollower;
  readonly #calibration: CalibrationKeeper;
  readonly #publisher: FramePublisher;
  readonly #statistics = new FrameStatistics();
  #keeper: DeviceKeeper<CameraDriver> | undefined;
  #model: LensModel | undefined;

  constructor(node: RosNode, dependencies: CameraDriverDependencies) {
    this.#node = node;
    this.#dependencies = dependencies;
    this.#parameters = node.declareParameters(cameraDriverParameters);
    this.#activity = new Activity(node);
    this.#lens = new LensFollower(node);
    this.#calibration = new CalibrationKeeper(node.log, () => this.#parameters.values);
    this.#publisher = new FramePublisher({
      node,
      lens: this.#lens,
      calibration: this.#calibration,
      settings: () => this.#parameters.values,
      model: () => this.#model,
    });
    node.service(
      "set_camera_info",
      "sensor_msgs/srv/SetCameraInfo",
      this.#activity.service(({ camera_info }) =>
        hold(
          node.clock,
          this.#calibration.set(
            camera_info,
            this.#keeper?.device?.info(),
            this.#lens.positionAt(node.clock.now()),
          ),
        ),
      ),
    );
    this.managed = new ManagedNode({
      node,
      activity: this.#activity,
      autostart: this.#parameters.values.autostart,
      keep: (onState) => this.#keep(onState),
      activate: () => this.#statistics.restart(),
      deactivate: () => undefined,
      close: () => {
        this.#publisher.close();
        this.#lens.close();
      },
      values: () => this.#statistics.values,
    });
  }

  #keep(onState: KeeperOptions<CameraDriver>["onState"]): Keeper {
    const settings = this.#parameters.values;
    const { createCamera, loadModel } = this.#dependencies;
    const { clock, log } = this.#node;
    this.#keeper = new DeviceKeeper<CameraDriver>({
      what: `camera (${settings.driver})`,
      clock,
      log,
      create: async () => {
        await this.#calibration.load();
        this.#model = await loadModel(settings);
        return createCamera(settings, clock, (time) => this.#lens.positionAt(time));
      },
      use: (camera, signal) => this.#use(camera, signal),
      backoff: backoffOf(settings),
      onState,
    });
    return this.#keeper;
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
          if (!this.#activity.isActive) return;
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
