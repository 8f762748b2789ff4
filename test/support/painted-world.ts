/**
 * A camera, a lens and their two driver nodes on an embedded graph in stepped time, for tests of what is built on them.
 * The world is painted in numbers: a pixel holds the radius of the blur that the real lens model gives it, and the
 * double of the network reads it back, so that outcomes are exact and fast. The lens, the graph and the nodes are real.
 * What is painted is on the pixels of even column and row; the others carry a texture too, which fades with the blur as
 * fine detail does.
 */
import type { LensModel } from "../../src/algorithms/optics/lens-model.ts";
import { sharpnessOf } from "../../src/algorithms/optics/sharpness-curve.ts";
import { detailPassed } from "../../src/algorithms/strategy/still/frame-detail.ts";
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
/** Contrast of the texture in focus: pixels of odd column or row are brighter by it in every second square of 2x2. */
const TEXTURE = 80;

/** Pixels from one painted value to the next. */
const EASING = 24;

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
    const line = new Uint8Array(WIDTH);
    for (let y = 0; y < HEIGHT; y++) {
      for (let x = 0; x < WIDTH; x++) {
        const z0 = this.depth(x, y);
        let value = values.get(z0);
        if (value === undefined) values.set(z0, (value = this.#valueOf(z0 as number, position)));
        line[x] = value;
      }
      for (let x = 0; x < WIDTH; x++) {
        const value = eased(line, x);
        const isBright = (x % 2 === 1 || y % 2 === 1) && ((x >> 1) + (y >> 1)) % 2 === 1;
        data[y * WIDTH + x] =
          isBright && value !== BLANK ? Math.min(BLANK - 1, value + textureOf(value)) : value;
      }
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
      map: (gray: ImageU8) => {
        const values = Array.from(gray.data, (_, at) =>
          paintedAt(gray, at % gray.width, Math.floor(at / gray.width)),
        );
        return Promise.resolve({
          raw: values.map((value) => sharpnessOf(value / VALUE_PER_PIXEL)),
          deviation: values.map((value) => (value === BLANK ? 1 : 0.05)),
        });
      },
    }),
};

/** The way from one painted value to the next, so that it is no detail itself; it ends where the next one begins. */
function eased(line: Uint8Array, x: number): number {
  const own = line[x] as number;
  for (let step = 1; step < EASING && x + step < WIDTH && own !== BLANK; step++) {
    const next = line[x + step] as number;
    if (next !== own) return Math.round(next + ((own - next) * step) / EASING);
  }
  return own;
}

function textureOf(value: number): number {
  return Math.round(TEXTURE * Math.sqrt(detailPassed(value / VALUE_PER_PIXEL / 2)));
}

/** The value painted at or beside a pixel. */
function paintedAt({ data, width }: ImageU8, x: number, y: number): number {
  return data[(y - (y % 2)) * width + x - (x % 2)] ?? BLANK;
}

function readPatch(gray: ImageU8, { x, y, width, height }: Roi): DefocusReading {
  const value = paintedAt(gray, x + (width >> 1), y + (height >> 1));
  const radius = value / VALUE_PER_PIXEL;
  return {
    logRadius: logRadiusOf(radius),
    logRadiusStd: 0.08,
    inFocusProbability: radius < 1 ? 0.99 : 0.01,
    sharpness: 1 / (1 + radius * radius),
    textured: value !== BLANK,
  };
}
