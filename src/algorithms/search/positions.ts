/** Positions and distances as the motor takes them: whole steps within the range a search may use. */
import { expected } from "../../core/errors.ts";
import type { Steps } from "../../core/units.ts";
import type { Range } from "../optics/lens-model.ts";

/** The depth of field (half-width, steps) of the camera in paper 1, for which published step sizes are meant. */
const PUBLISHED_DEPTH_OF_FIELD = 20;

/** The first and last whole step within `range`. @throws AutofocusError `invalid_input` when there is none. */
export function wholeRange(range: Range): Range {
  const whole = { min: Math.ceil(range.min), max: Math.floor(range.max) };
  if (!(Number.isFinite(range.min) && Number.isFinite(range.max) && whole.min <= whole.max))
    throw expected(
      "invalid_input",
      "at least one whole step",
      "the search range",
      `${range.min}..${range.max}`,
    );
  return whole;
}

/** The whole step within `range` that is nearest to `position`. */
export function within(range: Range, position: Steps): Steps {
  const { min, max } = wholeRange(range);
  return Math.min(max, Math.max(min, Math.round(position)));
}

/** Where a search may send the lens. */
export interface Places {
  readonly range: Range;
  /** The only positions that the lens can take, ascending; every whole step unless given. */
  readonly stops?: readonly Steps[];
}

/** The position within `range` nearest to `wanted` that the lens can take; the lower one of two. */
export function placeNear(places: Places, wanted: Steps): Steps {
  const near = within(places.range, wanted);
  const { min, max } = places.range;
  const stops = (places.stops ?? []).filter((stop) => stop >= min && stop <= max);
  return stops.reduce(
    (best, stop) => (Math.abs(stop - near) < Math.abs(best - near) ? stop : best),
    stops[0] ?? near,
  );
}

/** The positions from `from` to `to` that the lens can take: the `stops` there, or every `stride` without any. */
export function placesBetween(
  stops: readonly Steps[] | undefined,
  from: Steps,
  to: Steps,
  stride: Steps,
): Steps[] {
  if (stops !== undefined) return stops.filter((stop) => stop >= from && stop <= to);
  const result: Steps[] = [];
  for (let z = from; z <= to; z += stride) result.push(z);
  return result;
}

/**
 * A step size published for a depth of field of 20 steps, for a lens with another one: at least one whole step, so
 * that the numbers also serve a focal stack whose depth of field is half a frame.
 */
export function scaledStep(published: Steps, depthOfField: Steps): Steps {
  return Math.max(1, Math.round((published * depthOfField) / PUBLISHED_DEPTH_OF_FIELD));
}
