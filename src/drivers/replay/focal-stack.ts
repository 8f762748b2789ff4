/**
 * A folder with the frames of a focal stack, taken from far to near or near to far in equal steps. The number in the
 * name of a frame is its focus position: `frame12.jpg`, `12.png`, `pcb_012.JPG`. A picture named `idxImage` or
 * `..._depthmap` holds, as its 8- or 16-bit value, the number of the frame in which each pixel is sharpest.
 */
import { readdir } from "node:fs/promises";
import path from "node:path";
import { AutofocusError } from "../../core/errors.ts";
import { crop, image, type ImageF32 } from "../../core/image.ts";
import type { Roi } from "../../core/roi.ts";
import type { Steps } from "../../core/units.ts";
import { pictureSize, readPicture, type Picture } from "../../io/picture.ts";

const PICTURE = /\.(jpe?g|png|tiff?|webp)$/i;
const BEST_FOCUS_MAP = /^(idxImage|.*[_-]?depth_?map)\.\w+$/i;
/** Everything before the last number, the number, and the rest. */
const NUMBERED = /^(.*?)(\d+)(\D*)\.\w+$/;

/** Decoded frames kept; searches come back to the last few. */
const CACHED_FRAMES = 4;

interface StackFrame {
  readonly position: Steps;
  readonly file: string;
}

export class FocalStack {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** Numbers of the frames, ascending; not always without gaps. */
  readonly positions: readonly Steps[];
  readonly #frames: readonly StackFrame[];
  /** Number of the sharpest frame, a pixel. */
  readonly #map: ImageF32 | undefined;
  /** In the order of their last use. */
  readonly #cache = new Map<Steps, Promise<Picture>>();

  /** Use `openStack`. */
  constructor(
    size: Pick<Picture, "width" | "height" | "channels">,
    frames: readonly StackFrame[],
    map?: ImageF32,
  ) {
    this.width = size.width;
    this.height = size.height;
    this.channels = size.channels;
    this.positions = frames.map((frame) => frame.position);
    this.#frames = frames;
    this.#map = map;
  }

  /** The frame nearest to `position`; the lower one of two. */
  nearest(position: Steps): Steps {
    return this.positions.reduce((best, each) =>
      Math.abs(each - position) < Math.abs(best - position) ? each : best,
    );
  }

  /**
   * The frame nearest to `position`; not to be changed, it may be handed out again.
   * @throws AutofocusError `io`, `invalid_image`.
   */
  read(position: Steps): Promise<Picture> {
    const wanted = this.nearest(position);
    const cached = this.#cache.get(wanted);
    const picture = cached ?? this.#decode(wanted);
    this.#cache.delete(wanted);
    this.#cache.set(wanted, picture);
    if (this.#cache.size > CACHED_FRAMES) this.#cache.delete(this.#cache.keys().next().value as Steps);
    return picture;
  }

  /**
   * The frame in which the middle (the median over its pixels) of a window is sharpest, by the best-focus map;
   * undefined for a stack without one.
   */
  trueFocus(window: Roi): Steps | undefined {
    const middle = this.trueFocusQuartiles(window)?.[1];
    return middle === undefined ? undefined : this.nearest(middle);
  }

  /** The quartiles, over the pixels of a window, of the number of their sharpest frame; as `trueFocus`. */
  trueFocusQuartiles(window: Roi): readonly [Steps, Steps, Steps] | undefined {
    if (this.#map === undefined) return undefined;
    const values = crop(this.#map, window).data.sort();
    const quartile = (quarters: number): Steps => values[(quarters * values.length) >> 2] as Steps;
    return [quartile(1), quartile(2), quartile(3)];
  }

  async #decode(position: Steps): Promise<Picture> {
    const { file } = this.#frames.find((each) => each.position === position) as StackFrame;
    try {
      return await readPicture(file, { channels: this.channels });
    } catch (error) {
      this.#cache.delete(position);
      throw error;
    }
  }
}

/**
 * Opens the stack in a folder. The frames are decoded when they are read, only their headers are looked at now.
 * @throws AutofocusError `io` for a folder that cannot be read, `invalid_input` when it is no focal stack,
 * `invalid_image` for a broken frame or a frame or map of another size.
 */
export async function openStack(folder: string): Promise<FocalStack> {
  const { names, mapName } = await stackPictures(folder);
  const frames = numbered(folder, names);
  const [first, ...others] = await Promise.all(
    frames.map(async ({ file }) => ({ file, ...(await pictureSize(file)) })),
  );
  if (first === undefined || others.length === 0) {
    throw new AutofocusError(
      "invalid_input",
      `Expected at least 2 numbered frames in ${folder} but found ${frames.length}.`,
      {
        cure: "Name the frames by their focus order: frame1.jpg, frame2.jpg, ...",
      },
    );
  }
  const requireSize = (file: string, { width, height }: { width: number; height: number }): void => {
    if (width === first.width && height === first.height) return;
    throw new AutofocusError(
      "invalid_image",
      `${file} is ${width}x${height}, but ${first.file} is ${first.width}x${first.height}.`,
      { cure: "All frames of a stack, and its best-focus map, must have one size." },
    );
  };
  for (const frame of others) requireSize(frame.file, frame);
  if (mapName === undefined) return new FocalStack(first, frames);
  const mapFile = path.join(folder, mapName);
  const map = await readPicture(mapFile, { channels: 1 });
  requireSize(mapFile, map);
  return new FocalStack(first, frames, image(map.width, map.height, 1, Float32Array.from(map.data)));
}

/**
 * The names of the pictures in a folder, in the order of the numbers in them; the map of a stack apart.
 * @throws AutofocusError `io` for a folder that cannot be read.
 */
export async function stackPictures(folder: string): Promise<{ names: string[]; mapName?: string }> {
  const pictures = (await list(folder)).filter((name) => PICTURE.test(name));
  const mapName = pictures.find((name) => BEST_FOCUS_MAP.test(name));
  const { compare } = new Intl.Collator("en", { numeric: true });
  const names = pictures.filter((name) => name !== mapName).sort(compare);
  return mapName === undefined ? { names } : { names, mapName };
}

async function list(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    throw new AutofocusError("io", `Cannot read the folder ${folder}: ${(cause as Error).message}`, {
      cure: "Give a folder that holds the frames of a focal stack.",
      cause,
    });
  }
}

/** The numbered frames, in the order of their numbers. */
function numbered(folder: string, names: readonly string[]): StackFrame[] {
  const frames: StackFrame[] = [];
  let alike: string | undefined;
  for (const name of names.toSorted()) {
    const [, before, digits, behind] = NUMBERED.exec(name) ?? [];
    if (before === undefined || digits === undefined || behind === undefined) continue;
    const shape = `${before}N${behind}`;
    alike ??= shape;
    if (shape !== alike) {
      throw new AutofocusError(
        "invalid_input",
        `${folder} holds frames named ${alike} and frames named ${shape}.`,
        {
          cure: "Keep the frames of one stack in a folder of their own.",
        },
      );
    }
    frames.push({ position: Number(digits), file: path.join(folder, name) });
  }
  frames.sort((a, b) => a.position - b.position);
  const twice = frames.find((frame, index) => frame.position === frames[index + 1]?.position);
  if (twice !== undefined) {
    throw new AutofocusError("invalid_input", `${folder} holds two frames of the number ${twice.position}.`, {
      cure: "Keep one of them.",
    });
  }
  return frames;
}
