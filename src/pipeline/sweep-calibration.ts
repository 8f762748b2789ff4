/**
 * The calibration of a lens from frames along its range, one at a time and in order, from wherever they come: a folder,
 * or a camera whose lens is being moved. The radius is read in every window of every frame; of the frames themselves only
 * the last one is kept, to be compared with the next for the magnification between them.
 */
import { fitBreathing, type ScalePair } from "../algorithms/calibration/fit-pairs.ts";
import type { LensScales } from "../algorithms/calibration/defocus-scale.ts";
import { registerFrames } from "../algorithms/calibration/registration/register.ts";
import { fitSweep } from "../algorithms/calibration/sweep/fit-sweep.ts";
import type { SweepFit } from "../algorithms/calibration/sweep/types.ts";
import { sweepWindows } from "../algorithms/calibration/sweep/windows.ts";
import type { DefocusReading } from "../algorithms/search/types.ts";
import { AutofocusError, expected } from "../core/errors.ts";
import type { ImageF32, ImageU8 } from "../core/image.ts";
import { toGrayF32 } from "../core/native/index.ts";
import type { Roi } from "../core/roi.ts";
import type { Steps } from "../core/units.ts";
import type { DefocusReader } from "./networks.ts";

export interface SweepResult {
  readonly scales: LensScales;
  readonly fit: SweepFit;
  readonly windows: readonly Roi[];
  readonly frame: { readonly width: number; readonly height: number };
}

/** Frames are compared for their magnification in about so many stretches of the sweep. */
const STRETCHES = 12;
/**
 * Before a deep scene hardly any two frames agree well enough to be laid on each other, but nearly all agree better with
 * some magnification, if the lens breathes; if it does not, few do. Share of the comparisons that must, their least number,
 * and how far the magnification moves the corners of the frame at least, px.
 */
const LIKELY = { share: 2 / 3, least: 3, shift: 1 } as const;
/** Stretches over which one frame is compared with later ones until a magnification is found. */
const MOST_STRETCHES = 4;

export class SweepCalibration {
  readonly #reader: DefocusReader;
  readonly #stride: number;
  readonly #positions: Steps[] = [];
  /** One list a frame, one reading a window. */
  readonly #readings: (readonly DefocusReading[])[] = [];
  readonly #magnifications: ScalePair[] = [];
  /** Those that are only likely, and how many comparisons found nothing better. */
  readonly #likely: ScalePair[] = [];
  #uncertain = 0;
  #windows: readonly Roi[] = [];
  #compared: { readonly position: Steps; readonly gray: ImageF32; readonly tried: number } | undefined;

  /** @param count frames to come, about. */
  constructor(reader: DefocusReader, count: number) {
    this.#reader = reader;
    this.#stride = Math.max(1, Math.round(count / STRETCHES));
  }

  /**
   * @param position above that of the frame before.
   * @param gray camera values, of one size all along.
   * @throws AutofocusError `invalid_input`, `invalid_image`, and what the reader throws.
   */
  async add(position: Steps, gray: ImageU8): Promise<void> {
    const last = this.#positions.at(-1);
    if (last !== undefined && !(position > last))
      throw expected("invalid_input", `a position above ${last}`, "the next frame of a sweep", position);
    if (last === undefined) this.#windows = sweepWindows(gray);
    const readings = await this.#reader.read(gray, this.#windows);
    if (this.#positions.length % this.#stride === 0) await this.#compare(position, gray);
    this.#positions.push(position);
    this.#readings.push(readings);
  }

  /** @throws AutofocusError `invalid_input`, `no_texture`, `calibration_failed`; see `fitSweep`. */
  finish(): SweepResult {
    const fit = fitSweep(
      this.#positions,
      this.#windows.map((_, window) => this.#readings.map((frame) => frame[window])),
    );
    const { width = 0, height = 0 } = this.#compared?.gray ?? {};
    return {
      scales: {
        defocus: fit.defocus,
        breathing: fitBreathing(this.#believed(), fit.defocus.positions),
      },
      fit,
      windows: this.#windows,
      frame: { width, height },
    };
  }

  async #compare(position: Steps, frame: ImageU8): Promise<void> {
    const gray = await toGrayF32(frame);
    const before = this.#compared;
    if (before === undefined) {
      this.#compared = { position, gray, tried: 0 };
      return;
    }
    if (before.gray.width !== gray.width || before.gray.height !== gray.height)
      throw new AutofocusError(
        "invalid_image",
        `Expected frames of ${before.gray.width}x${before.gray.height} px but received ${gray.width}x${gray.height}.`,
      );
    const { scale, improved, likelyScale } = await registerFrames(before.gray, gray);
    const [z0, z] = [before.position, position];
    if (improved) this.#magnifications.push({ z0, z, scale });
    // What is too little to be seen over one stretch may be enough over two or three.
    const tried = improved ? 0 : before.tried + 1;
    const ends = improved || tried >= MOST_STRETCHES;
    if (!improved) this.#noteLikely({ z0, z, scale: likelyScale ?? 1 }, gray);
    this.#compared = ends ? { position, gray, tried: 0 } : { ...before, tried };
  }

  #noteLikely(pair: ScalePair, { width, height }: ImageF32): void {
    this.#uncertain++;
    if (Math.abs(pair.scale - 1) * (Math.hypot(width, height) / 2) > LIKELY.shift) this.#likely.push(pair);
  }

  /** The magnifications that are certain; where there are none, the likely ones, if there are enough of them. */
  #believed(): readonly ScalePair[] {
    const { length } = this.#likely;
    const isLikely = length >= LIKELY.least && length > LIKELY.share * this.#uncertain;
    return this.#magnifications.length === 0 && isLikely ? this.#likely : this.#magnifications;
  }
}
