/**
 * The width of the filter at one level of a pair: the score as a function of the width alone, with magnification and
 * shift at their best for each, has one broad maximum; a parabola through the best sample and its neighbours finds it.
 */
import type { Pixels } from "../../../core/units.ts";
import { align, type Aligned } from "./align.ts";
import type { CoarseLimits, CoarseScore } from "./coarse.ts";
import { blurredPatch, innerPatch, type PairLevel } from "./level.ts";
import type { BlurFilter, Placement } from "./types.ts";

export interface Refined extends CoarseScore {
  readonly placement: Placement;
  readonly widthRange: readonly [Pixels, Pixels];
  readonly confidence: number;
  /** The peak of the coarsest level that this one came from. */
  readonly origin: CoarseScore;
}

interface Sample extends Aligned {
  /** Logarithm of (width + 1/2 px of the level), the axis on which scores are alike for all widths. */
  readonly place: number;
}

/** A disk of this radius lies within one pixel: all that are narrower blur as little, px of the level. */
const NARROWEST = 0.5;

/** Largest width that is tried, from the one at the level before; what it leaves of the patch is compared. */
const ROOM = { coarse: { times: 1.8, plus: 3 }, final: { times: 1.4, plus: 2 } } as const;

/** Distances of neighbouring widths on the axis, one after the other. */
const STEPS = { coarse: [0.3], final: [0.2, 0.06] } as const;
/** More samples than this to one side mean that the score does not fall. */
const MOST_SAMPLES = 14;
const ITERATIONS = 6;
/** Change of the width on the axis by which confidence is judged: a quarter. */
const OFF = 0.22;
/** Relative rise of the residual at the ends of `widthRange`. */
const RISE = 1.5;
/** Unexplained share that even rounding leaves. */
const ROUNDING = 1e-6;

export async function refineWidth(
  level: PairLevel,
  filter: BlurFilter,
  from: CoarseScore & { readonly origin?: CoarseScore },
  limits: CoarseLimits,
  final: boolean,
): Promise<Refined> {
  const { reduction } = level;
  const { times, plus } = final ? ROOM.final : ROOM.coarse;
  const most = Math.min(limits.maxWidth, times * from.width + plus * reduction);
  const inner = innerPatch(level, filter, most);
  const placeOf = (width: Pixels): number => Math.log(width / reduction + 0.5);
  const widthOf = (place: number): Pixels => (Math.exp(place) - 0.5) * reduction;
  const [low, high] = [placeOf(NARROWEST * reduction), placeOf(most)];

  let placement = from.placement;
  const sample = async (place: number): Promise<Sample> => {
    const template = await blurredPatch(level, inner, filter, widthOf(place));
    return { place, ...(await align(template, level, inner, placement, ITERATIONS, limits)) };
  };
  const better = (a: Sample, b: Sample): Sample => (b.score > a.score ? b : a);

  let best = await sample(Math.max(low, placeOf(from.width)));
  for (const step of final ? STEPS.final : STEPS.coarse) {
    const around = new Map([[0, best]]);
    const origin = best.place;
    const at = async (index: number): Promise<Sample> => {
      const known = around.get(index);
      if (known !== undefined) return known;
      placement = best.placement;
      const taken = await sample(Math.min(high, Math.max(low, origin + index * step)));
      around.set(index, taken);
      best = better(best, taken);
      return taken;
    };
    let peak = 0;
    for (let count = 0; count < MOST_SAMPLES; count++) {
      const [left, middle, right] = [await at(peak - 1), await at(peak), await at(peak + 1)];
      if (left.score > middle.score && left.place < middle.place) peak--;
      else if (right.score > middle.score && right.place > middle.place) peak++;
      else break;
    }
    const trio = [await at(peak - 1), await at(peak), await at(peak + 1)] as const;
    const vertex = parabolaVertex(trio);
    if (vertex !== undefined) best = better(best, await sample(vertex));
  }
  const judged = final
    ? await judge(best, sample, low, high)
    : { confidence: 0, range: [best.place, best.place] as const };
  return {
    width: best.place > low ? widthOf(best.place) : 0,
    placement: best.placement,
    score: best.score,
    confidence: judged.confidence,
    widthRange: [widthOf(judged.range[0]), widthOf(judged.range[1])],
    origin: from.origin ?? from,
  };
}

/** Where the parabola through three samples peaks; undefined where it does not, or a sample sits on a limit. */
function parabolaVertex([left, middle, right]: readonly [Sample, Sample, Sample]): number | undefined {
  const [before, after] = [middle.place - left.place, right.place - middle.place];
  if (!(before > 0 && after > 0)) return undefined;
  const rise = (middle.score - left.score) / before;
  const fall = (middle.score - right.score) / after;
  const curvature = rise + fall;
  if (!(curvature > 0)) return undefined;
  // The slope of the parabola changes linearly between the middles of the two stretches.
  const slopeAt = (left.place + middle.place) / 2;
  const vertex = slopeAt + (rise / curvature) * ((before + after) / 2);
  return Math.min(right.place, Math.max(left.place, vertex));
}

/** How much the width matters: the unexplained share of the variance at the best width and a quarter off. */
async function judge(
  best: Sample,
  sample: (place: number) => Promise<Sample>,
  low: number,
  high: number,
): Promise<{ readonly confidence: number; readonly range: readonly [number, number] }> {
  const residual = ({ score }: Sample): number => 1 - Math.max(0, score) ** 2 + ROUNDING;
  const sides = await Promise.all(
    [-OFF, OFF].map((offset) => sample(Math.min(high, Math.max(low, best.place + offset)))),
  );
  const least = residual(best);
  const rises = sides.map((side) => ({ offset: side.place - best.place, rise: residual(side) - least }));
  // A quadratic through the best width and the sample aside of it.
  const ends = rises.map(({ offset, rise }) =>
    rise > 0 ? offset * Math.min(4, Math.sqrt(((RISE - 1) * least) / rise)) : 4 * offset,
  );
  const smallest = Math.max(
    0,
    Math.min(...rises.filter(({ offset }) => offset !== 0).map(({ rise }) => rise)),
  );
  const [down = 0, up = 0] = ends;
  return {
    confidence: smallest / (smallest + least),
    range: [Math.max(low, best.place + down), Math.min(high, best.place + up)],
  };
}
