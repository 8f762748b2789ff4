/**
 * Real focal stacks: where the radius network, the fit of a whole sweep and a contrast measure put the sharpest frame of
 * every window, against the best-focus map of the stack or, where it has none, against the contrast measure.
 */
import path from "node:path";
import { fitSweep } from "../../algorithms/calibration/sweep/fit-sweep.ts";
import type { WindowReadings } from "../../algorithms/calibration/sweep/types.ts";
import { patchGrid } from "../../algorithms/rois/patch-grid.ts";
import type { DefocusReading } from "../../algorithms/search/types.ts";
import { AutofocusError } from "../../core/errors.ts";
import { focusMeasure, toGray } from "../../core/native/index.ts";
import type { Roi } from "../../core/roi.ts";
import type { Steps } from "../../core/units.ts";
import { openStack, type FocalStack } from "../../drivers/replay/focal-stack.ts";
import { toEightBit } from "../../io/picture.ts";
import type { Evaluation } from "../part.ts";
import { quantile, rankCorrelation } from "../statistics.ts";
import { isFitted, studyLearned, type FocusedWindow } from "./learned-study.ts";

/** The independent witness: not what any search or network is built on. */
export const WITNESS = "laplacian-energy";

/** Largest over median contrast along the stack below which a window shows no focus to find. */
const LEAST_PEAK = 1.5;

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

export async function studyStacks({ stacks, networks, quick, progress }: Evaluation): Promise<StackResult[]> {
  const reader = await networks.defocus();
  const size = Math.min(...reader.sizes);
  const folders = quick ? stacks.slice(0, 1) : stacks;
  const results: StackResult[] = [];
  for (const folder of folders) {
    const stack = await openStack(folder);
    const windows = patchGrid(stack.width, stack.height, size, size).patches;
    const advance = progress(path.basename(folder), stack.positions.length);
    const contrast: number[][] = [];
    const readings: (readonly DefocusReading[])[] = [];
    for (const position of stack.positions) {
      const gray = await toGray(toEightBit(await stack.read(position)));
      readings.push(await reader.read(gray, windows));
      contrast.push(await Promise.all(windows.map((window) => focusMeasure(WITNESS, gray, window))));
      advance();
    }
    const lists = windows.map((_, index) => readings.map((frame) => textured(frame[index])));
    const foci = sweepFoci(stack.positions, lists);
    const judged = windows.map((window, index) =>
      judge(
        stack,
        window,
        readings.map((frame) => frame[index] as DefocusReading),
        contrast.map((frame) => frame[index] as number),
        foci[index],
      ),
    );
    const counted = judged.filter((each) => each !== undefined);
    results.push({
      stack: path.basename(folder),
      positions: stack.positions,
      size,
      windows: windows.length,
      mapped: stack.trueFocus(windows[0] as Roi) !== undefined,
      results: counted,
      focused: await studyLearned(
        stack,
        networks,
        lists.filter((_, index) => isFitted(windows[index] as Roi)),
        counted.filter(({ window }) => !isFitted(window)),
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

function textured(reading: DefocusReading | undefined): DefocusReading | undefined {
  return reading?.textured === true ? reading : undefined;
}

/** Undefined where the window has several depths or nothing to focus on. */
function judge(
  stack: FocalStack,
  window: Roi,
  readings: readonly DefocusReading[],
  contrast: readonly number[],
  focus: Steps | undefined,
): WindowResult | undefined {
  const sharpest = Math.max(...contrast);
  if (sharpest < LEAST_PEAK * quantile(contrast, 0.5)) return undefined;
  const quartiles = stack.trueFocusQuartiles(window);
  if (quartiles !== undefined && quartiles[2] - quartiles[0] > ONE_DEPTH * stack.positions.length)
    return undefined;
  const peak = stack.positions[contrast.indexOf(sharpest)] as Steps;
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
