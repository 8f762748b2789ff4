/**
 * A camera whose frames are made before it is opened: what its scene shows from a few lens positions, of which each frame is
 * the nearest. It costs nothing while it runs, so that what is measured is what is done with its frames.
 */
import { Subject, type Observable } from "rxjs";
import { deepScene } from "../../src/drivers/simulator/procedural/deep-scene.ts";
import { DepthScene } from "../../src/drivers/simulator/depth-scene.ts";
import { GOOD_LIGHT } from "../../src/drivers/simulator/simulated-camera.ts";
import { rangeEnds, type LensModel } from "../../src/algorithms/optics/lens-model.ts";
import { systemClock } from "../../src/core/clock.ts";
import type { Frame } from "../../src/core/frame.ts";
import type { ImageU8 } from "../../src/core/image.ts";
import { expose } from "../../src/core/native/index.ts";
import { seededRandom } from "../../src/core/random.ts";
import type { Milliseconds, Steps } from "../../src/core/units.ts";
import type { CameraDriver, CameraInfo } from "../../src/drivers/camera.ts";

export interface Shown {
  readonly position: Steps;
  readonly picture: ImageU8;
}

/** How many lens positions there are frames of. */
const POSITIONS = 9;

/** A procedural scene with depth, in gray, from lens positions over the whole range. */
export async function prepareFrames(
  lens: LensModel,
  width: number,
  height: number,
): Promise<readonly Shown[]> {
  const { far, near } = rangeEnds(lens);
  const { picture: sharp, focus } = deepScene({ width, height, channels: 1, lens, random: seededRandom(1) });
  const scene = new DepthScene(sharp, focus, { lens, reference: far });
  const shown: Shown[] = [];
  for (let index = 0; index < POSITIONS; index++) {
    const position = far + ((near - far) * index) / (POSITIONS - 1);
    const picture = await expose(await scene.render(position), { ...GOOD_LIGHT, seed: index });
    shown.push({ position, picture });
  }
  return shown;
}

export interface PreparedCameraOptions {
  readonly frames: readonly Shown[];
  /** Frames a second. */
  readonly rate: number;
  readonly positionAt: (time: Milliseconds) => Steps;
  /** Told of every frame just before it is handed out. */
  readonly onFrame: (stamp: Milliseconds) => void;
}

export class PreparedCamera implements CameraDriver {
  readonly frames$: Observable<Frame>;
  readonly #options: PreparedCameraOptions;
  readonly #frames = new Subject<Frame>();
  readonly #closing = new AbortController();

  constructor(options: PreparedCameraOptions) {
    this.#options = options;
    this.frames$ = this.#frames.asObservable();
  }

  open(): Promise<void> {
    void this.#run().catch(() => this.#frames.complete());
    return Promise.resolve();
  }

  info(): CameraInfo {
    const [first] = this.#options.frames;
    if (first === undefined) throw new Error("No frames were prepared.");
    const { width, height, channels } = first.picture;
    return { width, height, channels, model: "prepared camera", frameId: "camera_optical_frame" };
  }

  close(): Promise<void> {
    this.#closing.abort();
    return Promise.resolve();
  }

  /** At fixed times, however late the one before was. */
  async #run(): Promise<void> {
    const { rate, onFrame } = this.#options;
    const exposure = 500 / rate;
    const start = systemClock.now();
    for (let sequence = 0; ; sequence++) {
      const stamp = start + (1000 * sequence) / rate;
      await systemClock.sleep(Math.max(0, stamp + exposure - systemClock.now()), this.#closing.signal);
      onFrame(stamp);
      const picture = this.#nearest(stamp + exposure / 2);
      this.#frames.next({ image: picture, stamp, exposure, sequence, frameId: this.info().frameId });
    }
  }

  #nearest(time: Milliseconds): ImageU8 {
    const { frames, positionAt } = this.#options;
    const position = positionAt(time);
    const away = (shown: Shown): number => Math.abs(shown.position - position);
    return frames.reduce((best, each) => (away(each) < away(best) ? each : best)).picture;
  }
}
