/**
 * How the frames of a stack lie over its reference frame: by the known focus breathing of the lens, or by what the
 * frames show. Without a lens each frame is compared with its neighbour, whose defocus differs least, and the maps are
 * chained towards the reference. A frame is handed over as soon as its map is known, so that the whole work goes over the
 * frames once.
 */
import { breathing } from "../../algorithms/calibration/breathing.ts";
import {
  register,
  registrable,
  type Registrable,
} from "../../algorithms/calibration/registration/register.ts";
import {
  compose,
  cornerDistance,
  IDENTITY,
  reach,
  type Similarity,
  type Size,
} from "../../algorithms/calibration/registration/similarity.ts";
import type { LensModel } from "../../algorithms/optics/lens-model.ts";
import type { Image } from "../../core/image.ts";
import type { Roi } from "../../core/roi.ts";
import type { Pixels, Steps } from "../../core/units.ts";
import { lay } from "./lay.ts";
import { readAhead } from "./read-ahead.ts";

/** What moves the corners by less is left alone: another interpolation would cost more than it gains. */
const INVISIBLE: Pixels = 0.1;

/**
 * Frames whose features correlate less than this, and that no map makes agree, show too little of the same to be aligned.
 * Those of one scene correlate by 0.8 and more, however they are defocused, unrelated ones by 0.1 to 0.2.
 */
const ALIKE = 0.5;

/** A frame that lies over the reference. */
export interface LaidFrame<T extends Image> {
  readonly index: number;
  readonly picture: T;
  /** The part of the picture that shows the scene; all of it where undefined. */
  readonly valid: Roi | undefined;
  /** Whether it comes before or after all frames that were handed over earlier. */
  readonly end: "first" | "last";
}

/** Takes in a frame; never called again before it is done. */
type Add<T extends Image> = (frame: LaidFrame<T>) => Promise<void>;

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
 * Hands over the frames in their order, laid by known maps; while one is taken in, the next ones are read and laid.
 * @throws AutofocusError what `read` and `add` throw.
 */
export async function inOrder<T extends Image>(
  maps: readonly Similarity[],
  read: (index: number) => Promise<T>,
  add: Add<T>,
): Promise<void> {
  const frames = readAhead([...maps.entries()], async ([index, map]) => ({
    index,
    ...(await lay(await read(index), map)),
  }));
  let adding: Promise<void> = Promise.resolve();
  for await (const frame of frames) {
    await adding;
    adding = quiet(add({ ...frame, end: "last" }));
  }
  await adding;
}

/**
 * Hands over the frames from the reference outward, one after it and one before it in turn, laid by what they show, and
 * returns their maps. Both directions are aligned at the same time. `read` is called once a frame, `onUnlike` for each
 * that cannot be aligned with the one before it, on which it is left to lie as it does.
 * @throws AutofocusError what `read` and `add` throw.
 */
export async function byPictures<T extends Image>(
  count: number,
  read: (index: number) => Promise<T>,
  add: Add<T>,
  onUnlike: (index: number) => void = () => undefined,
): Promise<Similarity[]> {
  const reference = referenceOf(count);
  const maps = Array.from({ length: count }, () => IDENTITY);
  const middle = load(reference, read);
  const indices = Array.from({ length: count }, (_, index) => index);
  const sides = (["last", "first"] as const).map((end) => {
    const outward = end === "last" ? indices.slice(reference + 1) : indices.slice(0, reference).reverse();
    const frames = chain(middle, outward, read, onUnlike);
    return { end, frames, next: quiet(frames.next()) };
  });
  const { picture } = await middle;
  let adding = quiet(add({ index: reference, picture, valid: undefined, end: "last" }));
  for (let waiting = sides; waiting.length > 0;) {
    const going: typeof sides = [];
    for (const side of waiting) {
      const { done, value } = await side.next;
      if (done === true) continue;
      const { index, map, laid } = value;
      maps[index] = map;
      // The one after it is compared while this one is laid and taken in.
      going.push({ ...side, next: quiet(side.frames.next()) });
      const frame = { index, ...(await laid), end: side.end };
      await adding;
      adding = quiet(add(frame));
    }
    waiting = going;
  }
  await adding;
  return maps;
}

interface Loaded<T extends Image> {
  readonly index: number;
  readonly picture: T;
  readonly features: Registrable;
}

async function load<T extends Image>(index: number, read: (index: number) => Promise<T>): Promise<Loaded<T>> {
  const picture = await read(index);
  return { index, picture, features: await registrable(picture) };
}

/** Compares each of the frames with the one before it, the first of them with the reference. */
async function* chain<T extends Image>(
  reference: Promise<Loaded<T>>,
  indices: readonly number[],
  read: (index: number) => Promise<T>,
  onUnlike: (index: number) => void,
): AsyncGenerator<{ index: number; map: Similarity; laid: ReturnType<typeof lay<T>> }, undefined> {
  const frames = readAhead(indices, (index) => load(index, read), 1);
  let neighbour = (await reference).features;
  let latest = IDENTITY;
  let chained = IDENTITY;
  for await (const { index, picture, features } of frames) {
    const found = await register(neighbour, features, { near: latest, rotation: true });
    const { matrix, dx, dy, improved, correlationBefore } = found;
    if (!improved && correlationBefore < ALIKE) onUnlike(index);
    latest = { along: matrix[0], across: matrix[3], dx, dy };
    chained = compose(latest, chained);
    neighbour = features;
    const map = worthwhile(chained, features.size);
    yield { index, map, laid: quiet(lay(picture, map)) };
  }
}

/** The map without a turn that moves no corner visibly, and none where it moves nothing visibly. */
function worthwhile(map: Similarity, frame: Size): Similarity {
  if (cornerDistance(map, IDENTITY, frame) < INVISIBLE) return IDENTITY;
  return reach(frame) * Math.abs(map.across) < INVISIBLE ? { ...map, across: 0 } : map;
}

/** The same promise, whose failure counts where it is awaited, or not at all if something else fails before. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
