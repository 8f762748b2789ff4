/**
 * What two frames of one scene have in common although they are focused and exposed differently: a band of middle
 * frequencies, its contrast made even over the picture. The band leaves out brightness (low) and noise (high); a frame
 * reduced further shows a band that a stronger defocus leaves alone, which is why alignment goes from coarse to fine
 * and trusts each level only as far as the frames agree on it.
 */
import { expected } from "../../../core/errors.ts";
import { image, type ImageF32 } from "../../../core/image.ts";
import { boxFilter, gaussianBlur } from "../../../core/native/index.ts";

/** Standard deviations of the two Gaussians whose difference is the band, px of the level. */
const FINE = 1;
const COARSE = 2.2;
/** Half the side of the window over which contrast is evened, px of the level. */
const WINDOW = 8;
/** Contrast, relative to that of the picture (root mean square), below which it is not raised to the same height. */
const FLOOR = 0.5;

/** Standard deviations of what is offered to make up for a difference in defocus, px of the level. */
const BLURS = [0, 1.2, 3];

/** One level of a frame. */
export interface Level {
  /** Frame pixels per pixel of the level, a power of two. */
  readonly reduction: number;
  /** The band, about -3..3. */
  readonly features: ImageF32;
  /** The band, and the same blurred more and more, as if out of focus. */
  readonly blurred: readonly ImageF32[];
}

export interface LevelSizes {
  /** Longest side of the finest level, px. */
  readonly finest: number;
  /** Longest side of the coarsest level, px. */
  readonly coarsest: number;
}

/** The levels of a frame of one channel, the coarsest first. @throws AutofocusError `invalid_image` for values that are not finite. */
export async function levelsOf(frame: ImageF32, { finest, coarsest }: LevelSizes): Promise<Level[]> {
  const levels: Level[] = [];
  let picture = frame;
  for (let reduction = 1; ; reduction *= 2) {
    const side = Math.max(picture.width, picture.height);
    if (side <= finest) levels.unshift(await levelOf(picture, reduction));
    if (side <= coarsest) return levels;
    picture = halve(picture);
  }
}

/** Means of 2x2 px; an odd last row or column is left out. */
export function halve({ width, height, data }: ImageF32): ImageF32 {
  const [columns, rows] = [Math.max(1, width >> 1), Math.max(1, height >> 1)];
  const [right, below] = [width > 1 ? 1 : 0, height > 1 ? width : 0];
  const out = new Float32Array(columns * rows);
  for (let y = 0, to = 0; y < rows; y++) {
    for (let x = 0, from = 2 * y * width; x < columns; x++, from += 2, to++) {
      out[to] =
        ((data[from] as number) +
          (data[from + right] as number) +
          (data[from + below] as number) +
          (data[from + below + right] as number)) /
        4;
    }
  }
  return image(columns, rows, 1, out);
}

async function levelOf(picture: ImageF32, reduction: number): Promise<Level> {
  const features = await band(picture);
  const blurred = await Promise.all(BLURS.map((sigma) => gaussianBlur(features, sigma)));
  return { reduction, features, blurred };
}

async function band(picture: ImageF32): Promise<ImageF32> {
  const [fine, coarse] = await Promise.all([gaussianBlur(picture, FINE), gaussianBlur(picture, COARSE)]);
  const { width, height } = picture;
  const difference = fine.data.map((value, index) => value - (coarse.data[index] as number));
  const squared = image(
    width,
    height,
    1,
    difference.map((value) => value * value),
  );
  const energy = (await boxFilter(squared, WINDOW, "shrink")).data;
  let sum = 0;
  for (const value of energy) sum += value;
  const floor = (FLOOR * FLOOR * sum) / energy.length;
  if (!Number.isFinite(floor)) throw expected("invalid_image", "finite values", "a frame to align", floor);
  // A picture without any contrast has no features.
  if (floor === 0) return image(width, height, 1, difference.fill(0));
  for (let i = 0; i < difference.length; i++)
    difference[i] = (difference[i] as number) / Math.sqrt(Math.max(0, energy[i] as number) + floor);
  return image(width, height, 1, difference);
}
