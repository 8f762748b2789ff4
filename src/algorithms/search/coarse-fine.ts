/**
 * Coarse and fine scan, in the manner of libcamera's rpi.af: the lens travels the range in coarse steps, then goes
 * back across the largest sample in fine ones, and ends at the peak of a parabola through the three best.
 *
 * libcamera ends the coarse scan as soon as the contrast falls to 3/4 of the largest. Here it travels the whole
 * range, because this is what other searches fall back to, and a window with two depths has two peaks. Fine samples
 * lie a half depth of field apart, so that the best of them is in focus even without the parabola; where it is an end of
 * the range, one more shows whether the peak lies before it. The scan is entered from the end of the range nearer to the
 * lens.
 */
import type { Steps } from "../../core/units.ts";
import { contrastSearch, sharpest, type Exploration, type Sample } from "./contrast-search.ts";
import { parabolaPeak } from "./peak.ts";
import { scaledStep, within, wholeRange } from "./positions.ts";
import type { FocusSearch, SearchContext } from "./types.ts";

/** Step sizes for a half depth of field of 20 steps. */
const STEP = { coarse: 80, fine: 20 } as const;

export function coarseFine(context: SearchContext): FocusSearch {
  return contrastSearch(context, explore);
}

function* explore(context: SearchContext): Exploration {
  const range = wholeRange(context.range);
  const up = context.start - range.min <= range.max - context.start;
  const [from, to] = up ? [range.min, range.max] : [range.max, range.min];
  const direction = up ? 1 : -1;

  const samples = new Map<Steps, Sample>();
  function* take(at: Steps, reason: string): Exploration {
    const sample = yield { at, reason };
    samples.set(sample.position, sample);
  }
  const sizes = (at: Steps): { coarse: Steps; fine: Steps } => ({
    coarse: scaledStep(STEP.coarse, context.depthOfField(at)),
    fine: scaledStep(STEP.fine, context.depthOfField(at)),
  });

  for (let at = from; at !== to; at = within(range, at + direction * sizes(at).coarse))
    yield* take(at, "Coarse scan.");
  yield* take(to, "Coarse scan.");

  const peak = (sharpest([...samples.values()]) as Sample).position;
  const { coarse, fine } = sizes(peak);
  for (let offset = coarse - fine; offset > -coarse; offset -= fine)
    if (offset !== 0) yield* take(within(range, peak + direction * offset), "Fine scan across the peak.");

  const around = (): readonly (Sample | undefined)[] => {
    const sorted = [...samples.values()].sort((a, b) => a.position - b.position);
    const top = sorted.indexOf(sharpest(sorted) as Sample);
    return [sorted[top - 1], sorted[top], sorted[top + 1]];
  };
  const [before, end, after] = around();
  const beside = before ?? after;
  if (end !== undefined && beside !== undefined && (before === undefined || after === undefined))
    yield* take(within(range, (end.position + beside.position) / 2), "See whether it falls towards the end.");
  const [left, middle, right] = around();
  if (left === undefined || middle === undefined || right === undefined) return;
  const vertex = parabolaPeak(left, middle, right);
  if (vertex !== undefined) yield* take(vertex, "Go to the interpolated peak.");
}
