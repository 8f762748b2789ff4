/**
 * The learned search: Algorithm 1 of paper 1 on a lens model, with a posterior in the place of its rules.
 *
 * 1. The network reads the defocus radius of the frame where the lens stands (no move).
 * 2. The posterior over the in-focus position takes the reading in (focus-posterior.ts).
 * 3. When the depth of field around the lens holds enough of it, and the frame taken there agrees, the search ends; also
 *    when it holds most of it and no move promises much more, as where the radius at the limit of the depth of field is
 *    smaller than what the network can tell apart. Otherwise the lens moves to where the fewest further moves are to be
 *    expected (next-position.ts): of two candidates the likelier, at equal odds the nearer one, never between them; a
 *    wrong guess is seen from its reading, which leaves one candidate.
 *
 * What can go wrong, and what is done:
 *
 * - No texture where the lens stands: a look at up to two other places, far from those seen; then contrast. Where other
 *   frames have shown something, one that shows nothing is farther from focus than those.
 * - Readings contradict each other, lead in circles, or no position gathers enough of the posterior: contrast (`fallback`,
 *   scan.ts), near the sharpest frame seen where that is a clear peak, else by the coarse-fine scan. Its peak is read once
 *   more and judged (verdict.ts): where it is an end of the range and the network reads a defocus there, the focus lies
 *   beyond: `failed`.
 * - Several depths in the windows: the one that most patches agree on, and the result says how many lie elsewhere.
 * - The in-focus position lies outside the range allowed but within that of the lens: `failed`, saying where.
 * - No texture anywhere: `failed`, `no_texture`.
 */
import { expected } from "../../core/errors.ts";
import type { Pixels, Steps } from "../../core/units.ts";
import type { LensModel } from "../optics/lens-model.ts";
import { CONFIRMED, confirmation, FocusPosterior, probabilityOf } from "./focus-posterior.ts";
import { explainMove, explainRest } from "./hypotheses.ts";
import { massWithin, nextPosition } from "./next-position.ts";
import { failed, focused } from "./outcome.ts";
import { placeNear, wholeRange } from "./positions.ts";
import { scanInstead, type Check } from "./scan.ts";
import { summariseReadings } from "../rois/summarise-readings.ts";
import {
  radiusOf,
  type DefocusMeasurement,
  type DefocusReading,
  type FocusResult,
  type FocusSearch,
  type Measurement,
  type Request,
  type SearchContext,
} from "./types.ts";

/** Probability within the depth of field at which the search ends. */
const ENOUGH = 0.9;

/** Probability from which the search may end where it stands, if the best move would add less than `WORTH_A_MOVE`. */
const SUFFICIENT = 0.85;
const WORTH_A_MOVE = 0.2;

/** Readings after which the scan takes over. */
const MAX_READINGS = 9;

/** Looks at frames without texture, after which the scan takes over. */
const MAX_BLIND = 3;

/** Trust in a reading below which it contradicts the ones before: it is then more likely misread than right. */
const CONTRADICTION = 0.5;

/** Frames that contradict what was believed, after which the scan takes over. */
const MAX_CONTRADICTIONS = 2;

/** Looks at one place, within the depth of field, after which the scan takes over: the readings lead in circles. */
const MAX_LOOKS = 3;

/** Probability that the focus lies outside the range allowed, before anything is seen. */
const OUTSIDE = 0.05;

/** Probability of all that is within reach below which the in-focus position counts as out of reach. */
const OUT_OF_REACH = 0.1;

export function* learned(context: SearchContext): FocusSearch {
  const { lens } = context;
  if (lens === undefined)
    throw expected("invalid_input", "a lens model", "the learned search", lens, {
      cure: "Name a lens file, or use a search that needs none, such as coarse-fine.",
    });
  const range = wholeRange(context.range);
  const posterior = new FocusPosterior(lens, priorOf(context, lens));
  const visited: Steps[] = [];
  let target = placeNear(context, context.start);
  let reason = "Read the defocus where the lens stands.";
  let unsettled = "the readings did not settle";
  let blind = 0;
  let contradictions = 0;
  /** Smallest radius read so far. */
  let least: Pixels | undefined;

  while (visited.length < Math.min(MAX_READINGS, context.limits.maxCaptures)) {
    const measurement = yield* readDefocus(target, reason);
    const standing = measurement.position;
    // A frame seen before is no new evidence.
    const { informative, trust } = visited.includes(standing)
      ? { informative: true, trust: 1 }
      : posterior.observe(standing, measurement.readings);
    visited.push(standing);
    if (!informative) {
      if (++blind >= MAX_BLIND) {
        unsettled = "no texture could be read";
        break;
      }
      if (least === undefined) {
        target = farthestFrom(visited, context);
        reason = `No texture here; look elsewhere, at ${target}.`;
        continue;
      }
      posterior.observeNothing(standing, least);
    } else least = Math.min(least ?? Infinity, medianRadius(measurement.readings));
    if (trust < CONTRADICTION && ++contradictions >= MAX_CONTRADICTIONS) {
      unsettled = "the readings contradict each other";
      break;
    }

    const depthOfField = context.depthOfField(standing);
    const here = massWithin(posterior, standing, depthOfField);
    const confirmed = confirmation(lens, standing, measurement.readings, depthOfField) >= CONFIRMED;
    const end = (why: string): FocusResult => {
      const rest = explainRest(lens, measurement, depthOfField);
      return focused(standing, here, `In focus with probability ${here.toFixed(2)}: ${why}.${rest}`);
    };
    if (confirmed && here >= ENOUGH) return end("the defocus read here is within the depth of field");
    const settled = (z: Steps): boolean => massWithin(posterior, z, depthOfField) >= ENOUGH;
    const seen = visited.filter((z) => z === standing || !settled(z));
    const next = nextPosition(posterior, lens, range, context.depthOfField, standing, seen, context.stops);
    if (posterior.between(range.min - depthOfField, range.max + depthOfField) < OUT_OF_REACH)
      return failed(
        "focus_failed",
        standing,
        `The focus is at about ${posterior.mode}, outside ${range.min}..${range.max}.`,
        here,
      );
    if (next === undefined) break;
    if (confirmed && here >= SUFFICIENT && next.probability - here < WORTH_A_MOVE)
      return end("no move promises much more");
    // Among few stops several looks within the depth of field are the way to the right one.
    const looks = visited.filter((z) => Math.abs(z - next.target) <= depthOfField).length;
    if (context.stops === undefined && looks >= MAX_LOOKS) break;
    target = next.target;
    reason = explainMove(posterior, standing, depthOfField, next);
  }
  // Had what is read here been enough to go by, there were no scan.
  return yield* scanInstead(context, { visited, why: unsettled, doubted: true }, (position) =>
    checkDefocus(context, lens, position),
  );
}

/** Uniform over the range allowed, with a small rest for the remaining range of the lens, times the prior given. */
function priorOf(context: SearchContext, lens: LensModel): (z0: Steps) => number {
  const allowed = wholeRange(context.range);
  const outside = wholeRange(lens.range).max - wholeRange(lens.range).min - (allowed.max - allowed.min);
  const rest = outside > 0 ? (OUTSIDE * (allowed.max - allowed.min + 1)) / ((1 - OUTSIDE) * outside) : 0;
  const given = context.prior ?? (() => 1);
  return (z0) => given(z0) * (z0 >= allowed.min && z0 <= allowed.max ? 1 : Math.min(1, rest));
}

function medianRadius(readings: readonly DefocusReading[]): Pixels {
  return radiusOf(summariseReadings(readings)?.logRadius ?? Infinity);
}

/** Of the quarter points of the range, the one farthest from everything seen. */
function farthestFrom(visited: readonly Steps[], context: SearchContext): Steps {
  const { min, max } = wholeRange(context.range);
  const distance = (z: Steps): Steps => Math.min(...visited.map((each) => Math.abs(each - z)));
  const points = [1, 2, 3].map((quarter) => placeNear(context, min + ((max - min) * quarter) / 4));
  return points.reduce((a, b) => (distance(b) > distance(a) ? b : a));
}

/** How likely a frame at `position` is in focus by its reading alone. */
function* checkDefocus(
  { depthOfField }: SearchContext,
  lens: LensModel,
  position: Steps,
): Generator<Request, Check, Measurement> {
  const measurement = yield* readDefocus(position, "Check the peak of the scan by reading the defocus.");
  return {
    position: measurement.position,
    probability: probabilityOf(lens, measurement, depthOfField(measurement.position)),
  };
}

function* readDefocus(moveTo: Steps, reason: string): Generator<Request, DefocusMeasurement, Measurement> {
  const measurement = yield { moveTo, measure: "defocus", reason };
  if (measurement.kind !== "defocus")
    throw expected("invalid_input", "a measurement of defocus", "the search", measurement.kind);
  return measurement;
}
