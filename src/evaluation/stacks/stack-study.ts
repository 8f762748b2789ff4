/**
 * Real focal stacks: where the radius network, the fit of a whole sweep and a contrast measure put the sharpest frame of
 * every window, against the best-focus map of the stack or, where it has none, against the contrast measure.
 */
import path from "node:path";
import { fitSweep } from "../../algorithms/calibration/sweep/fit-sweep.ts";
import type { WindowReadings } from "../../algorithms/calibration/sweep/types.ts";
import type { FocusMeasureName } from "../../algorithms/focus-measure/names.ts";
import { patchGrid } from "../../algorithms/rois/patch-grid.ts";
import type { DefocusReading } from "../../algorithms/search/types.ts";
import { AutofocusError } from "../../core/errors.ts";
import { focusMeasure, toGray } from "../../core/native/index.ts";
import type { ImageU8 } from "../../core/image.ts";
import type { Roi } from "../../core/roi.ts";
import type { Steps } from "../../core/units.ts";
import { openStack, type FocalStack } from "../../drivers/replay/focal-stack.ts";
import { toEightBit } from "../../io/picture.ts";
import type { DefocusReader } from "../../pipeline/networks.ts";
import type { Evaluation } from "../part.ts";
import { quantile, rankCorrelation } from "../statistics.ts";
import { CLIMBED, studyLearned, textured, type FocusedWindow } from "./learned-study.ts";

/** The independent witness: not what any search or network is built on. */
export const WITNESS = "laplacian-energy";

/** Largest over median contrast along the stack below which a window shows no focus to find. */
const LEAST_PEAK = 2;

/** Standard deviation of the values in the sharpest frame, of 1, below which a window has no texture. */
const LEAST_TEXTURE = 4 / 255;

/** Share of the largest contrast to which it must fall on both sides, where nothing but the contrast says where the focus is. */
const FALLS_TO = 0.8;

/** Share of the frames by which the middle half of a window's map may spread, so that the window has one depth. */
const ONE_DEPTH = 0.1;

export interface StackResult {
  readonly stack: string;
  /** Numbers of the frames. */
  readonly positions: readonly Steps[];
  /** Side of the windows, px. */
  readonly size: number;
  readonly windows: number;
  /** Whether the truth is a best-focus map. */
  readonly mapped: boolean;
  /** The windows that have one depth and a peak of contrast. */
  readonly results: readonly WindowResult[];
  /** Searches in windows of the half that the lens was not fitted on; undefined where no lens could be fitted. */
  readonly focused: readonly FocusedWindow[] | undefined;
}

export interface WindowResult {
  readonly window: Roi;
  /** Number of the sharpest frame. */
  readonly truth: Steps;
  /** The frame of the least radius read, undefined where none was read. */
  readonly network: Steps | undefined;
  /** The frame nearest to the focus that the fit of the sweep finds, undefined where the fit left the window out. */
  readonly sweep: Steps | undefined;
  readonly contrast: Steps;
  /** Spearman's correlation of the radius read with the distance from the sharpest frame, NaN where it was not read. */
  readonly order: number;
  /** By frame: radius read as ln(radius + 1/2), NaN where it was not. */
  readonly logRadii: readonly number[];
}

export async function studyStacks({
  stacks,
  networks,
  quick,
  progress,
}: Pick<Evaluation, "stacks" | "networks" | "quick" | "progress">): Promise<StackResult[]> {
  const reader = await networks.defocus();
  const size = Math.min(...reader.sizes);
  const folders = quick ? stacks.slice(0, 1) : stacks;
  const results: StackResult[] = [];
  for (const folder of folders) {
    const stack = await openStack(folder);
    const windows = patchGrid(stack.width, stack.height, size, size).patches;
    const advance = progress(path.basename(folder), stack.positions.length);
    const frames: Frame[] = [];
    for (const position of stack.positions) {
      frames.push(await lookAt(await toGray(toEightBit(await stack.read(position))), windows, reader));
      advance();
    }
    const along = <T>(values: (frame: Frame) => readonly T[], window: number): T[] =>
      frames.map((frame) => values(frame)[window] as T);
    const readings = windows.map((_, index) => along((frame) => frame.readings, index));
    const foci = sweepFoci(
      stack.positions,
      readings.map((list) => list.map(textured)),
    );
    const judged = windows.map((window, index) =>
      judge(
        stack,
        { window, readings: readings[index] as DefocusReading[], focus: foci[index] },
        along((frame) => frame.contrast, index),
        along((frame) => frame.variance, index),
      ),
    );
    results.push({
      stack: path.basename(folder),
      positions: stack.positions,
      size,
      windows: windows.length,
      mapped: stack.trueFocus(windows[0] as Roi) !== undefined,
      results: judged.filter((each) => each !== undefined),
      focused: await studyLearned(
        stack,
        windows.map((window, index) => ({
          window,
          readings: readings[index] as DefocusReading[],
          climbed: along((frame) => frame.climbed, index),
          truth: judged[index]?.truth,
        })),
      ),
    });
  }
  return results;
}

/** Where the calibration from a sweep puts the focus of each window; nowhere where the stack cannot be calibrated from. */
function sweepFoci(
  positions: readonly Steps[],
  lists: readonly WindowReadings[],
): readonly (Steps | undefined)[] {
  try {
    return fitSweep(positions, lists).windows.map((window) =>
      window?.used === true ? window.focus : undefined,
    );
  } catch (error) {
    if (error instanceof AutofocusError) return [];
    throw error;
  }
}

/** What one frame shows in every window. */
interface Frame {
  readonly readings: readonly DefocusReading[];
  /** By the witness. */
  readonly contrast: readonly number[];
  readonly climbed: readonly number[];
  readonly variance: readonly number[];
}

async function lookAt(gray: ImageU8, windows: readonly Roi[], reader: DefocusReader): Promise<Frame> {
  const each = (name: FocusMeasureName): Promise<number[]> =>
    Promise.all(windows.map((window) => focusMeasure(name, gray, window)));
  return {
    readings: await reader.read(gray, windows),
    contrast: await each(WITNESS),
    climbed: await each(CLIMBED),
    variance: await each("variance"),
  };
}

/** Undefined where the window has several depths or nothing to focus on. */
function judge(
  stack: FocalStack,
  { window, readings, focus }: { window: Roi; readings: readonly DefocusReading[]; focus: Steps | undefined },
  contrast: readonly number[],
  variance: readonly number[],
): WindowResult | undefined {
  const sharpest = Math.max(...contrast);
  const top = contrast.indexOf(sharpest);
  if (sharpest < LEAST_PEAK * quantile(contrast, 0.5)) return undefined;
  if ((variance[top] as number) < LEAST_TEXTURE ** 2) return undefined;
  const quartiles = stack.trueFocusQuartiles(window);
  if (quartiles === undefined) {
    // A contrast that is largest at an end of the stack, or nearly so, may have its peak beyond.
    const falls = (side: readonly number[]): boolean => Math.min(...side) <= FALLS_TO * sharpest;
    if (!falls(contrast.slice(0, top)) || !falls(contrast.slice(top + 1))) return undefined;
  } else if (quartiles[2] - quartiles[0] > ONE_DEPTH * stack.positions.length) return undefined;
  const peak = stack.positions[top] as Steps;
  const truth = stack.trueFocus(window) ?? peak;
  const read = readings.flatMap(({ logRadius, textured: has }, frame) =>
    has ? [{ logRadius, position: stack.positions[frame] as Steps }] : [],
  );
  const least = read.reduce<(typeof read)[number] | undefined>(
    (best, each) => (best === undefined || each.logRadius < best.logRadius ? each : best),
    undefined,
  );
  return {
    window,
    truth,
    network: least?.position,
    sweep: focus === undefined ? undefined : stack.nearest(focus),
    contrast: peak,
    order: rankCorrelation(
      read.map(({ logRadius }) => logRadius),
      read.map(({ position }) => Math.abs(position - truth)),
    ),
    logRadii: readings.map(({ logRadius, textured: has }) => (has ? logRadius : NaN)),
  };
}
