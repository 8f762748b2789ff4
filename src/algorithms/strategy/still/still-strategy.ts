/**
 * The focus strategy for a still scene: paper 1, section 5, static case (Eq. 9), with a posterior a patch in the place of
 * the latest deviation and an exact cover in the place of the histogram. A reducer, as focus-strategy.ts is.
 *
 * 1. Each patch takes the reading of the frame in (patch-belief.ts): its sign, the other candidate of the first frame,
 *    noise and readings of something else are settled by all frames together.
 * 2. M: the patch is in focus in this frame. U: it was in some frame, or its posterior says so of a position visited.
 * 3. Demand: where the patches may be in focus that the frames so far do not show sharply, the sum of their posteriors
 *    outside the depth of field of every position visited, each with the trust in its patch. A patch that has been in
 *    focus once and asks for another position counts for `SEEN_BEFORE`: it shows two distances.
 * 4. What is smaller than a patch: every cell whose fine detail some frame shows (cell-posterior.ts) asks too, unless it is
 *    likelier to have been in focus than not. It is paper 2's stop rule, an absolute one, and covers floors and walls
 *    that are several depths of field deep within a patch.
 * 5. The fewest positions that hold the demand, and of these the one that brings most for its travel (next-frame.ts).
 * 6. Complete when no position is worth a frame.
 *
 * Positions aimed at count as visited even if the lens ended elsewhere, so none is taken twice and the capture ends after
 * at most (max - min) / sigma_Z + 2 frames, whatever the readings say.
 */
import { expected } from "../../../core/errors.ts";
import type { Steps } from "../../../core/units.ts";
import type { LensModel } from "../../optics/lens-model.ts";
import type { DefocusReading } from "../../search/types.ts";
import { deviations, type PatchDeviation } from "../deviation.ts";
import { coverageOf, type StrategyStep } from "../strategy-step.ts";
import { cellPosteriors, type DetailLook } from "./cell-posterior.ts";
import type { FrameDetail } from "./frame-detail.ts";
import { mostFrames, nextFrame, windowOf } from "./next-frame.ts";
import { believe, unseenPatch, type PatchBelief } from "./patch-belief.ts";
import { focusGrid, gridLogRadii } from "./patch-posterior.ts";

export interface StillState {
  /** One a patch; none before the first frame. */
  readonly patches: readonly PatchBelief[];
  /** Where frames were taken. */
  readonly visited: readonly Steps[];
  /** Where they were aimed at. */
  readonly aimed: readonly Steps[];
  /** The fine detail of the frames, where it was measured. */
  readonly looks: readonly DetailLook[];
}

export type StillStep = StrategyStep & { readonly state: StillState };

/** Weight of what a patch asks for that has been in focus before. */
const SEEN_BEFORE = 0.5;

export const STILL_START: StillState = { patches: [], visited: [], aimed: [], looks: [] };

/**
 * Takes in the frame captured at `z`.
 * @param readings one per patch, always in the same order and number.
 * @param detail fine detail of the frame, of every frame or of none; without it what is smaller than a patch is not seen.
 * @throws AutofocusError `invalid_input` when `z` is not finite or the number of patches or cells changed.
 */
export function stillStep(
  state: StillState,
  readings: readonly DefocusReading[],
  lens: LensModel,
  z: Steps,
  detail?: FrameDetail,
): StillStep {
  if (!Number.isFinite(z)) throw expected("invalid_input", "a finite focus position", "z", z);
  if (state.patches.length > 0 && state.patches.length !== readings.length)
    throw expected("invalid_input", `${state.patches.length} patches`, "the readings", readings.length);
  const cells = state.looks[0]?.energy.length;
  if (cells !== undefined && cells !== detail?.energy.length)
    throw expected("invalid_input", `${cells} cells`, "the detail", detail?.energy.length);
  const grid = focusGrid(lens);
  const window = windowOf(grid, z, lens);
  const sigma = lens.depthOfField(z);
  const view = { position: z, sigma, logRadii: gridLogRadii(lens, grid, z), window };
  const unsigned = deviations(readings, lens, z);
  const unseen = unseenPatch(grid.length);
  const patches = readings.map((reading, index) =>
    believe(state.patches[index] ?? unseen, reading, unsigned[index] as PatchDeviation, view),
  );
  const visited = [...state.visited, z];
  const isShown = shown(grid, visited, lens);
  const done = patches.map(
    ({ known, seen, posterior }) => known && (seen || heldBy(posterior.probability, isShown) >= 0.5),
  );
  const pending = patches.map(({ known }, index) => known && done[index] === false);
  const looks = detail === undefined ? [] : [...state.looks, { position: z, energy: detail.energy }];
  const inCells = detail === undefined ? [] : seenCells(looks, detail, patches, grid, lens);
  const isTaken = shown(grid, [...visited, ...state.aimed], lens);
  const readable = patches.filter(({ known }) => known);
  const asking = {
    patches: readable.map((each) => askedBy(each, isTaken)),
    cells: inCells.filter((each) => heldBy(each, isTaken) < 0.5).map((each) => outside(each, isTaken, 1)),
  };
  const situation = { grid, lens, visited, readable: readable.length };
  const best = nextFrame([...asking.patches, ...asking.cells], situation);
  return {
    state: {
      patches,
      visited,
      aimed: best === undefined ? state.aimed : [...state.aimed, best.centre],
      looks,
    },
    deviation: Float32Array.from(patches, ({ known, posterior }) =>
      known ? posterior.estimate(grid, sigma).inFocusAt - z : NaN,
    ),
    confidence: Float32Array.from(patches, ({ known, posterior }) =>
      known ? posterior.estimate(grid, sigma).probability : 0,
    ),
    mask: patches.map(({ inFocus }) => inFocus),
    isUseful: patches.some(({ inFocus }) => inFocus) || inCells.some((each) => sumIn(each, window) >= 0.5),
    activation: done,
    pending,
    coverage: coverageOf(done, pending),
    next: best?.centre ?? "complete",
    reason:
      best === undefined
        ? whyComplete(pending, unsigned, patches, visited.length >= mostFrames(lens))
        : whyThere(asking, windowOf(grid, best.centre, lens)),
  };
}

/** The posteriors of the cells that show detail. */
function seenCells(
  looks: readonly DetailLook[],
  detail: FrameDetail,
  patches: readonly PatchBelief[],
  grid: readonly Steps[],
  lens: LensModel,
): readonly Float64Array[] {
  const believed = patches.map(({ known, posterior }) => (known ? posterior.probability : undefined));
  return cellPosteriors(looks, detail, believed, grid, lens).filter((each) => each !== undefined);
}

/** How much the patch asks for each position. */
function askedBy({ seen, trust, posterior }: PatchBelief, isTaken: readonly boolean[]): Float64Array {
  return outside(posterior.probability, isTaken, trust * (seen ? SEEN_BEFORE : 1));
}

function outside(probability: Float64Array, isTaken: readonly boolean[], weight: number): Float64Array {
  return probability.map((each, cell) => (isTaken[cell] === true ? 0 : weight * each));
}

/** Which positions of the grid lie within the depth of field of a position visited. */
function shown(grid: readonly Steps[], visited: readonly Steps[], lens: LensModel): readonly boolean[] {
  const windows = visited.map((each) => windowOf(grid, each, lens));
  return grid.map((_, cell) => windows.some(([first, behind]) => cell >= first && cell < behind));
}

function sumIn(values: Float64Array, [first, behind]: readonly [number, number]): number {
  return values.subarray(first, behind).reduce((sum, each) => sum + each, 0);
}

function heldBy(probability: Float64Array, cells: readonly boolean[]): number {
  return probability.reduce((sum, each, cell) => (cells[cell] === true ? sum + each : sum), 0);
}

/** What is expected to come into focus in the window. */
function whyThere(
  { patches, cells }: Readonly<Record<"patches" | "cells", readonly Float64Array[]>>,
  window: readonly [number, number],
): string {
  const expectedOf = (asking: readonly Float64Array[]): number =>
    Math.round(asking.reduce((sum, each) => sum + sumIn(each, window), 0));
  const [whole, small] = [expectedOf(patches), expectedOf(cells)];
  const parts = [
    ...(whole > 0 || small === 0 ? [`${Math.max(1, whole)} more of ${patches.length} patches`] : []),
    ...(small > 0 ? [`${small} cells smaller than a patch`] : []),
  ];
  return `Expected to bring ${parts.join(" and ")} into focus.`;
}

function whyComplete(
  pending: readonly boolean[],
  unsigned: readonly PatchDeviation[],
  patches: readonly PatchBelief[],
  isSwept: boolean,
): string {
  if (!patches.some(({ known }) => known) && unsigned.every(({ kind }) => kind === "unknown"))
    return "No patch has enough texture to be read.";
  const left = pending.filter(Boolean).length;
  if (left > 0)
    return isSwept
      ? `As many frames as a sweep of the range has; patches left: ${left}.`
      : `Too few patches are left to be worth a frame: ${left}.`;
  if (unsigned.some(({ kind }, index) => kind === "unreachable" && patches[index]?.known === false))
    return "The remaining patches are out of range.";
  return "Every patch is done.";
}
