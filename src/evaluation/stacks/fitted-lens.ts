/** The lens of a stack by its own readings, in frames: what `calibrate --stack` would write, and `focus` read again. */
import { Scale } from "../../algorithms/calibration/defocus-scale.ts";
import { fitSweep } from "../../algorithms/calibration/sweep/fit-sweep.ts";
import type { WindowReadings } from "../../algorithms/calibration/sweep/types.ts";
import type { LensModel } from "../../algorithms/optics/lens-model.ts";
import type { FocalStack } from "../../drivers/replay/focal-stack.ts";
import { parseLens } from "../../io/lens-file.ts";
import { formatLens, lensFileOf } from "../../io/lens-writer.ts";

/** Defocus radius taken as visible, which makes the depth of field of the file, px. */
const VISIBLE_RADIUS = 1;

/**
 * @param readings one list a window, one reading a frame.
 * @throws AutofocusError as fitSweep.
 */
export function fittedLens(
  { positions, width, height }: FocalStack,
  readings: readonly WindowReadings[],
): LensModel {
  const fit = fitSweep(positions, readings);
  const range = { min: positions[0] as number, max: positions.at(-1) as number };
  const file = lensFileOf({
    name: "fitted",
    description: "by the readings of some windows of the stack",
    scales: { defocus: fit.defocus, breathing: new Scale([range.min, range.max], [0, 0]) },
    range,
    frame: { width, height },
    visibleRadius: VISIBLE_RADIUS,
    softness: fit.softness,
    calibration: { method: "sweep", frames: positions.length, residual: fit.residual },
  });
  return parseLens(formatLens(file), "fitted");
}
