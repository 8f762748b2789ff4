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

/** Four weights on the running sums: for the pixel x, `weights[k] * sums[x + offsets[k]]`. */
interface Taps {
  readonly offsets: readonly [number, number, number, number];
  readonly weights: readonly [number, number, number, number];
}

/** What the row of pixels `dy` below contributes. */
interface ApertureRow {
  readonly dy: number;
  readonly taps: readonly Taps[];
}

/** Pixels around `roi` that a blur which reaches so far needs. */
export function blurMargin(reach: Pixels): Pixels {
  return Math.ceil(reach) + 2;
}

/**
 * @param picture linear light, one channel.
 * @param radius of the disk of the aperture's area, at least 0 px; below half a pixel nothing changes.
 * @param roi what is returned; it keeps `blurMargin` from the borders of the picture.
 * @throws AutofocusError `invalid_input`.
 */
export function blurByAperture(picture: ImageF32, aperture: Aperture, radius: Pixels, roi: Roi): ImageF32 {
  const margin = blurMargin(aperture.reach * Math.max(radius, 0.5));
  const { x, y, width, height } = roi;
  if (x < margin || y < margin || x + width + margin > picture.width || y + height + margin > picture.height)
    throw expected("invalid_input", `a margin of ${margin} px`, "the region to blur", `${x}, ${y}`);
  const sums = runningSums(picture);
  const stride = picture.width + 1;
  const rows = rowsOf(aperture, Math.max(radius, 0.5));
  const out = new Float32Array(width * height);
  const line = new Float64Array(width);
  for (let row = 0; row < height; row++) {
    line.fill(0);
    for (const { dy, taps } of rows)
      for (const four of taps) addTaps(line, sums, (y + row + dy) * stride + x, four);
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

function addTaps(line: Float64Array, sums: Float64Array, from: number, { offsets, weights }: Taps): void {
  const [a, b, c, d] = offsets.map((offset) => from + offset) as [number, number, number, number];
  const [p, q, r, s] = weights;
  for (let column = 0; column < line.length; column++)
    line[column]! +=
      p * sums[a + column]! + q * sums[b + column]! + r * sums[c + column]! + s * sums[d + column]!;
}

function rowsOf(aperture: Aperture, radius: Pixels): ApertureRow[] {
  const reach = Math.ceil(aperture.reach * radius);
  const heights = Math.max(1, Math.ceil(CHORDS / (2 * reach + 1)));
  const rows = Array.from({ length: 2 * reach + 1 }, (_, index) => {
    const dy = index - reach;
    const chords = Array.from({ length: heights }, (__, k) =>
      aperture.chord((dy - 0.5 + (k + 0.5) / heights) / radius),
    );
    return { dy, chords: chords.filter((chord) => chord !== undefined) };
  });
  const area = radius * rows.flatMap(({ chords }) => chords).reduce((sum, [from, to]) => sum + to - from, 0);
  return rows.map(({ dy, chords }) => {
    const weights = new Map<number, number>();
    for (const [left, right] of chords) {
      addEnd(weights, right * radius, 1 / area);
      addEnd(weights, left * radius, -1 / area);
    }
    return { dy, taps: inFours([...weights]) };
  });
}

/** The running sum up to a point between pixels: pixel i covers [i - 1/2, i + 1/2], and sums[i] ends at its left border. */
function addEnd(weights: Map<number, number>, at: Pixels, weight: number): void {
  const offset = Math.floor(at + 0.5);
  const part = at + 0.5 - offset;
  weights.set(offset, (weights.get(offset) ?? 0) + weight * (1 - part));
  weights.set(offset + 1, (weights.get(offset + 1) ?? 0) + weight * part);
}

function inFours(weights: readonly (readonly [offset: number, weight: number])[]): Taps[] {
  return Array.from({ length: Math.ceil(weights.length / 4) }, (_, group) => {
    const at = (k: number): readonly [number, number] => weights[4 * group + k] ?? [0, 0];
    const four = [at(0), at(1), at(2), at(3)] as const;
    return {
      offsets: [four[0][0], four[1][0], four[2][0], four[3][0]],
      weights: [four[0][1], four[1][1], four[2][1], four[3][1]],
    };
  });
}
