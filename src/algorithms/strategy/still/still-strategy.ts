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
 * 4. The fewest positions that hold the demand (interval-cover.ts), and of these the one that brings most for its travel.
 * 5. Complete when no position is worth a frame: when fewer than `WORTH` patches ask for it, or less than `WORTH_SHARE`
 *    of all.
 *
 * Positions aimed at count as visited even if the lens ended elsewhere, so none is taken twice and the capture ends after
 * at most (max - min) / sigma_Z + 2 frames, whatever the readings say.
 */
import { expected } from "../../../core/errors.ts";
import type { Steps } from "../../../core/units.ts";
import type { LensModel } from "../../optics/lens-model.ts";
import { intervalCover, type CoverInterval } from "../../planning/interval-cover.ts";
import type { DefocusReading } from "../../search/types.ts";
import { deviations, type PatchDeviation } from "../deviation.ts";
import { coverageOf, type StrategyStep } from "../strategy-step.ts";
import { believe, unseenPatch, type PatchBelief } from "./patch-belief.ts";
import { focusGrid, gridLogRadii } from "./patch-posterior.ts";

export interface StillState {
  /** One a patch; none before the first frame. */
  readonly patches: readonly PatchBelief[];
  /** Where frames were taken. */
  readonly visited: readonly Steps[];
  /** Where they were aimed at. */
  readonly aimed: readonly Steps[];
}

export type StillStep = StrategyStep & { readonly state: StillState };

/** Weight of what a patch asks for that has been in focus before. */
const SEEN_BEFORE = 0.5;
/** Patches that must ask for a further frame. */
const WORTH = 0.6;
/** The same as a share of all that can be read. */
const WORTH_SHARE = 0.01;
/** Share of the demand that the plan may leave out: the tails of the posteriors. */
const TAILS = 0.05;
/** Price of travelling the whole range, as a share of all patches. */
const TRAVEL_PRICE = 0.2;

export const STILL_START: StillState = { patches: [], visited: [], aimed: [] };

/**
 * Takes in the frame captured at `z`.
 * @param readings one per patch, always in the same order and number.
 * @throws AutofocusError `invalid_input` when `z` is not finite or the number of patches changed.
 */
export function stillStep(
  state: StillState,
  readings: readonly DefocusReading[],
  lens: LensModel,
  z: Steps,
): StillStep {
  if (!Number.isFinite(z)) throw expected("invalid_input", "a finite focus position", "z", z);
  if (state.patches.length > 0 && state.patches.length !== readings.length)
    throw expected("invalid_input", `${state.patches.length} patches`, "the readings", readings.length);
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
  const isDue = shown(grid, [...visited, ...state.aimed], lens).map((each) => !each);
  const best = nextFrame(patches, grid, isDue, lens, z);
  return {
    state: { patches, visited, aimed: best === undefined ? state.aimed : [...state.aimed, best.centre] },
    deviation: Float32Array.from(patches, ({ known, posterior }) =>
      known ? posterior.estimate(grid, sigma).inFocusAt - z : NaN,
    ),
    confidence: Float32Array.from(patches, ({ known, posterior }) =>
      known ? posterior.estimate(grid, sigma).probability : 0,
    ),
    mask: patches.map(({ inFocus }) => inFocus),
    activation: done,
    pending,
    coverage: coverageOf(done, pending),
    next: best?.centre ?? "complete",
    reason: best === undefined ? whyComplete(pending, unsigned, patches) : whyThere(best, patches),
  };
}

/** The position of the plan that brings most for its travel, or that none is worth a frame. */
function nextFrame(
  patches: readonly PatchBelief[],
  grid: readonly Steps[],
  isDue: readonly boolean[],
  lens: LensModel,
  z: Steps,
): CoverInterval | undefined {
  const open = patches
    .filter(({ known }) => known)
    .map(({ seen, trust, posterior }) => {
      const weight = trust * (seen ? SEEN_BEFORE : 1);
      return posterior.probability.map((each, cell) => (isDue[cell] === true ? weight * each : 0));
    });
  const demand = grid.map((_, cell) => open.reduce((sum, each) => sum + (each[cell] as number), 0));
  const total = demand.reduce((sum, each) => sum + each, 0);
  const plan = intervalCover(grid, demand, (each) => lens.depthOfField(each), TAILS * total);
  const asking = askingFor(plan, open, grid, lens);
  const least = Math.max(WORTH, WORTH_SHARE * open.length);
  const price = (TRAVEL_PRICE * open.length) / Math.max(lens.range.max - lens.range.min, Number.EPSILON);
  const value = ({ weight, centre }: CoverInterval): number => weight - price * Math.abs(centre - z);
  return plan
    .filter((_, index) => (asking[index] as number) >= least)
    .reduce<CoverInterval | undefined>(
      (best, each) => (best === undefined || value(each) > value(best) ? each : best),
      undefined,
    );
}

/**
 * How many patches ask for each interval of the plan: those that are likelier to be in focus there than in any other,
 * each with all that is open of it. What is far away is read too coarsely to fit into one interval, and a look tells.
 */
function askingFor(
  plan: readonly CoverInterval[],
  open: readonly Float64Array[],
  grid: readonly Steps[],
  lens: LensModel,
): readonly number[] {
  const windows = plan.map(({ centre }) => windowOf(grid, centre, lens));
  const asking = plan.map(() => 0);
  for (const each of open) {
    const held = windows.map((window) => sumOf(each, ...window));
    const best = held.indexOf(Math.max(...held));
    if (best >= 0) asking[best] = (asking[best] as number) + sumOf(each, 0, each.length);
  }
  return asking;
}

/** Cells of the grid within the depth of field around `z`: from the first to before the second. */
function windowOf(grid: readonly Steps[], z: Steps, lens: LensModel): readonly [number, number] {
  const sigma = lens.depthOfField(z) + ROUNDING;
  const first = grid.findIndex((each) => each >= z - sigma);
  const behind = grid.findIndex((each) => each > z + sigma);
  return [first < 0 ? grid.length : first, behind < 0 ? grid.length : behind];
}

const ROUNDING: Steps = 1e-9;

/** Which cells lie within the depth of field of a position visited. */
function shown(grid: readonly Steps[], visited: readonly Steps[], lens: LensModel): readonly boolean[] {
  const windows = visited.map((each) => windowOf(grid, each, lens));
  return grid.map((_, cell) => windows.some(([first, behind]) => cell >= first && cell < behind));
}

function sumOf(values: Float64Array, first: number, behind: number): number {
  let sum = 0;
  for (let index = first; index < behind; index++) sum += values[index] as number;
  return sum;
}

function heldBy(probability: Float64Array, cells: readonly boolean[]): number {
  return probability.reduce((sum, each, cell) => (cells[cell] === true ? sum + each : sum), 0);
}

function whyThere({ weight }: CoverInterval, patches: readonly PatchBelief[]): string {
  const readable = patches.filter(({ known }) => known).length;
  return `Expected to bring ${Math.max(1, Math.round(weight))} more of ${readable} patches into focus.`;
}

function whyComplete(
  pending: readonly boolean[],
  unsigned: readonly PatchDeviation[],
  patches: readonly PatchBelief[],
): string {
  if (!patches.some(({ known }) => known) && unsigned.every(({ kind }) => kind === "unknown"))
    return "No patch has enough texture to be read.";
  const left = pending.filter(Boolean).length;
  if (left > 0) return `Too few patches are left to be worth a frame: ${left}.`;
  if (unsigned.some(({ kind }, index) => kind === "unreachable" && patches[index]?.known === false))
    return "The remaining patches are out of range.";
  return "Every patch is done.";
}
