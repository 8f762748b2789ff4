/**
 * How the frames of a stack lie over its reference frame: by the known focus breathing of the lens, or by what the
 * frames show. Without a lens each frame is compared with its neighbour, whose defocus differs least, and the maps are
 * chained towards the reference.
 */
import { breathing } from "../../algorithms/calibration/breathing.ts";
import {
  register,
  registrable,
  type Registrable,
} from "../../algorithms/calibration/registration/register.ts";
import {
  compose,
  IDENTITY,
  toAffine,
  type Similarity,
  type Size,
} from "../../algorithms/calibration/registration/similarity.ts";
import type { LensModel } from "../../algorithms/optics/lens-model.ts";
import { unitRange } from "../../algorithms/fusion/unit-range.ts";
import type { Image, ImageF32 } from "../../core/image.ts";
import { resample } from "../../core/native/index.ts";
import type { Roi } from "../../core/roi.ts";
import type { Steps } from "../../core/units.ts";
import { readAhead } from "./read-ahead.ts";

/** The frame whose geometry the picture has: the middle one, and the first of two. */
export function referenceOf(count: number): number {
  return Math.floor((count - 1) / 2);
}

/** By the lens; `lens` must speak of frames of this size. */
export function byLens(lens: LensModel, positions: readonly Steps[], frame: Size): Similarity[] {
  const reference = positions[referenceOf(positions.length)] as Steps;
  return positions.map((position) => breathing(lens, reference, position, frame));
}

/**
 * By the pictures. `read` is called once a frame and twice for the reference; `onFrame` after each comparison.
 * @throws AutofocusError what `read` throws.
 */
export async function byPictures(
  count: number,
  read: (index: number) => Promise<ImageF32>,
  onFrame: () => void = () => undefined,
): Promise<Similarity[]> {
  const reference = referenceOf(count);
  const found = Array.from({ length: count }, () => IDENTITY);
  for (const direction of [-1, 1]) {
    const indices = [reference];
    for (let index = reference + direction; index >= 0 && index < count; index += direction)
      indices.push(index);
    let neighbour: Registrable | undefined;
    let latest = IDENTITY;
    const frames = readAhead([...indices], async (index) => registrable(await read(index)));
    for await (const frame of frames) {
      const index = indices.shift() as number;
      if (neighbour !== undefined) {
        const { matrix, dx, dy } = await register(neighbour, frame, { near: latest });
        latest = { along: matrix[0], across: matrix[3], dx, dy };
        found[index] = compose(latest, found[index - direction] as Similarity);
        onFrame();
      }
      neighbour = frame;
    }
  }
  return found;
}

/** Whether the map leaves every pixel where it is. */
export function isIdentity({ along, across, dx, dy }: Similarity): boolean {
  return along === 1 && across === 0 && dx === 0 && dy === 0;
}

/** The frame laid over the reference (0..1 where it had to be moved), and the part of it that it reaches. */
export async function lay(frame: Image, map: Similarity): Promise<{ picture: Image; valid?: Roi }> {
  if (isIdentity(map)) return { picture: frame };
  const { width, height } = frame;
  const matrix = toAffine(map, frame);
  const picture = await resample(await unitRange(frame), {
    width,
    height,
    matrix,
    filter: "bicubic",
    border: "mirror",
  });
  const valid = reached(map, frame, matrix);
  return valid === undefined ? { picture } : { picture, valid };
}

/** Where the reference shows what the frame shows too; undefined where that is all of it, or where the frame is turned. */
function reached(
  { along, across }: Similarity,
  { width, height }: Size,
  [, , x0, , , y0]: readonly number[],
): Roi | undefined {
  if (across !== 0) return undefined;
  const span = (offset: number, side: number): [number, number] => [
    Math.max(0, Math.ceil(-offset / along)),
    Math.min(side, Math.floor((side - 1 - offset) / along) + 1),
  ];
  const [left, right] = span(x0 ?? 0, width);
  const [top, bottom] = span(y0 ?? 0, height);
  return { x: left, y: top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
}
