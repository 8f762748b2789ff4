/** From what the energies of a stack say about its cells to a focus position for every pixel. */
import { image, type Image, type ImageF32, type PixelArray } from "../../../core/image.ts";
import type { StackPeaks } from "../../../core/native/index.ts";
import type { Steps } from "../../../core/units.ts";

export interface DepthMap {
  /** For each pixel the frame it is sharpest in: 0 = the first frame of the stack. */
  readonly index: Image<Uint16Array>;
  /** For each pixel the focus position at which it is sharp. */
  readonly position: ImageF32;
  /** How far the position may be relied on, 0..1: 0 = every frame looks the same there. */
  readonly confidence: ImageF32;
}

/** @param positions of the frames, in their order in the stack. */
export function depthMap(
  { index, place, confidence }: StackPeaks,
  positions: readonly Steps[],
  size: { readonly width: number; readonly height: number },
): DepthMap {
  const position = place.data.map((at, i) => between(positions, index.data[i] as number, at));
  return {
    index: enlarge(index, size),
    position: enlarge({ ...place, data: position }, size),
    confidence: enlarge(confidence, size),
  };
}

/**
 * The focus position `place` frames into the stack, near that of frame `index`. Frames that are not in the order of their
 * positions have nothing between them.
 */
function between(positions: readonly Steps[], index: number, place: number): Steps {
  const here = positions[index] as Steps;
  const [before, after] = [positions[index - 1], positions[index + 1]];
  if (before === undefined || after === undefined || (after - here) * (here - before) <= 0) return here;
  return here + (place - index) * (place > index ? after - here : here - before);
}

/** Every pixel takes the value of its cell of 2x2. */
function enlarge<T extends PixelArray>(
  cells: Image<T>,
  { width, height }: { readonly width: number; readonly height: number },
): Image<T> {
  const data = new (cells.data.constructor as new (length: number) => T)(width * height);
  for (let y = 0; y < height; y++) {
    const row = (y >> 1) * cells.width;
    for (let x = 0; x < width; x++) data[y * width + x] = cells.data[row + (x >> 1)] as number;
  }
  return image(width, height, 1, data);
}
