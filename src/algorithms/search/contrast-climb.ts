/**
 * Contrast over the last stretch, where readings of the defocus are too coarse: from the samples that frames seen before
 * give already, and few more.
 *
 *   1. While the largest sample has no flank on one side, which is a sample clearly below it, one is taken there, twice as
 *      far each time. An end of the range needs none.
 *   2. The peak between its flanks is fitted over the defocus (peak-fit.ts), and the lens goes to its centre. What is
 *      seen there joins the fit, until the centre stays where a sample is.
 *
 * The centre counts and not the largest sample: within the depth of field samples differ by noise.
 */
import { expected } from "../../core/errors.ts";
import type { Steps } from "../../core/units.ts";
import type { LensModel, Range } from "../optics/lens-model.ts";
import type { Probe, Sample } from "./contrast-search.ts";
import { fittedPeak } from "./peak-fit.ts";
import { placeNear, placesBetween, wholeRange } from "./positions.ts";
import type { Measurement, Request, SearchContext } from "./types.ts";

/** Share of the largest sample below which another is a flank of the peak. */
const FLANK = 0.8;

/** Gap between neighbouring samples that may hide a peak, in the step that would be taken there. */
const GAP = 1.5;

/** Share of the largest sample that the centre must have: with less, the frame there is shaken, or of a peak of two depths. */
const CENTRE = 0.9;

/** Samples that a climb may take; a guard. */
const MOST_SAMPLES = 24;

/** A peak that speaks for itself has fallen to this share of its contrast, on both sides, at some radius up to this one, px. */
const CLEAR = { share: 0.5, within: 10 } as const;

export interface Climb {
  readonly context: SearchContext & { readonly lens: LensModel };
  /** Distance of the first samples to either side. */
  readonly reach: Steps;
  /** How far from the centre of the peak the nearest sample may be. */
  readonly close: Steps;
}

export interface Peak {
  /** Position of the sample at its centre. */
  readonly position: Steps;
  /** Samples that led there. */
  readonly samples: number;
}

/**
 * The climb as requests of a search, with at most so many captures.
 * @param start where the readings led.
 * @param known samples of before; those taken are added.
 */
export function* climb(
  search: Climb,
  start: Steps,
  known: Map<Steps, number>,
  maxCaptures: number,
): Generator<
  Request,
  { readonly peak: Peak | undefined; readonly standing: Steps | undefined },
  Measurement
> {
  const { focusMeasure: measure = "tenengrad" } = search.context;
  const probing = probes(search, start, known);
  let standing: Steps | undefined;
  let step = probing.next();
  for (let captures = 0; step.done !== true; captures++) {
    if (captures >= maxCaptures) return { peak: undefined, standing };
    const { at, reason } = step.value;
    const measurement = yield { moveTo: at, measure, reason };
    if (measurement.kind !== measure || !("value" in measurement))
      throw expected("invalid_input", `a measurement of ${measure}`, "the search", measurement.kind);
    standing = measurement.position;
    step = probing.next(measurement);
  }
  return { peak: step.value, standing };
}

/**
 * The sides of a peak on which no sample within a defocus that leaves little of any texture has at most half of its
 * contrast; where the range ends before, a flank at its end will do.
 */
export function openSides(
  lens: LensModel,
  samples: ReadonlyMap<Steps, number>,
  position: Steps,
  allowed: Range,
): readonly (-1 | 1)[] {
  const { min, max } = wholeRange(allowed);
  const peak = samples.get(position) ?? 0;
  return ([-1, 1] as const).filter((side) => {
    const end = side < 0 ? min : max;
    const near = [...samples].filter(
      ([z]) => Math.sign(z - position) === side && lens.radius(position, z) <= CLEAR.within,
    );
    const falls = near.some(([, value]) => value <= CLEAR.share * peak);
    return !falls && !near.some(([z, value]) => z === end && value <= FLANK * peak);
  });
}

/** @returns undefined where there is no peak. */
function* probes(
  search: Climb,
  start: Steps,
  known: Map<Steps, number>,
): Generator<Probe, Peak | undefined, Sample> {
  function* take(probe: Probe): Generator<Probe, void, Sample> {
    const { position, value } = yield probe;
    known.set(position, value);
  }
  if (!known.has(start)) yield* take({ at: start, reason: "Contrast where the readings led." });
  for (let taken = 0; taken < MOST_SAMPLES; taken++) {
    const samples = [...known]
      .map(([position, value]) => ({ position, value }))
      .sort((a, b) => a.position - b.position);
    const top = samples.reduce((best, each) => (each.value > best.value ? each : best));
    const below = flankOf(samples.filter(({ position }) => position <= top.position).reverse(), search);
    const above = flankOf(
      samples.filter(({ position }) => position >= top.position),
      search,
    );
    const next = outwards(search, top, below, above, known);
    if (next !== undefined) {
      yield* take(next);
      continue;
    }
    if (!below.found && !above.found) return undefined;
    const [from, to] = [below.last.position, above.last.position];
    const inside = samples.filter(({ position }) => position >= from && position <= to);
    const centre = centreOf(search, inside, top);
    const nearest = inside.reduce((best, each) =>
      Math.abs(each.position - centre) < Math.abs(best.position - centre) ? each : best,
    );
    if (Math.abs(nearest.position - centre) > search.close) {
      yield* take({ at: centre, reason: "Contrast at the centre of its peak." });
      continue;
    }
    if (nearest.value >= CENTRE * top.value) return { position: nearest.position, samples: samples.length };
    const between = placeNear(search.context, (nearest.position + top.position) / 2);
    if (known.has(between)) return { position: top.position, samples: samples.length };
    yield* take({ at: between, reason: "Contrast beside its centre, where this frame is blurred." });
  }
  return undefined;
}

interface Flank {
  readonly found: boolean;
  /** The flank, or the last sample before a gap too wide to know what is in it. */
  readonly last: Sample;
}

/** @param side the largest sample and those on one side of it, from there on. */
function flankOf(side: readonly Sample[], { reach }: Climb): Flank {
  const [top, ...others] = side as [Sample, ...Sample[]];
  let last = top;
  for (const each of others) {
    const step = Math.max(reach, Math.abs(last.position - top.position));
    if (Math.abs(each.position - last.position) > GAP * step) break;
    last = each;
    if (each.value <= FLANK * top.value) return { found: true, last };
  }
  return { found: false, last };
}

/** Where a flank is still to be looked for, on the side of which less has been seen; undefined where no place is left. */
function outwards(
  { context, reach }: Climb,
  top: Sample,
  below: Flank,
  above: Flank,
  known: ReadonlyMap<Steps, number>,
): Probe | undefined {
  const sides = [
    { ...below, direction: -1, reason: "Contrast below." },
    { ...above, direction: 1, reason: "Contrast above." },
  ];
  const open = sides.flatMap(({ found, last, direction, reason }) => {
    const seen = Math.abs(last.position - top.position);
    const at = placeNear(context, last.position + direction * Math.max(reach, seen));
    return found || known.has(at) ? [] : [{ at, reason, seen }];
  });
  return open.sort((a, b) => a.seen - b.seen)[0];
}

/** The place nearest to the centre of the peak. Where the samples are too few to show it: between the two largest. */
function centreOf({ context }: Climb, samples: readonly Sample[], top: Sample): Steps {
  const { lens, stops } = context;
  const defocus = (z: Steps): number => Math.sign(z - top.position) * lens.radius(top.position, z);
  const centre = fittedPeak(samples.map(({ position, value }) => ({ x: defocus(position), value })));
  if (centre === undefined) {
    const at = samples.indexOf(top);
    const beside = [samples[at - 1], samples[at + 1]].filter((each) => each !== undefined);
    const next = beside.reduce((a, b) => (b.value > a.value ? b : a));
    const between = placeNear(context, (top.position + next.position) / 2);
    return samples.some(({ position }) => position === between) ? top.position : between;
  }
  const [from, to] = [(samples[0] as Sample).position, (samples.at(-1) as Sample).position];
  return placesBetween(stops, from, to, 1).reduce((best, z) =>
    Math.abs(defocus(z) - centre) < Math.abs(defocus(best) - centre) ? z : best,
  );
}
