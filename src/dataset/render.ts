/**
 * Renders what a lens projects (paper 1, section 6.1.2): a piece of an in-focus picture, in linear light, behind a
 * defocus disk; now and then two pieces at different depths with an edge between them.
 */
import { image, type ImageF32, type ImageU8 } from "../core/image.ts";
import { convolve, diskBlur, resample, type BlurOptions } from "../core/native/index.ts";
import { uniform, type Random } from "../core/random.ts";
import type { Roi } from "../core/roi.ts";
import type { Pixels } from "../core/units.ts";
import { pointSpread } from "./aperture.ts";
import type { SceneRecipe } from "./recipe.ts";
import { sampleScene } from "./sample-scene.ts";

/** Side of a training patch, px. */
export const PATCH_SIZE = 512;

/** Below this radius a photograph's own blur would be mistaken for the label, so a crisp place is looked for. */
const CRISP_BELOW = 12;
const PLACES_TRIED = 4;

/** Most that the blur reaches beyond its radius, px and as a factor: colour, and the corners of a pentagon. */
const REACH = { beyond: 2, factor: 1.15 };

/** Linear light behind the aperture, its disk of `radius`. */
export async function renderLight(
  source: ImageU8,
  recipe: SceneRecipe,
  radius: Pixels,
  random: Random,
): Promise<ImageF32> {
  const { scale, reduction, transpose } = recipe;
  const { aperture } = recipe;
  const reach = aperture === undefined ? radius : radius * REACH.factor + REACH.beyond;
  const margin = Math.ceil(reach / reduction) + 3;
  const side = PATCH_SIZE / reduction + 2 * margin;
  const place = choosePlace(source, PATCH_SIZE / scale, radius < CRISP_BELOW ? PLACES_TRIED : 1, random);
  const workScale = scale / reduction;
  const scene = sampleScene(
    source,
    {
      x: place.x - margin / workScale,
      y: place.y - margin / workScale,
      scale: workScale,
      width: side,
      height: side,
      flip: recipe.flip,
      transpose,
      cubic: recipe.cubic,
    },
    recipe.gamma,
  );
  const blur = (options?: BlurOptions): Promise<ImageF32> =>
    aperture === undefined
      ? diskBlur(scene, radius / reduction, options)
      : convolve(scene, pointSpread(aperture, radius / reduction, 1 / reduction), options);
  if (reduction === 1) return blur({ roi: { x: margin, y: margin, width: PATCH_SIZE, height: PATCH_SIZE } });
  const blurred = await blur();
  const step = 1 / reduction;
  const offset = margin + (step - 1) / 2;
  return resample(blurred, {
    width: PATCH_SIZE,
    height: PATCH_SIZE,
    matrix: [step, 0, offset, 0, step, offset],
    filter: "bicubic",
    border: "mirror",
  });
}

/** Top-left corner of a piece `side` px of the photograph wide: of `tries` random places the crispest. */
export function choosePlace(
  source: ImageU8,
  side: number,
  tries: number,
  random: Random,
): { x: number; y: number } {
  const along = (length: number): number =>
    side < length ? uniform(random, 0, length - side) : (length - side) / 2;
  let best = { x: along(source.width), y: along(source.height) };
  let most = tries > 1 ? crispness(source, best, side) : 0;
  for (let k = 1; k < tries; k++) {
    const place = { x: along(source.width), y: along(source.height) };
    const crisp = crispness(source, place, side);
    if (crisp > most) [best, most] = [place, crisp];
  }
  return best;
}

/** Mean difference over 2 px against that over 8 px: about a half where the picture is crisp, a quarter where it is blurred. */
function crispness(source: ImageU8, place: { x: number; y: number }, side: number): number {
  const left = Math.max(0, Math.floor(place.x));
  const top = Math.max(0, Math.floor(place.y));
  const right = Math.min(source.width - 8, left + Math.floor(side));
  const bottom = Math.min(source.height, top + Math.floor(side));
  let fine = 0;
  let coarse = 100;
  for (let y = top; y < bottom; y += 7) {
    for (let x = left; x < right; x += 3) {
      const at = y * source.width + x;
      const value = source.data[at]!;
      fine += Math.abs(source.data[at + 2]! - value);
      coarse += Math.abs(source.data[at + 8]! - value);
    }
  }
  return fine / coarse;
}

/** A patch of two depths: `far` shows where `share` is 0. */
export interface EdgePatch {
  readonly light: ImageF32;
  /** Share of `near`, 0..1, at each pixel. */
  readonly share: Float32Array;
}

/** `near` in front of `far` with a straight edge, as soft as the nearer object's blur; it covers 10 to 90 %. */
export function joinAtEdge(near: ImageF32, far: ImageF32, nearRadius: Pixels, random: Random): EdgePatch {
  const { width, height } = near;
  const angle = uniform(random, 0, 2 * Math.PI);
  const offset = uniform(random, -0.3, 0.3) * width;
  const softness = Math.max(0.5, nearRadius);
  const share = new Float32Array(width * height);
  const light = new Float32Array(width * height);
  for (let at = 0; at < light.length; at++) {
    const u = (at % width) - width / 2;
    const v = Math.floor(at / width) - height / 2;
    const distance = u * Math.cos(angle) + v * Math.sin(angle) - offset;
    share[at] = diskEdge(distance / softness);
    light[at] = share[at]! * near.data[at]! + (1 - share[at]!) * far.data[at]!;
  }
  return { light: image(width, height, 1, light), share };
}

/** A step edge blurred by the unit disk: the share of a disk on one side of a line at distance `t`. */
function diskEdge(t: number): number {
  const u = Math.max(-1, Math.min(1, t));
  return 0.5 + (Math.asin(u) + u * Math.sqrt(1 - u * u)) / Math.PI;
}

/** Standard deviation inside `roi` of what a plane does not explain: the texture there is to read, in the units of the picture. */
export function textureOf(picture: ImageF32 | ImageU8, roi: Roi): number {
  const step = 2;
  let count = 0;
  let sum = 0;
  let sumX = 0;
  let sumY = 0;
  let sumXX = 0;
  let sumYY = 0;
  let sumSquares = 0;
  for (let y = 0; y < roi.height; y += step) {
    const v = y - (roi.height - step) / 2;
    for (let x = 0; x < roi.width; x += step) {
      const u = x - (roi.width - step) / 2;
      const value = picture.data[(roi.y + y) * picture.width + roi.x + x]!;
      count++;
      sum += value;
      sumX += u * value;
      sumY += v * value;
      sumXX += u * u;
      sumYY += v * v;
      sumSquares += value * value;
    }
  }
  const rest = sumSquares - sum ** 2 / count - sumX ** 2 / sumXX - sumY ** 2 / sumYY;
  return Math.sqrt(Math.max(0, rest / count));
}
