/** How long after a move the picture still changes: the first of a row of frames from which on the radius is steady. */
import { median } from "../algorithms/calibration/median.ts";
import type { DefocusReading } from "../algorithms/search/types.ts";
import type { Milliseconds } from "../core/units.ts";

export interface TimedReadings {
  /** After the lens said to have arrived. */
  readonly time: Milliseconds;
  /** One a window. */
  readonly readings: readonly DefocusReading[];
}

/** Median change of ln(radius + 1/2), against the last frame, up to which the radius is steady. */
const STEADY = 0.08;

/** @returns the time of the first steady frame; 0 where that is the first of all. */
export function settlingOf(series: readonly TimedReadings[]): Milliseconds {
  const last = series.at(-1);
  if (last === undefined) return 0;
  let first = series.length - 1;
  while (first > 0 && change(series[first - 1] as TimedReadings, last) <= STEADY) first--;
  return first === 0 ? 0 : (series[first] as TimedReadings).time;
}

function change(a: TimedReadings, b: TimedReadings): number {
  const changes = a.readings.flatMap((reading, index) => {
    const other = b.readings[index];
    return reading.textured && other?.textured === true
      ? [Math.abs(reading.logRadius - other.logRadius)]
      : [];
  });
  return changes.length === 0 ? 0 : median(changes);
}
