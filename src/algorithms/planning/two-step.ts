/**
 * The two-step method of Vaquero, Gelfand, Tico, Pulli and Turk, "Generalized autofocus", WACV 2011: a scan of the whole
 * range at low resolution measures the sharpness of every block; then the fewest frames are taken such that each block is
 * sharp in one of them.
 *
 * The idea is theirs. Ours is what the abstract leaves open: the scan stops every two depths of field, a block counts as
 * sharp where its contrast exceeds `SHARP` of its largest, and the frames are those that pierce all of these stretches,
 * the lowest upper end first, which is the smallest number.
 */
import type { Steps } from "../../core/units.ts";
import { ContrastCurves, stretchAbove } from "./contrast-curves.ts";
import { fromNearerEnd, sweepPositions } from "./sweep-positions.ts";
import type { CapturePlan, PlannerContext } from "./types.ts";

/** Share of its largest contrast from which a block counts as sharp. */
const SHARP = 0.8;

export function* twoStep({ start, lens }: PlannerContext): CapturePlan {
  const scan = fromNearerEnd(sweepPositions(lens), start);
  const curves = new ContrastCurves();
  for (const [index, moveTo] of scan.entries())
    curves.add(yield { moveTo, look: "contrast", reason: `Scan, ${index + 1} of ${scan.length}.` });
  const stretches = curves.textured().map((curve) => stretchAbove(curve, SHARP));
  return yield* takeAt(pierce(stretches), scan, "Every block with texture is sharp in one frame.");
}

/** The fewest positions of which each stretch holds one. */
export function pierce(
  stretches: readonly { readonly low: Steps; readonly high: Steps }[],
): readonly Steps[] {
  const points: Steps[] = [];
  for (const { low, high } of [...stretches].sort((a, b) => a.high - b.high))
    if (!points.some((each) => each >= low && each <= high)) points.push(high);
  return points;
}

/** Takes the frames to be fused after a scan, from the end where the scan has left the lens; the last scanned one where none is asked for. */
export function* takeAt(positions: readonly Steps[], scan: readonly Steps[], reason: string): CapturePlan {
  if (positions.length === 0) return { fuse: [scan.length - 1], reason: "No block has texture." };
  const order = fromNearerEnd(positions, scan.at(-1) as Steps);
  for (const [index, moveTo] of order.entries())
    yield { moveTo, look: "none", reason: `Frame ${index + 1} of ${order.length} that the scan asks for.` };
  return { fuse: order.map((_, index) => scan.length + index), reason };
}
