/**
 * The coarse-fine scan as the fallback of a search that reads defocus or sharpness: contrast knows no absolute scale but
 * needs no model either. Its peak is checked by the kind of reading that the search trusts, and judged by verdict.ts.
 */
import type { Steps } from "../../core/units.ts";
import { coarseFine } from "./coarse-fine.ts";
import type { FocusSearch, Measurement, Request, SearchContext } from "./types.ts";
import { judgePeak } from "./verdict.ts";

/** What a reading at the peak says: where the lens stood, and how likely it is in focus; NaN where nothing could be read. */
export interface Check {
  readonly position: Steps;
  readonly probability: number;
}

/**
 * @param visited positions measured so far, which count against the captures allowed.
 * @param why what made the scan necessary, the beginning of a sentence.
 * @param check reads the frame at a position.
 */
export function* scanInstead(
  context: SearchContext,
  visited: readonly Steps[],
  why: string,
  check: (position: Steps) => Generator<Request, Check, Measurement>,
): FocusSearch {
  const start = visited.at(-1) ?? context.start;
  // One is left for the check.
  const maxCaptures = context.limits.maxCaptures - visited.length - 1;
  const scanned = yield* coarseFine({ ...context, start, limits: { maxCaptures } });
  const found = { ...scanned, fallback: true, reason: `Scanned, as ${why}. ${scanned.reason}` };
  if (found.outcome === "failed") return found;
  const { position, probability } = yield* check(found.position);
  return judgePeak(found, probability, position, context.range);
}
