/**
 * The maximum of the normalised cross-correlation over magnification and shift (paper 1, section 3, steps 4 and 5), to a
 * fraction of a pixel: G. D. Evangelidis and E. Z. Psarakis, "Parametric Image Alignment Using Enhanced Correlation
 * Coefficient Maximization", PAMI 30 (2008). A few steps of it take the place of trying every magnification and shift.
 */
import type { ImageF32 } from "../../../core/image.ts";
import type { Roi } from "../../../core/roi.ts";
import { solve } from "../registration/solve.ts";
import type { CoarseLimits } from "./coarse.ts";
import { type PairLevel, type Seen, seenThrough } from "./level.ts";
import type { Placement } from "./types.ts";

export interface Aligned {
  readonly placement: Placement;
  /** Normalised cross-correlation there, -1..1. */
  readonly score: number;
}

/** Less of the template in view than this share of it is no overlap. */
const LEAST_OVERLAP = 0.5;

/** How much farther from 1 than is looked for a magnification may be. */
const SLACK = 1.25;

/** Steps that move the corners of the template by less than this end the search, px of the level. */
const CLOSE = 0.002;

/**
 * @param template the blurred inner patch.
 * @param inner where it lies in the patch, px of the level.
 * @param start within a pixel or two of the level, or within about the width of the blur.
 */
export async function align(
  template: ImageF32,
  level: PairLevel,
  inner: Roi,
  start: Placement,
  iterations: number,
  limits: CoarseLimits,
): Promise<Aligned> {
  const reach = Math.hypot(inner.width, inner.height) / 2;
  let best: Aligned = { placement: start, score: -1 };
  let next = start;
  for (let iteration = 0; iteration <= iterations; iteration++) {
    const sums = collect(template, await seenThrough(level, inner, next), level, inner);
    const score = sums === undefined ? -1 : correlation(sums);
    if (score <= best.score || sums === undefined) break;
    best = { placement: next, score };
    const step = ascent(sums);
    if (step === undefined) break;
    const [ds, dx, dy] = step;
    const { scale, x, y } = next;
    // Gradients are those of the warped picture, whose pixels are `scale` of the frame's wide.
    next = {
      scale: scale * (1 + ds),
      x: x + scale * dx * level.reduction,
      y: y + scale * dy * level.reduction,
    };
    if (Math.hypot(ds * reach, dx, dy) < CLOSE || isOutside(next, limits)) break;
  }
  return best;
}

/** Beyond the magnifications that are looked for: a smooth picture correlates the better the less of it is compared. */
function isOutside({ scale }: Placement, { maxScale }: CoarseLimits): boolean {
  return Math.abs(scale - 1) > SLACK * maxScale + CLOSE;
}

/** Sums over the pixels in view; index 0 the template, 1 the warped frame, 2..4 its derivatives by the parameters. */
interface Sums {
  /** Second moments about the means, 5 x 5. */
  readonly moments: Float64Array;
}

const TERMS = 5;
const PARAMETERS = [2, 3, 4];

function collect(template: ImageF32, seen: Seen, level: PairLevel, inner: Roi): Sums | undefined {
  const { width } = template;
  const warped = seen.picture.data;
  const middle = { x: level.focusedMiddle.x - inner.x - 0.5, y: level.focusedMiddle.y - inner.y - 0.5 };
  const [left, right] = [Math.max(1, seen.columns[0]), Math.min(width - 1, seen.columns[1])];
  const [top, bottom] = [Math.max(1, seen.rows[0]), Math.min(template.height - 1, seen.rows[1])];
  const count = Math.max(0, right - left) * Math.max(0, bottom - top);
  if (count < LEAST_OVERLAP * template.data.length) return undefined;
  const first = new Float64Array(TERMS);
  const second = new Float64Array(TERMS * TERMS);
  const values = new Float64Array(TERMS);
  for (let y = top; y < bottom; y++) {
    for (let x = left, i = y * width + left; x < right; x++, i++) {
      const gx = ((warped[i + 1] as number) - (warped[i - 1] as number)) / 2;
      const gy = ((warped[i + width] as number) - (warped[i - width] as number)) / 2;
      values[0] = template.data[i] as number;
      values[1] = warped[i] as number;
      values[2] = gx * (x - middle.x) + gy * (y - middle.y);
      values[3] = gx;
      values[4] = gy;
      for (let a = 0, at = 0; a < TERMS; a++, at = a * TERMS) {
        const value = values[a] as number;
        first[a] = (first[a] as number) + value;
        for (let b = 0; b <= a; b++)
          second[at + b] = (second[at + b] as number) + value * (values[b] as number);
      }
    }
  }
  const means = first.map((sum) => sum / count);
  for (let a = 0; a < TERMS; a++)
    for (let b = 0; b <= a; b++) {
      const moment = (second[a * TERMS + b] as number) / count - (means[a] as number) * (means[b] as number);
      second[a * TERMS + b] = moment;
      second[b * TERMS + a] = moment;
    }
  return { moments: second };
}

function correlation({ moments }: Sums): number {
  const [template, both, warped] = [moments[0] as number, moments[1] as number, moments[TERMS + 1] as number];
  return template > 0 && warped > 0 ? both / Math.sqrt(template * warped) : 0;
}

/** The step of Evangelidis and Psarakis, Eq. 15 to 17; undefined where there is no finite best gain. */
function ascent({ moments }: Sums): readonly [number, number, number] | undefined {
  const row = (picture: number): Float64Array => moments.subarray(picture * TERMS, (picture + 1) * TERMS);
  const ofTemplate = solve(moments, row(0), PARAMETERS);
  const ofWarped = solve(moments, row(1), PARAMETERS);
  const left = (a: number, b: number): number =>
    PARAMETERS.reduce(
      (rest, term) => rest - (row(a)[term] as number) * (ofWarped[term] as number),
      moments[a * TERMS + b] as number,
    );
  const across = left(0, 1);
  if (!(across > 0)) return undefined;
  const gain = left(1, 1) / across;
  const [ds, dx, dy] = PARAMETERS.map(
    (term) => gain * (ofTemplate[term] as number) - (ofWarped[term] as number),
  ) as [number, number, number];
  return [ds, dx, dy];
}
