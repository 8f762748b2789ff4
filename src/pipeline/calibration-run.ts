/**
 * Calibrates a lens by driving it: a sweep upwards through its range with a frame at every stop (sweep-calibration.ts),
 * a few stops on the way down, which show the backlash, and some frames in a row after a long move, which show how long
 * the picture takes to settle. No target is needed and no focus: only a still scene with texture, at best at several
 * distances.
 */
import { hold, type Clock } from "../core/clock.ts";
import { backlashOf, type ReturnFrame } from "../algorithms/calibration/sweep/backlash.ts";
import type { Range } from "../algorithms/optics/lens-model.ts";
import { expected } from "../core/errors.ts";
import { throwIfAborted } from "../core/bounded.ts";
import type { ImageU8 } from "../core/image.ts";
import type { Milliseconds, Steps } from "../core/units.ts";
import type { DefocusReader } from "./networks.ts";
import { settlingOf, type TimedReadings } from "./settling-time.ts";
import { SweepCalibration, type SweepResult } from "./sweep-calibration.ts";

export interface CalibrationFrame {
  /** Where the lens stood. */
  readonly position: Steps;
  /** When the exposure began. */
  readonly stamp: Milliseconds;
  readonly gray: ImageU8;
}

/** A camera with a lens that can be moved. */
export interface CalibrationDevice {
  /** Where the lens may be moved to. */
  readonly range: Range;
  /** Moves the lens and resolves with the time at which it says to have arrived. */
  moveTo(position: Steps, signal: AbortSignal): Promise<Milliseconds>;
  /** The first frame that was begun at `time` or later with the lens at rest. */
  frameAfter(time: Milliseconds, signal: AbortSignal): Promise<CalibrationFrame>;
}

export type CalibrationPhase = "sweep" | "return" | "settling" | "fit";

export interface CalibrationProgress {
  readonly phase: CalibrationPhase;
  /** Where the lens stands, steps. */
  readonly position: Steps;
  /** Share of the captures that are done, 0..1. */
  readonly progress: number;
  /** Captures in all. */
  readonly total: number;
}

export interface CalibrationPlan {
  /** Stops of the sweep, 5 to 200. */
  readonly stops: number;
  /** Part of the range that is swept; all of it where undefined. */
  readonly range?: Range | undefined;
  readonly signal: AbortSignal;
  /** A clock that is stepped stands still while frames are worked on. */
  readonly clock: Clock;
  readonly onProgress: (progress: CalibrationProgress) => void;
}

export interface CalibrationRun extends SweepResult {
  readonly range: Range;
  readonly frames: number;
  readonly backlash: Steps;
  readonly settlingTime: Milliseconds;
}

/** Limits of `stops`, and what it is where nothing else is asked for. */
export const STOPS = { least: 5, most: 200, usual: 25 } as const;

/** Stops on the way down, as a share of those on the way up. */
const RETURN_SHARE = 1 / 3;
/** Frames in a row after each of two long moves. */
const SETTLING_FRAMES = 6;

/**
 * @throws AutofocusError `invalid_input`, `canceled` or the reason of the signal, `no_texture`, `calibration_failed`, and
 *   what the device and the reader throw.
 */
export async function runCalibration(
  device: CalibrationDevice,
  reader: DefocusReader,
  plan: CalibrationPlan,
): Promise<CalibrationRun> {
  const { stops, signal, clock, onProgress } = plan;
  if (!(Number.isInteger(stops) && stops >= STOPS.least && stops <= STOPS.most))
    throw expected(
      "invalid_input",
      `a whole number from ${STOPS.least} to ${STOPS.most}`,
      "the stops",
      stops,
    );
  const range = rangeOf(plan.range, device.range);
  const up = stopsIn(range, stops);
  const down = stopsIn(range, Math.max(3, Math.round(stops * RETURN_SHARE)) + 2)
    .slice(1, -1)
    .reverse();
  const total = up.length + down.length + 2 * SETTLING_FRAMES;
  let done = 0;
  const capture = async (phase: CalibrationPhase, after: Milliseconds): Promise<CalibrationFrame> => {
    const frame = await device.frameAfter(after, signal);
    throwIfAborted(signal);
    onProgress({ phase, position: frame.position, progress: ++done / total, total });
    return frame;
  };

  const sweep = new SweepCalibration(reader, up.length);
  let last = -Infinity;
  for (const stop of up) {
    const frame = await capture("sweep", await device.moveTo(stop, signal));
    // A stop the device does not have, between two frames of a recorded stack, gives the frame before once more.
    if (frame.position <= last) continue;
    last = frame.position;
    await hold(clock, sweep.add(frame.position, frame.gray));
  }
  onProgress({ phase: "fit", position: last, progress: done / total, total });
  const result = sweep.finish();

  const returned: ReturnFrame[] = [];
  for (const stop of down) {
    const { position, gray } = await capture("return", await device.moveTo(stop, signal));
    returned.push({ position, readings: await hold(clock, reader.read(gray, result.windows)) });
  }

  const settling: Milliseconds[] = [];
  for (const [from, to] of [
    [range.max, range.min],
    [range.min, range.max],
  ] as const) {
    await device.moveTo(from, signal);
    const arrived = await device.moveTo(to, signal);
    const series: TimedReadings[] = [];
    for (let after = arrived, count = 0; count < SETTLING_FRAMES; count++) {
      const { stamp, gray } = await capture("settling", after);
      series.push({ time: stamp - arrived, readings: await hold(clock, reader.read(gray, result.windows)) });
      after = stamp + 1e-3;
    }
    settling.push(settlingOf(series));
  }
  return {
    ...result,
    range,
    frames: total,
    backlash: backlashOf(result.scales.defocus, result.fit.windows, returned),
    settlingTime: Math.max(...settling),
  };
}

function rangeOf(asked: Range | undefined, device: Range): Range {
  if (asked === undefined) return device;
  if (asked.min >= device.min && asked.max <= device.max && asked.min < asked.max) return asked;
  throw expected(
    "invalid_input",
    `a part of ${device.min} to ${device.max}`,
    "the range",
    `${asked.min} to ${asked.max}`,
  );
}

/** Whole steps, evenly spread, each once. */
function stopsIn({ min, max }: Range, count: number): Steps[] {
  const all = Array.from({ length: count }, (_, index) =>
    Math.round(min + ((max - min) * index) / (count - 1)),
  );
  return [...new Set(all)];
}
