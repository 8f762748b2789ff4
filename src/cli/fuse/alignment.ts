/**
 * How the frames of a stack lie over its reference frame: by the known focus breathing of the lens, or by what the
 * frames show. Without a lens each frame is compared with its neighbour, whose defocus differs least, and the maps are
 * chained towards the reference.
 */
import { breathing } from "../../algorithms/calibration/breathing.ts";
import { register, registrable } from "../../algorithms/calibration/registration/register.ts";
import {
  type Affine,
  compose,
  cornerDistance,
  IDENTITY,
  reach,
  toAffine,
  type Similarity,
  type Size,
} from "../../algorithms/calibration/registration/similarity.ts";
import type { LensModel } from "../../algorithms/optics/lens-model.ts";
import type { Image } from "../../core/image.ts";
import { resample } from "../../core/native/index.ts";
import type { Roi } from "../../core/roi.ts";
import type { Pixels, Steps } from "../../core/units.ts";
import { readAhead } from "./read-ahead.ts";

/** What moves the corners by less is left alone: another interpolation would cost more than it gains. */
const INVISIBLE: Pixels = 0.1;

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
 * By the pictures. `read` is called once a frame, in both directions from the reference; `onFrame` after each comparison.
 * @throws AutofocusError what `read` throws.
 */
export async function byPictures(
  count: number,
  read: (index: number) => Promise<Image>,
  onFrame: () => void = () => undefined,
): Promise<Similarity[]> {
  const reference = referenceOf(count);
  const found = Array.from({ length: count }, () => IDENTITY);
  const middle = read(reference).then(registrable);
  const chain = async (direction: 1 | -1): Promise<void> => {
    const indices: number[] = [];
    for (let index = reference + direction; index >= 0 && index < count; index += direction)
      indices.push(index);
    const frames = readAhead([...indices], async (index) => registrable(await read(index)));
    let neighbour = await middle;
    let latest = IDENTITY;
    let chained = IDENTITY;
    for await (const frame of frames) {
      const { matrix, dx, dy } = await register(neighbour, frame, { near: latest, rotation: true });
      latest = { along: matrix[0], across: matrix[3], dx, dy };
      chained = compose(latest, chained);
      found[indices.shift() as number] = worthwhile(chained, frame.size);
      onFrame();
      neighbour = frame;
    }
  };
  await Promise.all([chain(-1), chain(1)]);
  return found;
}

/** The map without a turn that moves no corner visibly, and none where it moves nothing visibly. */
function worthwhile(map: Similarity, frame: Size): Similarity {
  if (cornerDistance(map, IDENTITY, frame) < INVISIBLE) return IDENTITY;
  return reach(frame) * Math.abs(map.across) < INVISIBLE ? { ...map, across: 0 } : map;
}

/** Whether the map leaves every pixel where it is. */
export function isIdentity({ along, across, dx, dy }: Similarity): boolean {
  return along === 1 && across === 0 && dx === 0 && dy === 0;
}

/** The frame laid over the reference, and the part of that which it reaches. */
export async function lay<T extends Image>(
  frame: T,
  map: Similarity,
): Promise<{ picture: T; valid: Roi | undefined }> {
  if (isIdentity(map)) return { picture: frame, valid: undefined };
  const { width, height } = frame;
  const matrix = toAffine(map, frame);
  const picture = await resample(frame, { width, height, matrix, filter: "bicubic", border: "mirror" });
  return { picture, valid: reached(matrix, frame) };
}

/** The largest upright part of the reference of which the frame shows every row and column from end to end. */
function reached([xx, xy, x0, yx, yy, y0]: Affine, { width, height }: Size): Roi {
  const span = (
    along: number,
    turn: number,
    other: number,
    offset: number,
    side: number,
  ): [number, number] => {
    const [least, most] = [Math.min(0, turn * (other - 1)), Math.max(0, turn * (other - 1))];
    return [
      Math.max(0, Math.ceil(-(offset + least) / along)),
      Math.min(side, Math.floor((side - 1 - offset - most) / along) + 1),
    ];
  };
  const [left, right] = span(xx, xy, height, x0, width);
  const [top, bottom] = span(yy, yx, width, y0, height);
  return { x: left, y: top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
}
