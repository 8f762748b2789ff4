/** A clip given depth, as the simulated camera films it: frame by frame, at any focus position. */
import type { LensModel } from "../../algorithms/optics/lens-model.ts";
import { videoReference } from "../../algorithms/fusion/streaming/streaming-fusion.ts";
import { image, type ImageF32, type ImageU8 } from "../../core/image.ts";
import { expose, linearise } from "../../core/native/index.ts";
import type { Steps } from "../../core/units.ts";
import { DepthScene } from "../../drivers/simulator/depth-scene.ts";
import { throughPinhole } from "../../drivers/simulator/pinhole.ts";
import type { View } from "../../drivers/simulator/scene.ts";

const GAMMA = 2.2;
/** A white pixel is this bright, and the read noise: an ordinary camera in good light. */
const NOISE = { shotNoise: 10_000, readNoise: 0.002 };

/** How far things are, as a share of the range of the lens, 0 = one end; the clips themselves have no depth. */
export const DEPTHS = {
  "left to right": (x: number) => x,
  "three walls": (x: number) => Math.min(2, Math.floor(3 * x)) / 2,
  ground: (_x: number, y: number) => 0.1 + 0.8 * y,
} as const satisfies Record<string, (x: number, y: number) => number>;
export type DepthName = keyof typeof DEPTHS;

/** Largest radius, as a share of the width: as strong as on the sensor of the lens of paper 1. */
const LARGEST_BLUR = 0.03;

/**
 * The lens on a camera with so many pixels. Its depth of field there is what blurs by less than a pixel, and it does not
 * breathe, so that frames taken at different positions can be compared with one truth.
 */
export function lensFor(lens: LensModel, width: number): LensModel {
  const { min, max } = lens.range;
  const seen = lens.resized((LARGEST_BLUR * width) / lens.radius(min, max));
  const perStep = seen.radius(min, max) / (max - min);
  return {
    name: seen.name,
    range: seen.range,
    frame: seen.frame,
    radius: (z0, z) => seen.radius(z0, z),
    candidates: (radius, z) => seen.candidates(radius, z),
    scale: () => 1,
    depthOfField: () => 1 / perStep,
    dioptres: (z) => seen.dioptres(z),
    resized: (factor) => lensFor(lens, factor * width),
  };
}

export class FilmedClip {
  readonly lens: LensModel;
  readonly #frames: readonly ImageU8[];
  readonly #map: ImageF32;
  readonly #seed: number;

  /** @param frames of one size, colour. */
  constructor(frames: readonly ImageU8[], depth: DepthName, lens: LensModel, seed: number) {
    const { width, height } = frames[0] as ImageU8;
    const { min, max } = lens.range;
    const shareAt = DEPTHS[depth];
    this.lens = lens;
    this.#frames = frames;
    this.#seed = seed;
    this.#map = image(
      width,
      height,
      1,
      Float32Array.from({ length: width * height }, (_, at) => {
        const share = shareAt((at % width) / width, Math.floor(at / width) / height);
        return min + share * (max - min);
      }),
    );
  }

  get length(): number {
    return this.#frames.length;
  }

  /** What the scene is at frame `index`: sharp. */
  async truth(index: number): Promise<ImageU8> {
    const scene = await this.#scene(index, throughPinhole);
    const light = await scene.render(videoReference(this.lens));
    return expose(light, { gain: 1, gamma: GAMMA, shotNoise: 0, readNoise: 0, seed: 0 });
  }

  /** What the camera sees of it with the lens at `z`. */
  async frame(index: number, z: Steps): Promise<ImageU8> {
    const scene = await this.#scene(index, (view) => view);
    const seed = this.#seed * 1009 + index;
    return expose(await scene.render(z), { gain: 1, gamma: GAMMA, ...NOISE, seed });
  }

  async #scene(index: number, through: (view: View) => View): Promise<DepthScene> {
    const light = await linearise(this.#frames[index] as ImageU8, GAMMA);
    return new DepthScene(
      light,
      this.#map,
      through({ lens: this.lens, reference: videoReference(this.lens) }),
    );
  }
}
