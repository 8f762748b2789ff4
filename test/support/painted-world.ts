/**
 * A camera, a lens and their two driver nodes on an embedded graph in stepped time, for tests of what is built on them.
 * The world is painted in numbers: a pixel holds the radius of the blur that the real lens model gives it, and the
 * double of the network reads it back, so that outcomes are exact and fast. The lens, the graph and the nodes are real.
 */
import type { LensModel } from "../../src/algorithms/optics/lens-model.ts";
import { sharpnessOf } from "../../src/algorithms/optics/sharpness-curve.ts";
import { logRadiusOf } from "../../src/algorithms/search/types.ts";
import type { DefocusReading } from "../../src/algorithms/search/types.ts";
import { SteppedClock } from "../../src/core/clock.ts";
import { image, type ImageU8 } from "../../src/core/image.ts";
import type { Roi } from "../../src/core/roi.ts";
import type { CameraInfo } from "../../src/drivers/camera.ts";
import { PacedCamera, type Shot } from "../../src/drivers/paced-camera.ts";
import { SimulatedLens, type SimulatedLensOptions } from "../../src/drivers/simulator/simulated-lens.ts";
import { loadLens } from "../../src/io/lens-file.ts";
import { createCameraDriverNode } from "../../src/nodes/camera-driver-node.ts";
import { createMotorDriverNode } from "../../src/nodes/motor-driver-node.ts";
import type { Networks } from "../../src/pipeline/networks.ts";
import { EmbeddedGraph } from "../../src/ros/embedded-graph.ts";
import type { LogEntry } from "../../src/ros/logging.ts";
import type { RosNode } from "../../src/ros/port.ts";

export const WIDTH = 640;
export const HEIGHT = 384;
const LENS = "ca378-vcm";
/** Pixel value a pixel of radius, and the value that stands for "no texture". */
const VALUE_PER_PIXEL = 8;
const BLANK = 255;

/** In-focus position of what a pixel shows; undefined where it has no texture. */
export type DepthAt = (x: number, y: number) => number | undefined;

export interface PaintedWorldOptions {
  readonly depth: DepthAt;
  readonly lens?: Partial<SimulatedLensOptions>;
  /** Frames after which the camera goes away. */
  readonly failAfter?: number;
}

export class PaintedWorld {
  readonly clock: SteppedClock;
  readonly graph: EmbeddedGraph;
  readonly model: LensModel;
  readonly logs: LogEntry[] = [];
  /** What the camera sees; may be changed at any time. */
  depth: DepthAt;
  #motor: SimulatedLens | undefined;
  #painted: { readonly position: number; readonly depth: DepthAt; readonly picture: ImageU8 } | undefined;

  private constructor(model: LensModel, { depth }: PaintedWorldOptions) {
    this.model = model;
    this.depth = depth;
    this.clock = new SteppedClock(1_000_000);
    this.graph = new EmbeddedGraph({ clock: this.clock, sink: (entry) => this.logs.push(entry) });
  }

  static async start(options: PaintedWorldOptions): Promise<PaintedWorld> {
    const model = await loadLens(LENS);
    const world = new PaintedWorld(model, options);
    const { clock } = world;
    const motor = createMotorDriverNode(await world.graph.createNode("motor_driver"), {
      createLens: () => {
        world.#motor = new SimulatedLens({ range: model.range, clock, ...options.lens });
        return Promise.resolve(world.#motor);
      },
      loadModel: () => Promise.resolve(model),
    });
    const camera = createCameraDriverNode(await world.graph.createNode("camera_driver"), {
      createCamera: (_, __, positionAt) =>
        Promise.resolve(
          new PaintedCamera(
            world,
            positionAt,
            options.failAfter === undefined ? {} : { failAfter: options.failAfter },
          ),
        ),
      loadModel: () => Promise.resolve(model),
    });
    await world.until(Promise.all([motor.ready, camera.ready]));
    return world;
  }

  /** Where the lens stands. */
  get position(): number {
    return this.#motor?.positionAt(this.clock.now()) ?? NaN;
  }

  /** The picture that the camera takes with the lens at `position`; the same one as long as nothing changes. */
  paint(position: number): ImageU8 {
    if (this.#painted?.position !== position || this.#painted.depth !== this.depth)
      this.#painted = { position, depth: this.depth, picture: this.#paint(position) };
    return this.#painted.picture;
  }

  #paint(position: number): ImageU8 {
    const data = new Uint8Array(WIDTH * HEIGHT);
    const values = new Map<number | undefined, number>([[undefined, BLANK]]);
    for (let y = 0, at = 0; y < HEIGHT; y++)
      for (let x = 0; x < WIDTH; x++, at++) {
        const z0 = this.depth(x, y);
        let value = values.get(z0);
        if (value === undefined) values.set(z0, (value = this.#valueOf(z0 as number, position)));
        data[at] = value;
      }
    return image(WIDTH, HEIGHT, 1, data);
  }

  #valueOf(z0: number, position: number): number {
    return Math.min(BLANK - 1, Math.round(VALUE_PER_PIXEL * this.model.radius(z0, position)));
  }

  /** Lets time go on until the work is done, for at most `most` ms of it. */
  async until<T>(work: Promise<T>, most = 120_000): Promise<T> {
    let isDone = false;
    const done = (): void => void (isDone = true);
    work.then(done, done);
    const end = this.clock.now() + most;
    await this.clock.advance(0);
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- set by the callback above
    while (!isDone) {
      if (this.clock.now() > end) throw new Error(`Nothing happened within ${most} ms of stepped time.`);
      await this.clock.advance(5);
    }
    return work;
  }

  /** Lets time go on until the condition holds. */
  async untilTrue(condition: () => boolean, most = 60_000): Promise<void> {
    const end = this.clock.now() + most;
    while (!condition()) {
      if (this.clock.now() > end)
        throw new Error(`The condition did not hold within ${most} ms of stepped time.`);
      await this.clock.advance(5);
    }
  }

  async advance(duration: number): Promise<void> {
    for (let left = duration; left > 0; left -= 5) await this.clock.advance(5);
  }

  node(name: string, parameters: Readonly<Record<string, unknown>> = {}): Promise<RosNode> {
    return this.graph.createNode(name, { parameters: { lens: LENS, ...parameters } });
  }

  async stop(): Promise<void> {
    await this.until(this.graph.shutdown());
  }
}

class PaintedCamera extends PacedCamera {
  readonly #world: PaintedWorld;
  readonly #positionAt: (time: number) => number;

  constructor(world: PaintedWorld, positionAt: (time: number) => number, options: { failAfter?: number }) {
    super({ clock: world.clock, frameRate: 15, ...options });
    this.#world = world;
    this.#positionAt = positionAt;
  }

  info(): CameraInfo {
    return { width: WIDTH, height: HEIGHT, channels: 1, model: "painted camera", frameId: this.frameId };
  }

  protected take({ at }: Shot): Promise<ImageU8> {
    return Promise.resolve(this.#world.paint(this.#positionAt(at)));
  }
}

/** Reads what is painted in the middle of each patch. */
export const PAINTED_NETWORKS: Networks = {
  defocus: () =>
    Promise.resolve({
      sizes: [128, 256, 512],
      read: (gray: ImageU8, patches: readonly Roi[]) =>
        Promise.resolve(patches.map((patch) => readPatch(gray, patch))),
    }),
  steps: () => Promise.reject(new Error("There are no painted steps.")),
  sharpness: () =>
    Promise.resolve({
      map: ({ data }: ImageU8) =>
        Promise.resolve({
          raw: Array.from(data, (value) => sharpnessOf(value / VALUE_PER_PIXEL)),
          deviation: Array.from(data, (value) => (value === BLANK ? 1 : 0.05)),
        }),
    }),
};

function readPatch(gray: ImageU8, { x, y, width, height }: Roi): DefocusReading {
  const value = gray.data[(y + (height >> 1)) * gray.width + x + (width >> 1)] ?? BLANK;
  const radius = value / VALUE_PER_PIXEL;
  return {
    logRadius: logRadiusOf(radius),
    logRadiusStd: 0.08,
    inFocusProbability: radius < 1 ? 0.99 : 0.01,
    sharpness: 1 / (1 + radius * radius),
    textured: value !== BLANK,
  };
}
