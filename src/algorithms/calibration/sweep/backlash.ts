/**
 * Backlash from readings taken on the way back over a sweep: a motor that lags behind when it turns stands higher, on
 * its way down, than it says. The shift of all positions is looked for with which the readings of all windows agree
 * best with the scale found on the way up.
 */
import type { Steps } from "../../../core/units.ts";
import { radiusRead } from "../../optics/softness.ts";
import { logRadiusOf, type DefocusReading } from "../../search/types.ts";
import type { Scale } from "../defocus-scale.ts";
import { loss } from "../trust.ts";
import type { SweepWindow } from "./types.ts";

/** What was read at a position on the way down, one reading a window. */
export interface ReturnFrame {
  readonly position: Steps;
  readonly readings: readonly (DefocusReading | undefined)[];
}

/** Largest backlash looked for, and the steps in which it is, as shares of the range. */
const MOST = 0.1;
const STEP = 0.001;
/** Standard deviation of a reading beyond what the network says of itself. */
const READING_STD = 0.1;
/** The loss must fall by so much a frame, against no backlash, for one to be reported. */
const WORTH = 0.5;

/** @param windows of the sweep, in the order of the readings. @returns steps, 0 where there is none to be seen. */
export function backlashOf(
  defocus: Scale,
  windows: readonly (SweepWindow | undefined)[],
  frames: readonly ReturnFrame[],
): Steps {
  const span = (defocus.positions.at(-1) as Steps) - (defocus.positions[0] as Steps);
  const seen = frames.flatMap(({ position, readings }) =>
    windows.flatMap((window, index) => {
      const reading = readings[index];
      return window?.used === true && reading?.textured === true ? [{ position, window, reading }] : [];
    }),
  );
  const total = (shift: Steps): number =>
    seen.reduce((sum, { position, window, reading }) => {
      const radius = radiusRead(defocus.at(position + shift) - window.q, window.softness);
      const std = Math.hypot(reading.logRadiusStd, READING_STD);
      return sum + loss((reading.logRadius - logRadiusOf(radius)) / std);
    }, 0);
  let best = { shift: 0, total: total(0) - WORTH * frames.length };
  for (let shift = STEP * span; shift <= MOST * span; shift += STEP * span) {
    const each = total(shift);
    if (each < best.total) best = { shift, total: each };
  }
  return best.shift;
}
