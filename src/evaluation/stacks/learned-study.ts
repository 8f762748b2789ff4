/**
 * `learned` on a real lens that was calibrated from the readings alone: the windows of a stack are divided like the fields
 * of a chess board, the lens is fitted on one half, and the searches run in windows of the other; then the other way round.
 */
import type { WindowReadings } from "../../algorithms/calibration/sweep/types.ts";
import type { FocusMeasureName } from "../../algorithms/focus-measure/names.ts";
import type { LensModel } from "../../algorithms/optics/lens-model.ts";
import type { SearchName } from "../../algorithms/search/index.ts";
import type { DefocusReading } from "../../algorithms/search/types.ts";
import { AutofocusError, expected } from "../../core/errors.ts";
import type { Roi } from "../../core/roi.ts";
import type { Steps } from "../../core/units.ts";
import type { FocalStack } from "../../drivers/replay/focal-stack.ts";
import { fittedLens } from "./fitted-lens.ts";
import { runMeasured, type FrameMeter, type StackRun } from "./stack-runs.ts";

export const COMPARED_SEARCHES = ["learned", "coarse-fine"] as const satisfies readonly SearchName[];

/** What the searches climb; the truth is by another measure. */
export const CLIMBED: FocusMeasureName = "tenengrad";

/** What the frames of a stack show in one window. */
export interface RecordedWindow {
  readonly window: Roi;
  /** One a frame. */
  readonly readings: readonly DefocusReading[];
  /** The measure `CLIMBED`, one a frame. */
  readonly climbed: readonly number[];
  /** Number of the sharpest frame, undefined where the window is not to be judged. */
  readonly truth: Steps | undefined;
}

export interface FocusedWindow {
  readonly truth: Steps;
  readonly runs: Readonly<Partial<Record<SearchName, StackRun>>>;
}

/** @returns undefined where neither half gives a lens. */
export async function studyLearned(
  stack: FocalStack,
  windows: readonly RecordedWindow[],
): Promise<FocusedWindow[] | undefined> {
  const start = stack.positions[stack.positions.length >> 1] as Steps;
  const results: FocusedWindow[] = [];
  let calibrated = false;
  for (const side of [0, 1]) {
    const lens = lensFrom(
      stack,
      windows.filter(({ window }) => fieldOf(window) === side).map(({ readings }) => readings.map(textured)),
    );
    if (lens === undefined) continue;
    calibrated = true;
    for (const recorded of windows) {
      const { window, truth } = recorded;
      if (truth === undefined || fieldOf(window) === side) continue;
      const meter = meterOf(stack, recorded);
      const runs = await runMeasured(stack, meter, truth, COMPARED_SEARCHES, start, () => undefined, lens);
      results.push({ truth, runs: Object.fromEntries(runs.map((run) => [run.search, run])) });
    }
  }
  return calibrated ? results : undefined;
}

/** Whether a window is on a white field of the board or on a black one. */
function fieldOf({ x, y, width, height }: Roi): number {
  return (Math.round(x / width) + Math.round(y / height)) % 2;
}

/** Leaves out what the calibration does not use either. */
export function textured(reading: DefocusReading): DefocusReading | undefined {
  return reading.textured ? reading : undefined;
}

function meterOf({ positions }: FocalStack, { readings, climbed }: RecordedWindow): FrameMeter {
  return (position, { measure, contrast }) => {
    const frame = positions.indexOf(position);
    const value = climbed[frame] as number;
    if (measure === "defocus") {
      const reading = { kind: measure, position, readings: [readings[frame] as DefocusReading] };
      return Promise.resolve(contrast === undefined ? reading : { ...reading, contrast: value });
    }
    if (measure === CLIMBED) return Promise.resolve({ kind: measure, position, value });
    return Promise.reject(expected("internal", `defocus or ${CLIMBED}`, "a recorded window", measure));
  };
}

function lensFrom(stack: FocalStack, readings: readonly WindowReadings[]): LensModel | undefined {
  try {
    return fittedLens(stack, readings);
  } catch (error) {
    if (error instanceof AutofocusError) return undefined;
    throw error;
  }
}
