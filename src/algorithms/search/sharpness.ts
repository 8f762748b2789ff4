/**
 * The sharpness search (paper 2): optical sharpness S is absolute, 1 in focus whatever the scene and the light, so no
 * peak has to be found and passed. The search ends as soon as S enters the in-focus band, which begins at the S of a
 * defocus as large as at the limit of the depth of field. It needs no lens model; with one it needs fewer moves.
 *
 * 1. S where the lens stands tells how far the focus is, not on which side: the lens goes to the nearer of the two
 *    positions that explain it (sharpness-fit.ts).
 * 2. The second sample tells the direction: S has risen or fallen. From then on the lens goes where all samples
 *    together put the focus.
 * 3. While every sample is at the floor of S, the focus is far and nothing else is known: the lens travels in steps
 *    that cannot jump over it, to the end of the range with more room first, then to the other.
 *
 * What can go wrong, and what is done:
 *
 * - S does not enter the band where it should (a scene that is soft in itself, a sample misread): after `MAX_SAMPLES` the
 *   coarse-fine contrast scan (`fallback`), whose peak counts only if S there does not contradict it (verdict.ts).
 * - No texture anywhere: `failed`, `no_texture`, by the scan.
 */
import { expected } from "../../core/errors.ts";
import type { Steps } from "../../core/units.ts";
import { sharpnessOf } from "../optics/sharpness-curve.ts";
import { focused } from "./outcome.ts";
import { within, wholeRange } from "./positions.ts";
import { scanInstead } from "./scan.ts";
import {
  FLOOR,
  inFocusSharpness,
  misfit,
  radiusGuess,
  type RadiusGuess,
  type SharpnessSample,
} from "./sharpness-fit.ts";
import type { FocusSearch, Measurement, Request, SearchContext } from "./types.ts";

/** Samples after which the scan takes over. */
const MAX_SAMPLES = 12;

/** Difference of misfit up to which two positions explain the samples alike, so that the nearer one is tried. */
const ALIKE = 0.5;

/** Share of the distance at which S leaves its floor that the lens travels on either side of a sample there. */
const OVERLAP = 0.8;

interface Next {
  readonly target: Steps;
  readonly reason: string;
}

export function* sharpness(context: SearchContext): FocusSearch {
  const range = wholeRange(context.range);
  const radius = radiusGuess(context.lens, context.depthOfField);
  const samples: SharpnessSample[] = [];
  let next: Next | undefined = {
    target: within(range, context.start),
    reason: "Read the sharpness where the lens stands.",
  };
  while (next !== undefined && samples.length < Math.min(MAX_SAMPLES, context.limits.maxCaptures)) {
    const sample: SharpnessSample = yield* readSharpness(next.target, next.reason);
    samples.push(sample);
    const { position } = sample;
    const band = inFocusSharpness(radius, position, context.depthOfField(position));
    if (sample.sharpness >= band)
      return focused(
        position,
        probabilityAt(context, radius, sample),
        `The sharpness ${sample.sharpness.toFixed(2)} is in the in-focus band, from ${band.toFixed(2)}.`,
      );
    next = samples.every((each) => each.sharpness <= FLOOR)
      ? explore(context, radius, samples)
      : approach(context, radius, samples);
  }
  const visited = samples.map(({ position }) => position);
  return yield* scanInstead(
    context,
    visited,
    "the sharpness did not enter the in-focus band",
    function* (position) {
      const sample = yield* readSharpness(position, "Check the sharpness at the peak of the scan.");
      return { position: sample.position, probability: probabilityAt(context, radius, sample) };
    },
  );
}

/** While all that is known is where the focus is not: the nearest place from which something new can be seen. */
function explore(
  { start, depthOfField, range: allowed }: SearchContext,
  radius: RadiusGuess,
  samples: readonly SharpnessSample[],
): Next | undefined {
  const range = wholeRange(allowed);
  const [first, last] = [samples[0]?.position ?? start, samples.at(-1)?.position ?? start];
  const reach = (z: Steps): Steps => {
    let distance = depthOfField(z);
    while (sharpnessOf(radius(z + distance, z)) > FLOOR && distance < range.max - range.min) distance *= 1.25;
    return distance;
  };
  const way = range.max - first >= first - range.min ? 1 : -1;
  for (const [from, direction] of [
    [way > 0 === last >= first ? last : first, way],
    [way > 0 === last <= first ? last : first, -way],
  ] as const) {
    const end = direction > 0 ? range.max : range.min;
    if (Math.abs(end - from) <= reach(from) / 2) continue;
    const target = within(range, from + direction * 2 * OVERLAP * reach(from));
    return { target, reason: `Too far from focus to tell how far; look on, at ${target}.` };
  }
  return undefined;
}

/** The position that explains the samples best, the nearest of those that do so alike. */
function approach(
  { lens, depthOfField, range: allowed }: SearchContext,
  radius: RadiusGuess,
  samples: readonly SharpnessSample[],
): Next | undefined {
  const range = wholeRange(allowed);
  const standing = samples.at(-1)?.position ?? range.min;
  const open: { z: Steps; cost: number }[] = [];
  for (let z = range.min; z <= range.max; z++) {
    // Seen not to be in focus.
    if (samples.some(({ position }) => Math.abs(position - z) <= depthOfField(z) / 2)) continue;
    open.push({ z, cost: misfit(samples, radius, lens !== undefined, z) });
  }
  const least = Math.min(...open.map(({ cost }) => cost));
  const alike = open.filter(({ cost }) => cost <= least + ALIKE);
  const cheapestOf = (side: typeof alike): { z: Steps; cost: number } | undefined =>
    side.reduce<(typeof alike)[number] | undefined>(
      (a, b) => (a === undefined || b.cost < a.cost ? b : a),
      undefined,
    );
  const below = cheapestOf(alike.filter(({ z }) => z < standing));
  const above = cheapestOf(alike.filter(({ z }) => z > standing));
  const nearer =
    below === undefined || (above !== undefined && above.z - standing <= standing - below.z) ? above : below;
  if (nearer === undefined) return undefined;
  const other = nearer === below ? above : below;
  const target = nearer.z;
  return {
    target,
    reason:
      other === undefined
        ? `Focus expected at ${target} by the sharpness read so far.`
        : `Focus expected at ${target} or ${other.z}; the nearer first.`,
  };
}

/** S where the network could read it, 0 where there is no texture: too far from focus, or nothing to see. */
function* readSharpness(moveTo: Steps, reason: string): Generator<Request, SharpnessSample, Measurement> {
  const measurement = yield { moveTo, measure: "sharpness", reason };
  if (measurement.kind !== "sharpness")
    throw expected("invalid_input", "a measurement of sharpness", "the search", measurement.kind);
  return { position: measurement.position, sharpness: measurement.sharpness || 0 };
}

/** Probability that the focus lies within the depth of field of the sample, by this sample alone. */
function probabilityAt(
  { lens, depthOfField, range: allowed }: SearchContext,
  radius: RadiusGuess,
  sample: SharpnessSample,
): number {
  const range = wholeRange(allowed);
  const reach = depthOfField(sample.position);
  let [inside, all] = [0, 0];
  for (let z = range.min; z <= range.max; z++) {
    const likelihood = Math.exp(-misfit([sample], radius, lens !== undefined, z));
    all += likelihood;
    if (Math.abs(z - sample.position) <= reach) inside += likelihood;
  }
  return inside / all;
}
