/**
 * The selection of Choi, Pazylbekova, Zhou and van Beek, "Improved image selection for focus stacking in digital
 * photography", ICIP 2017, which improves on Vaquero's: the position at which each block is sharpest is estimated, the
 * equations of the depth of field say from where to where it is in focus, and the fewest frames are chosen.
 *
 * The idea is theirs. Ours: the scan stops every two depths of field, the peak is that of a parabola through the
 * logarithms of the contrast, and the selection is exact (interval-cover.ts).
 */
import { ContrastCurves, peakOf } from "./contrast-curves.ts";
import { intervalCover } from "./interval-cover.ts";
import { fromNearerEnd, sweepPositions } from "./sweep-positions.ts";
import { takeAt } from "./two-step.ts";
import type { CapturePlan, PlannerContext } from "./types.ts";

export function* blockDepth({ start, lens }: PlannerContext): CapturePlan {
  const scan = fromNearerEnd(sweepPositions(lens), start);
  const curves = new ContrastCurves();
  for (const [index, moveTo] of scan.entries())
    curves.add(yield { moveTo, look: "contrast", reason: `Scan, ${index + 1} of ${scan.length}.` });
  const depths = curves
    .textured()
    .map(peakOf)
    .sort((a, b) => a - b);
  const cover = intervalCover(
    depths,
    depths.map(() => 1),
    (z) => lens.depthOfField(z),
  );
  const positions = cover.map(({ centre }) => centre);
  return yield* takeAt(positions, scan, "The depth of every block with texture is in focus in one frame.");
}
