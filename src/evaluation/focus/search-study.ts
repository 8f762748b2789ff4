/**
 * Paper 1, Tables 4 and 5: what every search costs, over the paper's eighteen targets and four starts, each target a
 * photograph. `learned` is cheap, so its runs are made again on other photographs.
 */
import { SEARCH_NAMES, type SearchName } from "../../algorithms/search/index.ts";
import type { Steps } from "../../core/units.ts";
import { concurrently } from "../concurrently.ts";
import type { Evaluation } from "../part.ts";
import { PhotoCamera, type WindowSize } from "../photos/photo-camera.ts";
import { runOnPhoto } from "../photos/photo-search.ts";
import { usablePhotographs, type LoadedPhotograph } from "../photos/photographs.ts";
import type { RunReport } from "../photos/run-report.ts";
import { mix } from "../seeds.ts";
import { STARTS, TARGETS } from "./paper-tables.ts";

/** Sets of eighteen photographs for `learned`; the first serves all searches. */
const SETS = 3;

export interface TargetRun extends RunReport {
  readonly target: string;
  readonly z0: Steps;
  readonly photo: string;
  /** Which of the sets of photographs, from 0. */
  readonly set: number;
}

export async function studySearches(evaluation: Evaluation, window: WindowSize): Promise<TargetRun[]> {
  const { lens, networks, seed, quick } = evaluation;
  const sets = quick ? 1 : SETS;
  const targets = quick ? TARGETS.slice(0, 1) : TARGETS;
  const starts = quick ? STARTS.slice(0, 1) : STARTS;
  const photographs = await usablePhotographs(evaluation.photographs, sets * targets.length, window, lens);
  const jobs = Array.from({ length: sets }, (_, set) => set).flatMap((set) =>
    targets.map((target, index) => ({ set, target, index: set * targets.length + index })),
  );
  const advance = evaluation.progress(`searches, window ${window}`, jobs.length);
  const runs = await concurrently(jobs, async ({ set, target: { name: target, z0 }, index }) => {
    const { gray, name: photo } = photographs[index % photographs.length] as LoadedPhotograph;
    const camera = await PhotoCamera.create(gray, window, lens, z0);
    const own: TargetRun[] = [];
    for (const search of set === 0 ? SEARCH_NAMES : (["learned"] as const))
      for (const start of starts) {
        const run = await runOnPhoto(camera, networks, search, start, mix(seed, set, index, z0, start));
        own.push({ ...run, target, z0, photo, set });
      }
    advance();
    return own;
  });
  return runs.flat();
}

/**
 * Decisions that a run took. One decision is one move, except that Algorithm 1 of paper 1 (`paper`), which looks at both
 * candidates before it decides (lines 16-29), takes two or three moves to a decision.
 */
export function iterationsOf({ search, visited, moves }: RunReport): number {
  return search === "paper" ? paperIterations(visited) : moves;
}

/** Two positions mirrored at one seen before are the candidates of one iteration; a return to the first belongs to it. */
function paperIterations(visited: readonly Steps[]): number {
  let iterations = 0;
  for (let at = 1; at < visited.length; iterations++) {
    const [first, second] = [visited[at] as Steps, visited[at + 1]];
    const pair =
      second !== undefined &&
      first > second &&
      visited.slice(0, at).some((from) => 2 * from === first + second);
    at += pair ? (visited[at + 2] === first ? 3 : 2) : 1;
  }
  return iterations;
}

export function runsOf(runs: readonly TargetRun[], search: SearchName, set?: number): TargetRun[] {
  return runs.filter((run) => run.search === search && (set === undefined || run.set === set));
}
