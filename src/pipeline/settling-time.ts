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

/** Median change of ln(radius + 1/2), against the end of the row, up to which the radius is steady. */
const STEADY = 0.08;
/** Frames that make the end of the row: the median of them bears one that is misread. */
const END = 3;

/** @returns the time of the first steady frame; 0 where that is the first of all. */
export function settlingOf(series: readonly TimedReadings[]): Milliseconds {
  const end = series.slice(-END);
  const windows = series[0]?.readings.length ?? 0;
  const steady = Array.from({ length: windows }, (_, window) =>
    end.flatMap(({ readings }) => radiusIn(readings[window])),
  ).map((radii) => (radii.length === 0 ? NaN : median(radii)));
  let first = series.length - 1;
  while (first > 0 && change((series[first - 1] as TimedReadings).readings, steady) <= STEADY) first--;
  return first <= 0 ? 0 : (series[first] as TimedReadings).time;
}

function change(readings: readonly DefocusReading[], steady: readonly number[]): number {
  const changes = readings.flatMap((reading, window) =>
    radiusIn(reading)
      .map((radius) => Math.abs(radius - (steady[window] as number)))
      .filter(Number.isFinite),
  );
  return changes.length === 0 ? 0 : median(changes);
}

/** ln(radius + 1/2), if it could be read. */
function radiusIn(reading: DefocusReading | undefined): number[] {
  return reading?.textured === true ? [reading.logRadius] : [];
}
