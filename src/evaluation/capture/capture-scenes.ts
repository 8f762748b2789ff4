/** The still scenes of `evaluate capture`: their sharp picture and the in-focus position of every pixel are known. */
import type { LensModel } from "../../algorithms/optics/lens-model.ts";
import { image } from "../../core/image.ts";
import { seededRandom, uniform } from "../../core/random.ts";
import { deepScene, type SharpScene } from "../../drivers/simulator/procedural/deep-scene.ts";
import { plateauScene } from "../../drivers/simulator/procedural/plateau-scene.ts";
import { poster } from "../../drivers/simulator/procedural/poster.ts";

/** `plateaus`: a few depths; `room`: a floor through all depths; `slope`: a tilted plane over a part of the range. */
export const SCENE_KINDS = ["one depth", "plateaus", "slope", "room"] as const;
export type SceneKindName = (typeof SCENE_KINDS)[number];

/** Scenes that are not made up: pictures with measured depth (rgbd-scenes.ts). */
export const PHOTOGRAPHED = "photographs with measured depth";

export interface CaptureScene extends SharpScene {
  readonly kind: SceneKindName | typeof PHOTOGRAPHED;
  /** Of a scene that is made up; the others are counted from 1. */
  readonly seed: number;
}

/** Share of the range that the tilted plane runs through. */
const SLOPE = 0.35;

export function captureScene(
  kind: SceneKindName,
  seed: number,
  lens: LensModel,
  size: { readonly width: number; readonly height: number },
): CaptureScene {
  const random = seededRandom(seed);
  const options = { ...size, channels: 3, lens, random } as const;
  if (kind === "room") return { kind, seed, ...deepScene(options) };
  if (kind === "plateaus") return { kind, seed, ...plateauScene(options, 2 + (seed % 3)) };
  const { min, max } = lens.range;
  const low = min + uniform(random, 0.1, 0.55) * (max - min);
  const rise = kind === "slope" ? SLOPE * (max - min) : 0;
  const { width, height } = size;
  const depth = Float32Array.from(
    { length: width * height },
    (_, pixel) => low + (rise * (pixel % width)) / width,
  );
  return { kind, seed, picture: poster(options, random), focus: image(width, height, 1, depth) };
}
