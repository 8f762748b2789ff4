/**
 * Where the demonstration plays: the five nodes on the embedded graph, with a simulated lens and a simulated camera whose
 * scene can be changed. Time is stepped, so that a run depends on its seed and not on the speed of the machine.
 */
import type { Weigher } from "../../algorithms/fusion/streaming/features.ts";
import type { LensModel } from "../../algorithms/optics/lens-model.ts";
import { SteppedClock } from "../../core/clock.ts";
import { AutofocusError } from "../../core/errors.ts";
import type { ImageF32 } from "../../core/image.ts";
import type { Milliseconds, Steps } from "../../core/units.ts";
import { SimulatedCamera } from "../../drivers/simulator/simulated-camera.ts";
import { SimulatedLens } from "../../drivers/simulator/simulated-lens.ts";
import { createAutofocusNode } from "../../nodes/autofocus-node.ts";
import { createCameraDriverNode } from "../../nodes/camera-driver-node.ts";
import { createFocusStrategyNode } from "../../nodes/focus-strategy-node.ts";
import { createFusionNode } from "../../nodes/fusion-node.ts";
import { createMotorDriverNode } from "../../nodes/motor-driver-node.ts";
import { CameraFeed } from "../../pipeline/camera-feed.ts";
import type { FocusedFrame } from "../../pipeline/focused-frames.ts";
import { LensClient } from "../../pipeline/lens-client.ts";
import type { Networks } from "../../pipeline/networks.ts";
import { EmbeddedGraph } from "../../ros/embedded-graph.ts";
import { stderrSink } from "../../ros/logging.ts";
import type { RosNode } from "../../ros/port.ts";
import { fromTime } from "../../ros/time.ts";
import { ChangingScene } from "./changing-scene.ts";
import type { DemoScene } from "./scenes.ts";

export interface StageOptions {
  readonly lens: LensModel;
  /** Name of its file, for the nodes. */
  readonly lensName: string;
  readonly networks: Networks;
  /** Weighs the frames of the video. */
  readonly weigh: Weigher;
  readonly scene: DemoScene;
  readonly seed: number;
}

const FRAME_RATE = 10;
const EXPOSURE: Milliseconds = 8;
/** Steps a second; a voice coil is quick. */
const LENS_SPEED = 4000;
/** Frames that the video remembers beside the latest: with three distances in the scene, all are seen in turn. */
const MEMORY = 2;
/** Time goes on in steps of this much. */
const STEP: Milliseconds = 5;
/** Stepped time after which something that does not end is given up. */
const PATIENCE: Milliseconds = 120_000;

export class Stage {
  readonly clock: SteppedClock;
  readonly lens: LensModel;
  /** The node of the audience: it sends goals and listens. */
  readonly audience: RosNode;
  readonly #graph: EmbeddedGraph;
  readonly #scene: ChangingScene;
  readonly #mover: LensClient;
  readonly #feed: CameraFeed;

  private constructor(
    lens: LensModel,
    graph: EmbeddedGraph,
    audience: RosNode,
    scene: ChangingScene,
    clock: SteppedClock,
  ) {
    this.lens = lens;
    this.clock = clock;
    this.audience = audience;
    this.#graph = graph;
    this.#scene = scene;
    this.#mover = new LensClient(audience);
    this.#feed = new CameraFeed(audience);
  }

  /** @throws AutofocusError what keeps a node from doing its work. */
  static async open(options: StageOptions): Promise<Stage> {
    const { lens, lensName, networks, seed } = options;
    const clock = new SteppedClock(1000);
    const scene = new ChangingScene(options.scene, clock, EXPOSURE);
    const graph = new EmbeddedGraph({ clock, sink: stderrSink("error") });
    const make = (name: string, more: Readonly<Record<string, unknown>> = {}): Promise<RosNode> =>
      graph.createNode(name, { namespace: "camera", parameters: { lens: lensName, ...more } });
    const motor = createMotorDriverNode(await make("motor_driver"), {
      createLens: () => Promise.resolve(new SimulatedLens({ range: lens.range, speed: LENS_SPEED, clock })),
      loadModel: () => Promise.resolve(lens),
    });
    const camera = createCameraDriverNode(await make("camera_driver"), {
      createCamera: (_settings, _clock, positionAt) =>
        Promise.resolve(
          new SimulatedCamera({
            scene,
            lens: { positionAt },
            clock,
            frameRate: FRAME_RATE,
            exposure: EXPOSURE,
            seed,
          }),
        ),
      loadModel: () => Promise.resolve(lens),
    });
    const nodes = [
      motor,
      camera,
      createAutofocusNode(await make("autofocus"), { networks }),
      createFocusStrategyNode(await make("focus_strategy", { memory: MEMORY }), { networks }),
      createFusionNode(await make("fusion"), { weigher: () => Promise.resolve(options.weigh) }),
    ];
    const audience = await graph.createNode("audience", { namespace: "camera" });
    const stage = new Stage(lens, graph, audience, scene, clock);
    await stage.until(Promise.all(nodes.map(({ ready }) => ready)));
    return stage;
  }

  /** Lets time go on until the work is done. @throws AutofocusError `timeout` when it does not end, and what it rejects with. */
  async until<T>(work: Promise<T>): Promise<T> {
    let isDone = false;
    const done = (): void => void (isDone = true);
    work.then(done, done);
    const end = this.clock.now() + PATIENCE;
    const goesOn = (): boolean => !isDone;
    await this.clock.advance(0);
    while (goesOn()) {
      if (this.clock.now() > end) throw new AutofocusError("timeout", "The demonstration does not go on.");
      await this.clock.advance(STEP);
    }
    return work;
  }

  /** Changes what the camera sees; its time begins now. */
  show(scene: DemoScene): void {
    this.#scene.show(scene);
  }

  /** Moves the lens and returns the next frame taken there. */
  async moveTo(position: Steps): Promise<FocusedFrame> {
    const state = await this.until(this.#mover.moveTo(position, { timeout: PATIENCE }));
    return this.frameAfter(fromTime(state.header.stamp));
  }

  /** The next frame taken with the lens at rest. */
  frameAfter(after: Milliseconds): Promise<FocusedFrame> {
    return this.until(this.#feed.next({ after, timeout: PATIENCE }));
  }

  /** What a camera without blur and noise had seen in the place of a frame; linear light. */
  truth(position: Steps, stamp: Milliseconds): Promise<ImageF32> {
    return this.#scene.truth(position, stamp);
  }

  async close(): Promise<void> {
    this.#feed.close();
    this.#mover.close();
    await this.until(this.#graph.shutdown());
  }
}
