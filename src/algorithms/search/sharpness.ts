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
 * - S does not enter the band where it should (a scene that is soft in itself, a sample misread): after `MAX_SAMPLES` the
 *   coarse-fine contrast scan (`fallback`), whose peak counts only if S there does not contradict it (verdict.ts).
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
  { lens, depthOfField, range: allowed }: SearchContext,
  radius: RadiusGuess,
  samples: readonly SharpnessSample[],
): Next | undefined {
  const range = wholeRange(allowed);
  const standing = samples.at(-1)?.position ?? range.min;
  const open: { z: Steps; cost: number }[] = [];
  const stride = Math.max(1, Math.floor(depthOfField(standing) / 4));
  for (let z = range.min; z <= range.max; z += stride) {
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
