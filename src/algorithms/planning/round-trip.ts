/**
 * The round trip of Li, Wang, Hu and Yang, "Scene-adaptive image acquisition for focus stacking", ICIP 2018: the lens goes
 * through the whole range in coarse steps and back; on the way back the next position is chosen online from the
 * distribution of the focus positions of the scene, which every frame refines.
 *
 * The idea is theirs, as paper 1 (section 2.3) tells it. Ours: the way out stops every `COARSE` depths of field, the
 * distribution is that of the contrast peaks of the blocks, and on the way back the next stop is the farthest one that
 * still holds the first block ahead that no frame shows in focus. Frames of both ways are fused.
 */
import type { Steps } from "../../core/units.ts";
import { ContrastCurves, peakOf } from "./contrast-curves.ts";
import { fromNearerEnd, sweepPositions } from "./sweep-positions.ts";
import type { CapturePlan, PlannerContext } from "./types.ts";

/** Distance of the stops on the way out, in full depths of field. */
const COARSE = 2;

export function* roundTrip({ start, lens }: PlannerContext): CapturePlan {
  const out = fromNearerEnd(sweepPositions(lens, COARSE), start);
  const curves = new ContrastCurves();
  const visited: Steps[] = [];
  for (const [index, moveTo] of out.entries()) {
    const look = yield { moveTo, look: "contrast", reason: `Way out, ${index + 1} of ${out.length}.` };
    curves.add(look);
    visited.push(look.position);
  }
  const upwards =
    (out.at(-1) as Steps) < (out[0] as Steps) || (out.length === 1 && start > (out[0] as Steps));
  const ahead = (a: Steps, b: Steps): number => (upwards ? a - b : b - a);
  let from = upwards ? lens.range.min : lens.range.max;
  for (;;) {
    const missing = curves
      .textured()
      .map(peakOf)
      .filter((z0) => ahead(z0, from) >= 0)
      .filter((z0) => !visited.some((each) => Math.abs(each - z0) <= lens.depthOfField(each)))
      .sort(ahead);
    const [first] = missing;
    if (first === undefined) break;
    const sigma = lens.depthOfField(first);
    const held = missing.filter((z0) => Math.abs(z0 - first) <= 2 * sigma);
    const moveTo = (first + (held.at(-1) as Steps)) / 2;
    const look = yield {
      moveTo,
      look: "contrast",
      reason: `Way back: ${held.length} of ${missing.length} blocks ahead are in focus there.`,
    };
    curves.add(look);
    // Aimed-at positions count as visited: a block that is never found in focus must not hold up the way back.
    visited.push(look.position, moveTo);
    from = first;
  }
  return { fuse: allFrames(visited, out.length), reason: "The way back is done." };
}

/** Frames of the way out are one visited position each, those of the way back two. */
function allFrames(visited: readonly Steps[], out: number): readonly number[] {
  return Array.from({ length: out + (visited.length - out) / 2 }, (_, index) => index);
}
