/**
 * `learned` on a real lens that was calibrated from the readings alone: the windows of a stack are divided like the fields
 * of a chess board, the lens is fitted on one half, and the searches run in windows of the other.
 */
import type { WindowReadings } from "../../algorithms/calibration/sweep/types.ts";
import type { LensModel } from "../../algorithms/optics/lens-model.ts";
import type { SearchName } from "../../algorithms/search/index.ts";
import { AutofocusError } from "../../core/errors.ts";
import type { Roi } from "../../core/roi.ts";
import type { Steps } from "../../core/units.ts";
import type { FocalStack } from "../../drivers/replay/focal-stack.ts";
import type { Networks } from "../../pipeline/networks.ts";
import { fittedLens } from "./fitted-lens.ts";
import { runStack, type StackRun } from "./stack-runs.ts";

export const COMPARED_SEARCHES = ["learned", "coarse-fine"] as const satisfies readonly SearchName[];

/** Windows of a stack that are focused, evenly taken from all. */
const MOST_WINDOWS = 24;

export interface FocusedWindow {
  readonly truth: Steps;
  readonly runs: Readonly<Partial<Record<SearchName, StackRun>>>;
}

/** Whether a window is on the half that the lens is fitted on. */
export function isFitted({ x, y, width, height }: Roi): boolean {
  return (Math.round(x / width) + Math.round(y / height)) % 2 === 1;
}

/**
 * @param fitted readings of the windows of the half that is fitted on.
 * @param judged windows of the other half, with the number of their sharpest frame.
 * @returns undefined where the readings give no lens.
 */
export async function studyLearned(
  stack: FocalStack,
  networks: Networks,
  fitted: readonly WindowReadings[],
  judged: readonly { readonly window: Roi; readonly truth: Steps }[],
): Promise<FocusedWindow[] | undefined> {
  const lens = lensFrom(stack, fitted);
  if (lens === undefined) return undefined;
  const start = stack.positions[stack.positions.length >> 1] as Steps;
  const step = Math.max(1, judged.length / MOST_WINDOWS);
  const results: FocusedWindow[] = [];
  for (let at = 0; at < judged.length; at += step) {
    const { window, truth } = judged[Math.floor(at)] as (typeof judged)[number];
    const runs = await runStack(stack, window, COMPARED_SEARCHES, start, () => undefined, { lens, networks });
    results.push({ truth, runs: Object.fromEntries(runs.map((run) => [run.search, run])) });
  }
  return results;
}

function lensFrom(stack: FocalStack, readings: readonly WindowReadings[]): LensModel | undefined {
  try {
    return fittedLens(stack, readings);
  } catch (error) {
    if (error instanceof AutofocusError) return undefined;
    throw error;
  }
}
