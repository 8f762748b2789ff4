/**
 * Everything between the lens and the file: softening, shake, light, noise, gamma, noise reduction, sharpening,
 * compression.
 * In: linear light 0..1 behind an ideal defocus disk. Out: an 8-bit gray patch and the same without noise.
 */
import { image, type ImageF32, type ImageU8 } from "../core/image.ts";
import { gaussianBlur, resample } from "../core/native/index.ts";
import type { Random } from "../core/random.ts";
import { decode, encode, toEightBit } from "../io/picture.ts";
import { bilateral, median } from "./denoise.ts";
import { normals } from "./normals.ts";
import type { CameraRecipe, Denoise } from "./recipe.ts";
import { videoQuantise } from "./video-quantise.ts";

/** Gamma by table: a power for every pixel would dominate the time to render. */
const CURVE_STEPS = 2 ** 16;

export interface Photographed {
  readonly patch: ImageU8;
  /** Camera values 0..255 without noise, shading, sharpening and compression: how much texture there is. */
  readonly ideal: ImageF32;
}

export async function photograph(
  light: ImageF32,
  recipe: CameraRecipe,
  random: Random,
): Promise<Photographed> {
  let scene = recipe.softening > 0 ? await gaussianBlur(light, recipe.softening) : light;
  if (recipe.motion > 0) scene = await shake(scene, recipe.motion, recipe.motionAngle);
  const exposed = expose(scene, recipe);
  const shaded = shade(exposed, recipe);
  const curve = recipe.srgb === true ? SRGB_CURVE : gammaCurve(recipe.gamma);
  const raw = quieten(toCamera(await addNoise(shaded, recipe, random), curve), recipe.denoise);
  const soft = recipe.sharpenAmount > 0 ? await gaussianBlur(raw, recipe.sharpenSigma) : raw;
  const patch = develop(raw, soft, recipe.sharpenAmount);
  return {
    patch: await compress(patch, recipe),
    ideal: toCamera(exposed, curve),
  };
}

/** Mean of copies shifted along a line. */
async function shake(scene: ImageF32, length: number, angle: number): Promise<ImageF32> {
  const { width, height } = scene;
  const count = Math.ceil(length) + 1;
  const sum = new Float32Array(scene.data.length);
  for (let k = 0; k < count; k++) {
    const along = length * (k / (count - 1) - 0.5);
    const matrix = [1, 0, along * Math.cos(angle), 0, 1, along * Math.sin(angle)] as const;
    const shifted = await resample(scene, { width, height, matrix, filter: "bilinear", border: "mirror" });
    for (let at = 0; at < sum.length; at++) sum[at]! += shifted.data[at]! / count;
  }
  return image(width, height, 1, sum);
}

/** Contrast around the mean, and the mean brought to the exposure wanted; highlights may clip, as they do. */
function expose(scene: ImageF32, { contrast, exposure }: CameraRecipe): ImageF32 {
  const { data } = scene;
  let sum = 0;
  for (let at = 0; at < data.length; at++) sum += data[at]!;
  const mean = sum / data.length;
  const gain = exposure / Math.max(mean, 1e-4);
  const out = new Float32Array(data.length);
  for (let at = 0; at < out.length; at++)
    out[at] = Math.min(1, Math.max(0, gain * (mean + contrast * (data[at]! - mean))));
  return image(scene.width, scene.height, 1, out);
}

function shade(scene: ImageF32, { vignetting, slope }: CameraRecipe): ImageF32 {
  if (vignetting === 0 && slope === 0) return scene;
  const { width, height } = scene;
  const out = new Float32Array(scene.data.length);
  for (let y = 0, at = 0; y < height; y++) {
    const v = y / height;
    for (let x = 0; x < width; x++, at++) {
      const u = x / width;
      const factor = 1 - (vignetting * (u * u + v * v)) / 2 + slope * (u - 0.5);
      out[at] = Math.min(1, scene.data[at]! * factor);
    }
  }
  return image(width, height, 1, out);
}

/** The scene with shot and read noise, the noise blurred as demosaicing and noise reduction leave it. */
async function addNoise(scene: ImageF32, recipe: CameraRecipe, random: Random): Promise<ImageF32> {
  const out = normals(scene.data.length, random);
  const variance = recipe.readNoise ** 2;
  for (let at = 0; at < out.length; at++)
    out[at]! *= Math.sqrt(scene.data[at]! / recipe.electrons + variance);
  const white = image(scene.width, scene.height, 1, out);
  const noise = recipe.noiseBlur > 0 ? await gaussianBlur(white, recipe.noiseBlur) : white;
  for (let at = 0; at < out.length; at++) out[at] = noise.data[at]! + scene.data[at]!;
  return white;
}

/** Camera values 0..255 over linear light 0..1. */
const curveOf = (value: (light: number) => number): Float32Array =>
  Float32Array.from({ length: CURVE_STEPS + 1 }, (_, k) => 255 * value(k / CURVE_STEPS));
const gammaCurve = (gamma: number): Float32Array => curveOf((light) => light ** (1 / gamma));
/** IEC 61966-2-1. */
const SRGB_CURVE = curveOf((light) =>
  light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055,
);

function toCamera(light: ImageF32, curve: Float32Array): ImageF32 {
  const out = new Float32Array(light.data.length);
  for (let at = 0; at < out.length; at++) {
    const value = light.data[at]!;
    out[at] = curve[value <= 0 ? 0 : value >= 1 ? CURVE_STEPS : (value * CURVE_STEPS + 0.5) | 0]!;
  }
  return image(light.width, light.height, 1, out);
}

/** Adds `amount` times what a blur takes away, and rounds to camera values. */
function develop(picture: ImageF32, blurred: ImageF32, amount: number): ImageU8 {
  const out = new Uint8Array(picture.data.length);
  for (let at = 0; at < out.length; at++) {
    const value = picture.data[at]!;
    out[at] = Math.min(255, Math.max(0, Math.round(value + amount * (value - blurred.data[at]!))));
  }
  return image(picture.width, picture.height, 1, out);
}

function quieten(raw: ImageF32, denoise: Denoise | undefined): ImageF32 {
  if (denoise === undefined) return raw;
  return denoise.kind === "median" ? median(raw) : bilateral(raw, denoise.tolerance);
}

async function compress(patch: ImageU8, { video, jpegQuality }: CameraRecipe): Promise<ImageU8> {
  if (video !== undefined) return videoQuantise(patch, video);
  if (jpegQuality === 0) return patch;
  const bytes = await encode(patch, "jpeg", { quality: jpegQuality });
  return toEightBit(await decode(bytes, "training patch", { channels: 1 }));
}
