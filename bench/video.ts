/**
 * What all-in-focus video costs: fusing frames of several sizes, one after the other, and then a whole running graph (camera,
 * motor, strategy and fusion in one process, in real time) whose camera delivers 1280x720 at 15 and at 30 frames a second.
 * Frames count that are taken with the lens at rest, so the slower camera is left with every other one.
 *
 *     npx tsx bench/video.ts [SECONDS]
 *
 * The frames are of a made-up scene in motion and rendered beforehand: rendering costs more than all the rest.
 */
import os from "node:os";
import { StreamingFusion } from "../src/algorithms/fusion/streaming/streaming-fusion.ts";
import type { LensModel } from "../src/algorithms/optics/lens-model.ts";
import { paradeScene } from "../src/cli/demo/scenes.ts";
import { systemClock } from "../src/core/clock.ts";
import type { ImageU8 } from "../src/core/image.ts";
import { expose } from "../src/core/native/index.ts";
import { seededRandom } from "../src/core/random.ts";
import type { Milliseconds, Steps } from "../src/core/units.ts";
import type { CameraInfo } from "../src/drivers/camera.ts";
import { PacedCamera, type Shot } from "../src/drivers/paced-camera.ts";
import { SimulatedLens } from "../src/drivers/simulator/simulated-lens.ts";
import { BlendingNetwork } from "../src/inference/blending-network.ts";
import { DefocusEstimator } from "../src/inference/defocus-estimator.ts";
import { loadLens } from "../src/io/lens-file.ts";
import { createCameraDriverNode } from "../src/nodes/camera-driver-node.ts";
import { createFocusStrategyNode } from "../src/nodes/focus-strategy-node.ts";
import { createFusionNode } from "../src/nodes/fusion-node.ts";
import { createMotorDriverNode } from "../src/nodes/motor-driver-node.ts";
import { EmbeddedGraph } from "../src/ros/embedded-graph.ts";
import { stderrSink } from "../src/ros/logging.ts";
import type { RosNode } from "../src/ros/port.ts";
import { fromTime } from "../src/ros/time.ts";

const SIZES = [
  [432, 240],
  [854, 480],
  [1280, 720],
  [1920, 1080],
] as const;
const FRAMES = 40;
/** Not counted: code is compiled, memory is taken. */
const WARM_UP = 10;
const FRAME_RATES = [15, 30] as const;
const LENS = "ca378-vcm";
/** Focus positions and moments that the scene is rendered for. */
const POSITIONS = 8;
const MOMENTS = 6;
const INTERVAL: Milliseconds = 50;

/** By focus position, evenly over the range, and moment. */
class Footage {
  readonly #shots: readonly (readonly ImageU8[])[];

  constructor(shots: readonly (readonly ImageU8[])[]) {
    this.#shots = shots;
  }

  /**
   * Frame `index` of a film that goes there and back, so that nothing jumps.
   * @param share of the range of focus positions, 0..1.
   */
  at(share: number, index: number): ImageU8 {
    const turn = index % (2 * MOMENTS - 2);
    const shots = this.#shots[Math.round(share * (this.#shots.length - 1))];
    return shots?.[turn < MOMENTS ? turn : 2 * MOMENTS - 2 - turn] as ImageU8;
  }
}

async function footageOf(
  lens: LensModel,
  width: number,
  height: number,
  positions: number,
): Promise<Footage> {
  const { scene } = paradeScene({ width, height, channels: 3, lens }, seededRandom(1));
  const exposure = { gain: 1, gamma: 2.2, shotNoise: 8000, readNoise: 0.002 };
  const render = async (z: Steps, moment: number): Promise<ImageU8> =>
    expose(await scene.render(z, moment * INTERVAL), { ...exposure, seed: moment });
  const { min, max } = lens.range;
  const footage: ImageU8[][] = [];
  for (let index = 0; index < positions; index++) {
    const shots: ImageU8[] = [];
    for (let moment = 0; moment < MOMENTS; moment++)
      shots.push(await render(min + (index / (positions - 1)) * (max - min), moment));
    footage.push(shots);
  }
  return new Footage(footage);
}

class FootageCamera extends PacedCamera {
  readonly #footage: Footage;
  readonly #positionAt: (time: Milliseconds) => Steps;
  readonly #range: LensModel["range"];

  constructor(
    footage: Footage,
    lens: LensModel,
    frameRate: number,
    positionAt: (time: Milliseconds) => Steps,
  ) {
    super({ clock: systemClock, frameRate });
    this.#footage = footage;
    this.#range = lens.range;
    this.#positionAt = positionAt;
  }

  info(): CameraInfo {
    const { width, height, channels } = this.#footage.at(0, 0);
    return { width, height, channels, model: "footage", frameId: this.frameId };
  }

  protected take({ at, sequence }: Shot): Promise<ImageU8> {
    const { min, max } = this.#range;
    const share = (this.#positionAt(at) - min) / (max - min);
    return Promise.resolve(this.#footage.at(Number.isNaN(share) ? 0 : share, sequence));
  }
}

const round = (value: number): number => Number(value.toFixed(1));
const quantile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))] ?? NaN;
/** Of all threads of this process, ms. */
const processorTime = (since?: NodeJS.CpuUsage): Milliseconds => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
};

async function fuseSize(lens: LensModel, width: number, height: number, network: BlendingNetwork) {
  const footage = await footageOf(lens, width, height, 2);
  const fusion = new StreamingFusion(lens, (features) => network.weigh(features));
  const times: Milliseconds[] = [];
  let begun = process.cpuUsage();
  for (let index = 0; index < WARM_UP + FRAMES; index++) {
    if (index === WARM_UP) begun = process.cpuUsage();
    const side = index % 2;
    const from = performance.now();
    await fusion.add(footage.at(side, index), side === 0 ? lens.range.min : lens.range.max);
    if (index >= WARM_UP) times.push(performance.now() - from);
  }
  return {
    "ms (median)": round(quantile(times, 0.5)),
    "ms (p90)": round(quantile(times, 0.9)),
    "ms (least)": round(quantile(times, 0)),
    "processor, ms": round(processorTime(begun) / FRAMES),
  };
}

interface GraphOptions {
  readonly lens: LensModel;
  readonly network: BlendingNetwork;
  readonly footage: Footage;
  readonly frameRate: number;
  readonly seconds: number;
}

async function runGraph({ lens, network, footage, frameRate, seconds }: GraphOptions) {
  const graph = new EmbeddedGraph({ clock: systemClock, sink: stderrSink("warn") });
  const make = (name: string): Promise<RosNode> =>
    graph.createNode(name, { namespace: "camera", parameters: { lens: LENS } });
  const estimator = await DefocusEstimator.load();
  const unused = (): Promise<never> => Promise.reject(new Error("Not used here."));
  const networks = { defocus: () => Promise.resolve(estimator), steps: unused, sharpness: unused };
  const nodes = [
    createMotorDriverNode(await make("motor_driver"), {
      createLens: () =>
        Promise.resolve(new SimulatedLens({ range: lens.range, speed: 20_000, clock: systemClock })),
      loadModel: () => Promise.resolve(lens),
    }),
    createCameraDriverNode(await make("camera_driver"), {
      createCamera: (_settings, _clock, positionAt) =>
        Promise.resolve(new FootageCamera(footage, lens, frameRate, positionAt)),
      loadModel: () => Promise.resolve(lens),
    }),
    createFocusStrategyNode(await make("focus_strategy"), { networks }),
    createFusionNode(await make("fusion"), {
      weigher: () => Promise.resolve((features) => network.weigh(features)),
    }),
  ];
  await Promise.all(nodes.map(({ ready }) => ready));
  const audience = await graph.createNode("audience", { namespace: "camera" });
  const counts = { frames: 0, settled: 0, looks: 0, fused: 0 };
  const ages: Milliseconds[] = [];
  audience.subscribe("image_raw", "sensor_msgs/msg/Image").subscribe(() => counts.frames++);
  audience
    .subscribe("frame_focus", "intelligent_autofocus/msg/FrameFocus")
    .subscribe(({ settled }) => (counts.settled += Number(settled)));
  audience
    .subscribe("focus_strategy/activation", "intelligent_autofocus/msg/ActivationMatrix")
    .subscribe(() => counts.looks++);
  audience.subscribe("all_in_focus/image", "sensor_msgs/msg/Image").subscribe(({ header }) => {
    counts.fused++;
    ages.push(systemClock.now() - fromTime(header.stamp));
  });
  await audience.client("focus_strategy/enable", "std_srvs/srv/SetBool").call({ data: true });
  await systemClock.sleep(2000);
  const before = { ...counts };
  ages.length = 0;
  const begun = process.cpuUsage();
  const from = performance.now();
  await systemClock.sleep(1000 * seconds);
  const passed = (performance.now() - from) / 1000;
  const rate = (name: keyof typeof counts): number => round((counts[name] - before[name]) / passed);
  const report = {
    "frames a second": rate("frames"),
    "with the lens at rest": rate("settled"),
    "looks of the strategy": rate("looks"),
    fused: rate("fused"),
    "age, ms (median)": round(quantile(ages, 0.5)),
    "age, ms (p90)": round(quantile(ages, 0.9)),
    "processors in use": round(processorTime(begun) / 1000 / passed),
  };
  await graph.shutdown();
  return report;
}

const seconds = Number(process.argv[2] ?? 10);
const lens = await loadLens(LENS);
const network = await BlendingNetwork.load();
console.log(
  `${os.cpus()[0]?.model ?? "?"}, ${os.cpus().length} cores, Node.js ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}`,
);
const rows: Record<string, Awaited<ReturnType<typeof fuseSize>>> = {};
for (const [width, height] of SIZES)
  rows[`${width}x${height}`] = await fuseSize(lens.resized(width / 1280), width, height, network);
console.table(rows);
const footage = await footageOf(lens, 1280, 720, POSITIONS);
const running: Record<string, Awaited<ReturnType<typeof runGraph>>> = {};
for (const frameRate of FRAME_RATES)
  running[`camera at ${frameRate}/s`] = await runGraph({ lens, network, footage, frameRate, seconds });
console.table(running);
await network.dispose();
process.exit();
