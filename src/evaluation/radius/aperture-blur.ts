/**
 * Blur by an aperture of any convex shape, exact for a picture of square pixels: the judge of the radius network, and for
 * that reason made in another way than the kernel that renders its training data (native/kernels/disk_blur.h), with which a
 * test compares it.
 *
 * The mean over the aperture is a sum of horizontal chords, and the sum over a chord is the difference of two running
 * sums of a row. Chords are taken at several heights within a row of pixels; their ends fall between pixels, where the
 * running sum is linear. Thus each row of the aperture becomes a few weights on the running sums.
 */
import { expected } from "../../core/errors.ts";
import { image, type ImageF32 } from "../../core/image.ts";
import type { Roi } from "../../core/roi.ts";
import type { Pixels } from "../../core/units.ts";
import type { Aperture } from "./aperture.ts";

/** Chords per aperture, at least; small ones need more than one a row. */
const CHORDS = 64;

/** The end of a chord: for the pixel x, `before * sums[x + offset] + behind * sums[x + offset + 1]`. */
interface ChordEnd {
  readonly offset: number;
  readonly before: number;
  readonly behind: number;
}

/** The ends of the chords in the row of pixels `dy` below. */
interface ChordRow {
  readonly dy: number;
  readonly ends: readonly ChordEnd[];
}

/** Pixels around `roi` that a blur needs. */
export function blurMargin(aperture: Aperture, radius: Pixels): Pixels {
  return Math.ceil(aperture.reach * radius) + 2;
}

/**
 * @param picture linear light, one channel.
 * @param radius of the disk of the aperture's area, at least 0 px; below half a pixel nothing changes.
 * @param roi what is returned; it keeps `blurMargin` from the borders of the picture.
 * @throws AutofocusError `invalid_input`.
 */
export function blurByAperture(picture: ImageF32, aperture: Aperture, radius: Pixels, roi: Roi): ImageF32 {
  const margin = blurMargin(aperture, radius);
  const { x, y, width, height } = roi;
  if (x < margin || y < margin || x + width + margin > picture.width || y + height + margin > picture.height)
    throw expected("invalid_input", `a margin of ${margin} px`, "the region to blur", `${x}, ${y}`);
  const sums = runningSums(picture);
  const stride = picture.width + 1;
  const rows = chordsOf(aperture, Math.max(radius, 0.5));
  const out = new Float32Array(width * height);
  const line = new Float64Array(width);
  for (let row = 0; row < height; row++) {
    line.fill(0);
    for (const { dy, ends } of rows)
      for (const end of ends) addEnd(line, sums, (y + row + dy) * stride + x, end);
    out.set(line, row * width);
  }
  return image(width, height, 1, out);
}

/** `sums[x]` is the sum of the pixels before x, row by row. */
function runningSums({ width, height, data }: ImageF32): Float64Array {
  const sums = new Float64Array((width + 1) * height);
  for (let row = 0; row < height; row++)
    for (let x = 0, at = row * (width + 1); x < width; x++, at++)
      sums[at + 1] = sums[at]! + data[row * width + x]!;
  return sums;
}

function addEnd(
  line: Float64Array,
  sums: Float64Array,
  from: number,
  { offset, before, behind }: ChordEnd,
): void {
  const start = from + offset;
  for (let column = 0; column < line.length; column++)
    line[column]! += before * sums[start + column]! + behind * sums[start + column + 1]!;
}

function chordsOf(aperture: Aperture, radius: Pixels): ChordRow[] {
  const reach = Math.ceil(aperture.reach * radius);
  const heights = Math.max(1, Math.ceil(CHORDS / (2 * reach + 1)));
  const rows: { dy: number; chords: (readonly [number, number])[] }[] = [];
  for (let dy = -reach; dy <= reach; dy++) {
    const chords = Array.from({ length: heights }, (_, k) =>
      aperture.chord((dy - 0.5 + (k + 0.5) / heights) / radius),
    ).filter((chord) => chord !== undefined);
    rows.push({ dy, chords });
  }
  const area = rows.flatMap(({ chords }) => chords).reduce((sum, [left, right]) => sum + right - left, 0);
  return rows.map(({ dy, chords }) => ({
    dy,
    ends: chords.flatMap(([left, right]) => [
      chordEnd(right * radius, 1 / (area * radius)),
      chordEnd(left * radius, -1 / (area * radius)),
    ]),
  }));
}

/** Pixel i covers [i - 1/2, i + 1/2], and sums[i] stands for its left border. */
function chordEnd(at: Pixels, weight: number): ChordEnd {
  const offset = Math.floor(at + 0.5);
  const part = at + 0.5 - offset;
  return { offset, before: weight * (1 - part), behind: weight * part };
}
