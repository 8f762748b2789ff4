/**
 * The sharpness search (paper 2): optical sharpness S is absolute, 1 in focus whatever the scene and the light, so no
 * peak has to be found and passed. The search ends as soon as S enters the in-focus band, which begins at the S of a
 * defocus as large as at the limit of the depth of field. It needs no lens model; with one it needs fewer moves.
 *
 * 1. S where the lens stands tells how far the focus is, not on which side: the lens goes to the nearer of the two
 *    positions that explain it (sharpness-fit.ts).
 * 2. The second sample tells the direction: S has risen or fallen. From then on the lens goes where all samples
 *    together put the focus.
 * 3. While every sample is at the floor of S, the focus is far and nothing else is known: the lens goes where most of the
 *    range comes into sight that is not yet ruled out.
 *
 * What can go wrong, and what is done:
 *
 * - S stays below the band (a scene or a lens that is soft in itself): the search ends where all samples together put the
 *   focus, once they agree.
 * - They do not agree after `MAX_SAMPLES`: the coarse-fine contrast scan (`fallback`), whose peak counts only if S there does
 *   not contradict it (verdict.ts).
 * - No texture anywhere: `failed`, `no_texture`, by the scan.
 */
import { expected } from "../../core/errors.ts";
import type { Steps } from "../../core/units.ts";
import type { Range } from "../optics/lens-model.ts";
import { sharpnessOf } from "../optics/sharpness-curve.ts";
import { focused } from "./outcome.ts";
import { within, wholeRange } from "./positions.ts";
import { scanInstead } from "./scan.ts";
import {
  FLOOR,
  inFocusSharpness,
  radiusGuess,
  sharpnessBelief,
  type RadiusGuess,
  type SharpnessBelief,
  type SharpnessSample,
} from "./sharpness-fit.ts";
import type { FocusSearch, Measurement, Request, SearchContext } from "./types.ts";

/** Samples after which the scan takes over. */
const MAX_SAMPLES = 12;

/** Samples that a scene which stays below the band needs at least, and the probability by them at which it is in focus. */
const LEAST_AGREEING = 4;
const ENOUGH = 0.8;

/** Difference of misfit up to which two positions explain the samples alike, so that the nearer one is tried. */
const ALIKE = 0.5;

/** How much steeper the radius may be than it is guessed to be without a lens model. */
const UNKNOWN_SLOPE = 3;

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
    const depthOfField = context.depthOfField(position);
    const band = inFocusSharpness(radius, position, depthOfField);
    const read = `The sharpness ${sample.sharpness.toFixed(2)} is`;
    if (sample.sharpness >= band)
      return focused(
        position,
        believe(context, radius, [sample]).massWithin(position, depthOfField),
        `${read} in the in-focus band, from ${band.toFixed(2)}.`,
      );
    if (samples.every((each) => each.sharpness <= FLOOR)) {
      next = explore(context, radius, samples);
      continue;
    }
    const belief = believe(context, radius, samples);
    const here = belief.massWithin(position, depthOfField);
    if (samples.length >= LEAST_AGREEING && belief.fits && here >= ENOUGH)
      return focused(
        position,
        here,
        `${read} below the in-focus band, from ${band.toFixed(2)}, but all samples put the focus here: a soft scene.`,
      );
    next = approach(context, belief, samples);
  }
  const fallback = {
    visited: samples.map(({ position }) => position),
    why: "the sharpness did not enter the in-focus band",
    doubted: false,
  };
  return yield* scanInstead(context, fallback, function* (position) {
    const sample = yield* readSharpness(position, "Check the sharpness at the peak of the scan.");
    const reach = context.depthOfField(sample.position);
    const probability = believe(context, radius, [sample]).massWithin(sample.position, reach);
    return { position: sample.position, probability };
  });
}

/** While all that is known is where the focus is not: the place that rules out or finds most of the rest. */
function explore(
  { lens, depthOfField, range: allowed }: SearchContext,
  radius: RadiusGuess,
  samples: readonly SharpnessSample[],
): Next | undefined {
  const range = wholeRange(allowed);
  const standing = samples.at(-1)?.position ?? range.min;
  const seen = samples.map(({ position }) => position);
  let reach = sightFrom(standing, radius, range) / (lens === undefined ? UNKNOWN_SLOPE : 1);
  for (; reach >= depthOfField(standing); reach /= 2) {
    const target = widestView(seen, range, reach);
    if (target !== undefined)
      return {
        target,
        reason: `Too far from focus to tell how far; look where most is unseen, at ${target}.`,
      };
  }
  return undefined;
}

/** Distance from which a focus would show in the sharpness. */
function sightFrom(z: Steps, radius: RadiusGuess, range: Range): Steps {
  let distance = 1;
  const shows = (at: Steps): boolean => sharpnessOf(radius(at, z)) > FLOOR;
  while ((shows(z + distance) || shows(z - distance)) && distance < range.max - range.min) distance++;
  return distance;
}

/** The position with the most positions within `reach` that are farther than that from all seen; of equals the nearest. */
function widestView(seen: readonly Steps[], range: Range, reach: Steps): Steps | undefined {
  const unseenBefore = [0];
  for (let z = range.min; z <= range.max; z++) {
    const hidden = seen.every((each) => Math.abs(each - z) > reach);
    unseenBefore.push((unseenBefore.at(-1) as number) + (hidden ? 1 : 0));
  }
  const before = (z: Steps): number =>
    unseenBefore[Math.min(range.max + 1, Math.max(range.min, z)) - range.min] as number;
  const standing = seen.at(-1) ?? range.min;
  let best = { z: standing, gain: 0 };
  for (let z = range.min; z <= range.max; z++) {
    const gain = before(z + Math.floor(reach) + 1) - before(z - Math.floor(reach));
    const nearer = Math.abs(z - standing) < Math.abs(best.z - standing);
    if (gain > best.gain || (gain === best.gain && gain > 0 && nearer)) best = { z, gain };
  }
  return best.gain > 0 ? best.z : undefined;
}

/** The position that explains the samples best, the nearest of those that do so alike. */
function approach(
  { depthOfField }: SearchContext,
  belief: SharpnessBelief,
  samples: readonly SharpnessSample[],
): Next | undefined {
  const standing = samples.at(-1)?.position ?? NaN;
  const { z: likeliest } = belief.positions.reduce((a, b) => (b.cost < a.cost ? b : a));
  const agreed = belief.fits && belief.massWithin(likeliest, depthOfField(likeliest)) >= ENOUGH;
  if (samples.length >= LEAST_AGREEING && agreed && likeliest !== standing)
    return {
      target: likeliest,
      reason: `All samples together put the focus at ${likeliest}; it is soft there.`,
    };
  const open = belief.positions.filter(
    ({ z }) => !samples.some(({ position }) => Math.abs(position - z) <= depthOfField(z) / 2),
  );
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

/** What the samples say, as finely as an eighth of the depth of field. */
function believe(
  { lens, depthOfField, range: allowed }: SearchContext,
  radius: RadiusGuess,
  samples: readonly SharpnessSample[],
): SharpnessBelief {
  const range = wholeRange(allowed);
  const stride = Math.max(1, Math.floor(depthOfField(samples.at(-1)?.position ?? range.min) / 8));
  return sharpnessBelief(samples, radius, lens !== undefined, range, stride);
}
