/**
 * What is drawn at random for a training patch: the scene and its blur (`SceneRecipe`), then everything a camera does to
 * it (`CameraRecipe`). A network trained without correlated noise, sharpening and JPEG takes the noise grain of a
 * real camera for sharp texture and reads a strongly defocused frame as nearly sharp, so these are not optional.
 */
import type { Exposure } from "../core/native/index.ts";
import { uniform, uniformInt, type Random } from "../core/random.ts";
import type { Pixels, Steps } from "../core/units.ts";
import { drawAperture, type Aperture } from "./aperture.ts";
import type { VideoQuantisation } from "./video-quantise.ts";

/** Largest radius trained for, px. */
export const MAX_RADIUS = 200;

/**
 * How much of what cameras vary is drawn: `plain` has the disk, light and white noise alone (draw-plain-patches.ts); `standard` has round apertures, power-law gamma, softening, shake, noise, sharpening and
 * JPEG; `extended` adds aperture shapes and colour (aperture.ts), the sRGB curve, noise reduction and video compression.
 */
export const EFFECTS = ["plain", "standard", "extended"] as const;
export type Effects = (typeof EFFECTS)[number];

export interface Blur {
  readonly radius: Pixels;
  /** Set for data in steps of a lens. */
  readonly z0?: Steps;
  readonly z?: Steps;
}

/** Smallest and largest radius, px. */
export type RadiusRange = readonly [low: Pixels, high: Pixels];

export interface SceneRecipe {
  /** Index into the sources. */
  readonly source: number;
  /** Pixels of the patch per pixel of the source. */
  readonly scale: number;
  /** The blur is computed on a picture reduced by this factor; exact enough where it removes all fine detail anyway. */
  readonly reduction: 1 | 2 | 4;
  readonly cubic: number;
  readonly flip: boolean;
  readonly transpose: boolean;
  readonly gamma: number;
  /** Undefined: a round one. */
  readonly aperture?: Aperture;
}

export interface CameraRecipe {
  /** Standard deviation of a Gaussian on top of the disk (aberrations, diffraction), px; 0 = a hard-edged disk. */
  readonly softening: Pixels;
  /** Camera shake: length of a straight line, px; 0 = none. */
  readonly motion: Pixels;
  readonly motionAngle: number;
  /** Contrast around the mean, 1 = as photographed. */
  readonly contrast: number;
  /** Mean linear light after exposure, 0..1. */
  readonly exposure: number;
  /** Loss of light in a corner, 0..1, and the slope of the illumination across the patch. */
  readonly vignetting: number;
  readonly slope: number;
  /** Photo-electrons at white; fewer = more shot noise. */
  readonly electrons: number;
  /** Standard deviation of the read noise, 1 = white. */
  readonly readNoise: number;
  /** Standard deviation of the Gaussian that correlates the noise (demosaicing, noise reduction), px. */
  readonly noiseBlur: Pixels;
  readonly gamma: number;
  /** Unsharp mask of the image signal processor. */
  readonly sharpenAmount: number;
  readonly sharpenSigma: Pixels;
  /** 0 = not compressed. */
  readonly jpegQuality: number;
  /** True: the sRGB curve instead of the power `gamma`. */
  readonly srgb?: boolean;
  readonly denoise?: Denoise;
  /** Instead of JPEG. */
  readonly video?: VideoQuantisation;
}

export type Denoise =
  | { readonly kind: "median" }
  | { readonly kind: "bilateral"; /** Camera values. */ readonly tolerance: number };

/** Radii with enough mass near focus; the rest spread evenly in log(radius + 0.5) up to MAX_RADIUS. */
export function drawRadius(random: Random): Pixels {
  const kind = random.next();
  if (kind < 0.07) return 0;
  if (kind < 0.28) return uniform(random, 0, 3);
  if (kind < 0.36) return uniform(random, 0, 10);
  if (kind < 0.44) return uniform(random, 60, MAX_RADIUS);
  return logUniform(random, 1, MAX_RADIUS);
}

/** Radii spread evenly in their logarithm within `low` to `high`, for more of what is hardest to read. */
export function drawRadiusWithin(random: Random, low: Pixels, high: Pixels): Pixels {
  return logUniform(random, low, high);
}

/** How the scene is looked at. Only a strongly blurred scene may be an enlarged photograph. */
export function drawScene(
  random: Random,
  sources: number,
  radius: Pixels,
  effects: Effects = "standard",
): SceneRecipe {
  const largest = Math.min(3, Math.max(0.85, radius / 8));
  const scene: SceneRecipe = {
    source: uniformInt(random, 0, sources - 1),
    scale: logUniform(random, 0.35, largest),
    reduction: radius < 16 ? 1 : radius < 48 ? 2 : 4,
    cubic: uniform(random, -0.9, -0.4),
    flip: random.next() < 0.5,
    transpose: random.next() < 0.5,
    gamma: uniform(random, 1.8, 2.6),
  };
  // Below, the shape of the aperture is lost in the pixels.
  if (effects !== "extended" || radius < 0.7 || random.next() < 0.4) return scene;
  return { ...scene, aperture: drawAperture(random) };
}

/** What the camera does to a patch with disk radius `radius`. */
export function drawCamera(
  random: Random,
  radius: Pixels,
  gamma: number,
  effects: Effects = "standard",
): CameraRecipe {
  const chance = (share: number): boolean => random.next() < share;
  const clean = chance(0.25);
  const camera: CameraRecipe = {
    softening: chance(0.3) ? radius * uniform(random, 0.05, 0.3) + uniform(random, 0, 0.5) : 0,
    motion: chance(0.06) ? logUniform(random, 2, 16) : 0,
    motionAngle: uniform(random, 0, Math.PI),
    contrast: chance(0.15) ? logUniform(random, 0.02, 1) : 1,
    exposure: logUniform(random, 0.03, 0.5),
    vignetting: chance(0.4) ? uniform(random, 0, 0.4) : 0,
    slope: chance(0.4) ? uniform(random, -0.3, 0.3) : 0,
    electrons: clean ? 1e5 : logUniform(random, 200, 20_000),
    readNoise: clean ? 0 : logUniform(random, 2e-4, 8e-3),
    noiseBlur: chance(0.65) ? uniform(random, 0.35, 1.8) : 0,
    gamma,
    sharpenAmount: chance(0.45) ? uniform(random, 0.1, 1.6) : 0,
    sharpenSigma: uniform(random, 0.6, 2),
    jpegQuality: chance(0.5) ? uniformInt(random, 60, 98) : 0,
  };
  return effects === "extended" ? extend(camera, random) : camera;
}

/** A piece of a photograph, reduced so that it is sharp. */
export function drawPlainScene(
  random: Random,
): Pick<SceneRecipe, "scale" | "cubic" | "flip" | "transpose" | "gamma"> {
  return {
    scale: logUniform(random, 0.35, 0.85),
    cubic: uniform(random, -0.9, -0.4),
    flip: random.next() < 0.5,
    transpose: random.next() < 0.5,
    gamma: uniform(random, 1.8, 2.6),
  };
}

/** Photographs are well exposed, so the light is theirs, or up to four times less. */
export function drawPlainCamera(random: Random, gamma: number): Omit<Exposure, "seed"> {
  return {
    gain: logUniform(random, 0.25, 1.2),
    gamma,
    shotNoise: logUniform(random, 500, 20_000),
    readNoise: logUniform(random, 2e-4, 8e-3),
  };
}

function extend(camera: CameraRecipe, random: Random): CameraRecipe {
  const chance = (share: number): boolean => random.next() < share;
  const srgb = chance(0.4);
  const noisier = chance(0.1) ? { electrons: logUniform(random, 60, 400) } : {};
  const denoise: Denoise = chance(0.3)
    ? { kind: "median" }
    : { kind: "bilateral", tolerance: logUniform(random, 2, 16) };
  const video: VideoQuantisation = { qp: uniform(random, 12, 36), block: chance(0.5) ? 4 : 8 };
  return {
    ...camera,
    ...noisier,
    srgb,
    ...(chance(0.25) && { denoise }),
    ...(chance(0.2) && { video, jpegQuality: 0 }),
  };
}

function logUniform(random: Random, low: number, high: number): number {
  return low * (high / low) ** random.next();
}
