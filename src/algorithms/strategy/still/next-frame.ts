/**
 * Where the next frame of a still scene is worth most: the fewest positions that hold what is asked for
 * (planning/interval-cover.ts), and of these the one that brings most for its travel.
 *
 * Whoever asks, a patch or a cell, asks for the positions it may be in focus at, as far as no frame shows them sharply.
 *
 * Where the scene runs through all depths, frames must lie side by side: a gap between two of them that is narrower than
 * the depth of field costs a whole frame later. So a position from which the plan goes on without gaps to a frame taken
 * or to an end of the range is moved to a whole number of depths of field from there, by half of one at most, unless that
 * would leave a surface that it was meant for.
 *
 * There are never more frames than a uniform sweep of the range takes, or one more than a short sweep: the first frame
 * lies where the lens stood.
 */
import type { Steps } from "../../../core/units.ts";
import type { LensModel } from "../../optics/lens-model.ts";
import { intervalCover, type CoverInterval } from "../../planning/interval-cover.ts";
import { sweepPositions } from "../../planning/sweep-positions.ts";
import { halfPitch } from "./patch-posterior.ts";

/** Who must ask for a further frame, in patches. */
const WORTH = 0.6;
/** The same as a share of all patches that can be read. */
const WORTH_SHARE = 0.01;
/** Share of the demand that the plan may leave out: the tails of the posteriors. */
const TAILS = 0.05;
/** Price of travelling the whole range, as a share of all patches. */
const TRAVEL_PRICE = 0.2;
/** Share of the frames from one position to another that the plan must ask for, to count as without gaps. */
const WITHOUT_GAPS = 0.7;
/** Share of the demand that a position must hold still when it is moved: it must not leave a surface. */
const KEPT = 0.95;
/** Frames of a sweep that is short. */
const SHORT_SWEEP = 8;
/** Positions of the grid that differ by no more are the same. */
const ROUNDING: Steps = 1e-9;

export interface Situation {
  /** Positions that in-focus positions are told apart at, ascending and evenly spaced. */
  readonly grid: readonly Steps[];
  readonly lens: LensModel;
  /** Where frames were taken, the latest last; at least one. */
  readonly visited: readonly Steps[];
  /** Patches that can be read. */
  readonly readable: number;
}

/**
 * @param asking for each one that asks, how much for each position of the grid; 1 in all = a patch that no frame shows.
 * @returns undefined where none is worth a frame.
 */
export function nextFrame(asking: readonly Float64Array[], at: Situation): CoverInterval | undefined {
  const { grid, lens, visited, readable } = at;
  const demand = grid.map((_, cell) => asking.reduce((sum, each) => sum + (each[cell] as number), 0));
  const total = demand.reduce((sum, each) => sum + each, 0);
  // A position of the grid stands for all up to half way to the next: intervals must hold that too.
  const half = halfPitch(grid);
  const left = Math.max(0, mostFrames(lens) - visited.length);
  const plan = intervalCover(grid, demand, (each) => lens.depthOfField(each) - half, TAILS * total, left);
  const asked = askedFor(plan, asking, grid, lens);
  const least = Math.max(WORTH, WORTH_SHARE * readable);
  const price = (TRAVEL_PRICE * readable) / Math.max(lens.range.max - lens.range.min, Number.EPSILON);
  const z = visited.at(-1) as Steps;
  const value = ({ weight, centre }: CoverInterval): number => weight - price * Math.abs(centre - z);
  const best = plan
    .filter((_, index) => (asked[index] as number) >= least)
    .reduce<CoverInterval | undefined>(
      (top, each) => (top === undefined || value(each) > value(top) ? each : top),
      undefined,
    );
  return best === undefined ? undefined : { ...best, centre: sideBySide(best.centre, plan, demand, at) };
}

/** Frames of a sweep, or one more than a short one has. */
export function mostFrames(lens: LensModel): number {
  const sweep = sweepPositions(lens).length;
  return sweep < SHORT_SWEEP ? sweep + 1 : sweep;
}

/**
 * How many ask for each interval of the plan: those that are likelier to be in focus there than in any other, each with
 * all that it asks for. What is far away is read too coarsely to fit into one interval, and a look tells.
 */
function askedFor(
  plan: readonly CoverInterval[],
  asking: readonly Float64Array[],
  grid: readonly Steps[],
  lens: LensModel,
): readonly number[] {
  const windows = plan.map(({ centre }) => windowOf(grid, centre, lens));
  const asked = plan.map(() => 0);
  for (const each of asking) {
    const held = windows.map(([first, behind]) => sumOf(each, first, behind));
    const best = held.indexOf(Math.max(...held));
    if (best >= 0) asked[best] = (asked[best] as number) + sumOf(each, 0, each.length);
  }
  return asked;
}

/** The position itself, or a nearby one that leaves no gap. */
function sideBySide(
  centre: Steps,
  plan: readonly CoverInterval[],
  demand: readonly number[],
  { grid, lens, visited }: Situation,
): Steps {
  const { min, max } = lens.range;
  const sigma = lens.depthOfField(centre);
  const neighbours = [min - sigma, ...visited, max + sigma];
  const values = Float64Array.from(demand);
  const held = (z: Steps): number => sumOf(values, ...windowOf(grid, z, lens));
  const nearest = (side: readonly Steps[]): readonly Steps[] =>
    side.slice(0, 1).filter((from) => Math.abs(centre - from) >= sigma);
  const below = neighbours.filter((each) => each < centre).sort((a, b) => b - a);
  const above = neighbours.filter((each) => each > centre).sort((a, b) => a - b);
  const moved = [...nearest(below), ...nearest(above)].flatMap((from) => {
    const frames = Math.round(Math.abs(centre - from) / (2 * sigma));
    const asked = plan.filter((each) => (each.centre - from) * (each.centre - centre) < 0).length + 1;
    const to = from + Math.sign(centre - from) * 2 * sigma * frames;
    const isFree = to >= min && to <= max && !visited.some((each) => Math.abs(each - to) < sigma);
    return isFree && held(to) >= KEPT * held(centre) && asked >= WITHOUT_GAPS * frames ? [to] : [];
  });
  return moved.reduce(
    (best, to) => (Math.abs(to - centre) < Math.abs(best - centre) ? to : best),
    moved[0] ?? centre,
  );
}

/** Positions of the grid within the depth of field around `z`: from the first to before the second. */
export function windowOf(grid: readonly Steps[], z: Steps, lens: LensModel): readonly [number, number] {
  const sigma = lens.depthOfField(z) + ROUNDING;
  const first = grid.findIndex((each) => each >= z - sigma);
  const behind = grid.findIndex((each) => each > z + sigma);
  return [first < 0 ? grid.length : first, behind < 0 ? grid.length : behind];
}

function sumOf(values: Float64Array, first: number, behind: number): number {
  let sum = 0;
  for (let index = first; index < behind; index++) sum += values[index] as number;
  return sum;
}
