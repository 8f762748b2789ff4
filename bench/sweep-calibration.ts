/**
 * How well the learned search focuses real lenses that were calibrated by a sweep alone:
 *
 *   npx tsx bench/sweep-calibration.ts STACK...
 *
 * The windows of each focal stack are divided like the fields of a chess board: the lens is fitted on one half and
 * judged on the other. The truth of a window is its best-focus map where the stack has one, and else where its contrast
 * (energy of the Laplacian, which the search does not use) is centred. Windows without one depth and windows without texture
 * do not count. Beside the search stand the coarse-fine scan, and the frame of largest contrast of all: how far any
 * search by contrast agrees with that truth.
 */
import os from "node:os";
import path from "node:path";
import { median } from "../src/algorithms/calibration/median.ts";
import { sweepWindows } from "../src/algorithms/calibration/sweep/windows.ts";
import { patchGrid } from "../src/algorithms/rois/patch-grid.ts";
import type { DefocusReading } from "../src/algorithms/search/types.ts";
import { focusMeasure, toGray } from "../src/core/native/index.ts";
import type { Roi } from "../src/core/roi.ts";
import { fittedLens } from "../src/evaluation/stacks/fitted-lens.ts";
import { runStack } from "../src/evaluation/stacks/stack-runs.ts";
import { openStack, type FocalStack } from "../src/drivers/replay/focal-stack.ts";
import { DefocusEstimator } from "../src/inference/defocus-estimator.ts";
import { toEightBit } from "../src/io/picture.ts";

/** Share of the frames in which a window must be read. */
const TEXTURED = 0.8;
/** Interquartile range of a best-focus map within which a window has one depth, frames. */
const ONE_DEPTH = 2;
/** Share of the largest contrast that belongs to its peak. */
const PEAK = 0.7;
/** Frames from the truth that count as found. */
const CLOSE = 1;
const SEARCHES = ["learned", "coarse-fine"] as const;

interface SweptWindow {
  readonly window: Roi;
  /** One a frame. */
  readonly readings: readonly DefocusReading[];
  readonly contrasts: readonly number[];
}

async function sweep(stack: FocalStack, estimator: DefocusEstimator): Promise<SweptWindow[]> {
  // Side by side, so that no window is judged by pixels that the lens was fitted on.
  const side = (sweepWindows(stack)[0] as Roi).width;
  const windows = patchGrid(stack.width, stack.height, side, side).patches.map((window) => ({
    window,
    readings: [] as DefocusReading[],
    contrasts: [] as number[],
  }));
  for (const position of stack.positions) {
    const gray = await toGray(toEightBit(await stack.read(position)));
    const readings = await estimator.read(
      gray,
      windows.map(({ window }) => window),
    );
    for (const [i, { window, readings: own, contrasts }] of windows.entries()) {
      own.push(readings[i] as DefocusReading);
      contrasts.push(await focusMeasure("laplacian-energy", gray, window));
    }
  }
  return windows;
}

/** The number of the sharpest frame, undefined where the window has no single one. */
function truthOf(stack: FocalStack, { window, contrasts }: SweptWindow): number | undefined {
  const quarters = stack.trueFocusQuartiles(window);
  if (quarters !== undefined)
    return quarters[2] - quarters[0] <= ONE_DEPTH ? stack.nearest(quarters[1]) : undefined;
  const top = peakOf(contrasts);
  const level = PEAK * (contrasts[top] as number);
  const outside = (index: number): boolean => (contrasts[index] ?? 0) < level;
  let [from, to] = [top, top];
  while (!outside(from - 1)) from--;
  while (!outside(to + 1)) to++;
  if (contrasts.some((_, index) => (index < from || index > to) && !outside(index))) return undefined;
  if (from === 0 || to + 1 === contrasts.length) return stack.positions[top];
  const inside = contrasts.slice(from, to + 1).map((value, index) => ({
    weight: value - level,
    position: stack.positions[from + index] as number,
  }));
  const weight = inside.reduce((sum, each) => sum + each.weight, 0);
  return inside.reduce((sum, each) => sum + each.weight * each.position, 0) / weight;
}

function peakOf(contrasts: readonly number[]): number {
  return contrasts.indexOf(Math.max(...contrasts));
}

async function judge(folder: string, estimator: DefocusEstimator): Promise<void> {
  const stack = await openStack(folder);
  const { positions } = stack;
  const all = await sweep(stack, estimator);
  const isFitted = ({ window: { x, y, width } }: SweptWindow): boolean =>
    (Math.round(x / width) + Math.round(y / width)) % 2 === 1;
  const lens = fittedLens(
    stack,
    all.filter(isFitted).map(({ readings }) => readings),
  );
  const refuse = (): Promise<never> => Promise.reject(new Error("Not used here."));
  const networks = { defocus: () => Promise.resolve(estimator), steps: refuse, sharpness: refuse };
  const tallies = new Map<string, { error: number; captures: number }[]>();
  const count = (name: string, error: number, captures: number): void => {
    tallies.set(name, [...(tallies.get(name) ?? []), { error: Math.abs(error), captures }]);
  };
  const start = positions[positions.length >> 1] as number;
  for (const swept of all.filter((each) => !isFitted(each))) {
    const textured = swept.readings.filter((reading) => reading.textured).length;
    const truth = textured < TEXTURED * positions.length ? undefined : truthOf(stack, swept);
    if (truth === undefined) continue;
    const runs = await runStack(stack, swept.window, SEARCHES, start, () => undefined, { lens, networks });
    for (const run of runs) count(run.search, run.final - truth, run.captures);
    count("all frames", (positions[peakOf(swept.contrasts)] as number) - truth, positions.length);
  }
  for (const [name, runs] of tallies) {
    const near = runs.filter(({ error }) => error <= CLOSE).length;
    const captures = runs.reduce((sum, each) => sum + each.captures, 0) / runs.length;
    const error = median(runs.map((each) => each.error));
    const share = `${((100 * near) / runs.length).toFixed(0)} %`;
    const cells = [path.basename(folder), runs.length, name, share, error.toFixed(1), captures.toFixed(1)];
    console.log(`| ${cells.join(" | ")} |`);
  }
}

const [processor] = os.cpus();
console.log(
  `${os.platform()} ${os.arch()}, ${processor?.model.trim() ?? "?"}, ${new Date().toISOString().slice(0, 10)}\n`,
);
console.log("| stack | windows | search | within 1 frame | median error | captures |");
console.log("| --- | --- | --- | --- | --- | --- |");
const estimator = await DefocusEstimator.load();
for (const folder of process.argv.slice(2)) await judge(folder, estimator);
await estimator.dispose();
