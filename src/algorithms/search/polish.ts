/**
 * The last stretch of the learned search where the depth of field is narrower than what a reading can resolve: a disk
 * of less than about a pixel looks alike to the network whether its radius is 0.3 or 0.8 px, and reads as little more
 * than the softness of the scene itself. There the network leads to within that pixel of focus, and contrast, which
 * needs no scale over so short a way, climbs the rest (contrast-climb.ts).
 *
 * The search is run with a depth of field as wide as `RESOLVED` px of radius, and the frames that it reads give their
 * contrast too: what has been seen once, neither the climb nor a scan of the search takes again.
 *
 * Where the depth of field is wide enough, the end of the search is left as it is. Where contrast has no peak, the lens
 * goes back to where the network led.
 */
import type { Pixels, Steps } from "../../core/units.ts";
import type { FocusMeasureName } from "../focus-measure/names.ts";
import type { LensModel } from "../optics/lens-model.ts";
import { climb, type Peak } from "./contrast-climb.ts";
import type { FocusResult, FocusSearch, Measurement, Request, SearchContext } from "./types.ts";

/** Radius below which readings do not tell how far the focus is. */
const RESOLVED: Pixels = 1;

/** Captures that a climb cannot do without: two flanks and the way back. */
const LEAST_CAPTURES = 3;

/** The first flanks are looked for so many times as far as readings cannot tell. */
const REACH = 1.5;

/** `search`, with contrast for what it cannot resolve. */
export function polished(
  search: (context: SearchContext) => FocusSearch,
): (context: SearchContext) => FocusSearch {
  return function* (context) {
    const { lens, limits, focusMeasure: measure = "tenengrad" } = context;
    if (lens === undefined) return yield* search(context);
    const resolved = (z: Steps): Steps => Math.max(context.depthOfField(z), resolvedHalfWidth(lens, z));
    const isNarrow = (z: Steps): boolean => resolved(z) > context.depthOfField(z);
    const contrasts = new Map<Steps, number>();
    // Among few stops every frame counts, and after two readings something may be wrong with them.
    const asks = (z: Steps, captures: number): boolean =>
      context.stops !== undefined || isNarrow(z) || captures > 2;
    const watching = watched(
      search({ ...context, depthOfField: resolved, contrasts }),
      measure,
      asks,
      contrasts,
    );
    const { result, captures } = yield* watching;
    const { position } = result;
    const left = limits.maxCaptures - captures;
    if (result.outcome === "failed" || !isNarrow(position) || left < LEAST_CAPTURES) return result;
    const reach = Math.max(1, Math.round(REACH * resolved(position)));
    const close = context.depthOfField(position);
    const { peak, standing = position } = yield* climb(
      { context: { ...context, lens }, reach, close },
      position,
      contrasts,
      left - 1,
    );
    const end = peak?.position ?? position;
    const polish = { ...result, ...(peak && { reason: `${result.reason} ${explained(peak)}` }) };
    if (end === standing) return { ...polish, position: end };
    const back = yield { moveTo: end, measure: "defocus", reason: "Go back to where it was sharpest." };
    return { ...polish, position: back.position };
  };
}

function explained({ samples }: Peak): string {
  return `Nearer than ${RESOLVED} px of radius by contrast: the centre of its peak, by ${samples} frames.`;
}

/** The half-width around `z` within which the radius stays below what is resolved, and what softness hides beside. */
function resolvedHalfWidth(lens: LensModel, z: Steps): Steps {
  const { softness = [] } = lens;
  const hidden = softness[softness.length >> 1] ?? 0;
  const sides = lens.candidates(Math.hypot(RESOLVED, hidden), z).map((z0) => Math.abs(z0 - z));
  return sides.length === 0 ? 0 : Math.min(...sides);
}

/** The search, and how many captures it asked for; `contrasts` takes up what its frames have. */
function* watched(
  search: FocusSearch,
  measure: FocusMeasureName,
  asks: (z: Steps, captures: number) => boolean,
  contrasts: Map<Steps, number>,
): Generator<Request, { readonly result: FocusResult; readonly captures: number }, Measurement> {
  let captures = 0;
  let step = search.next();
  while (step.done !== true) {
    captures++;
    const request = step.value;
    const beside = request.measure === "defocus" && asks(request.moveTo, captures);
    const measurement = yield beside ? { ...request, contrast: measure } : request;
    if (measurement.kind === "defocus" && measurement.contrast !== undefined)
      contrasts.set(measurement.position, measurement.contrast);
    else if (measurement.kind === measure) contrasts.set(measurement.position, measurement.value);
    step = search.next(measurement);
  }
  return { result: step.value, captures };
}
