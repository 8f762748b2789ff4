/**
 * Paper 1, Table 2: where `learned` ends, and Algorithm 1 itself (`paper`), over the paper's objects, lights and starts, each
 * object a photograph. The sixty runs are made again on other photographs, because five are few to judge by.
 */
import type { Steps } from "../../core/units.ts";
import { concurrently } from "../concurrently.ts";
import type { Evaluation } from "../part.ts";
import { PhotoCamera, type WindowSize } from "../photos/photo-camera.ts";
import { runOnPhoto } from "../photos/photo-search.ts";
import { usablePhotographs } from "../photos/photographs.ts";
import type { RunReport } from "../photos/run-report.ts";
import { mix } from "../seeds.ts";
import { mean, share } from "../statistics.ts";
import { LIGHTS } from "./lights.ts";
import { LIGHT_NAMES, OBJECTS, STARTS, type LightName } from "./paper-tables.ts";

/** Steps that the paper counts as its depth of field. */
export const PAPER_DEPTH_OF_FIELD: Steps = 20;

/** Sets of five photographs. */
const SETS = 4;

/** The searches whose final positions are tabulated; Algorithm 1 with the paper's window only, for it reads no larger one. */
export const FINAL_SEARCHES = ["learned", "paper"] as const;
export type FinalSearch = (typeof FINAL_SEARCHES)[number];

export interface ObjectRuns {
  readonly search: FinalSearch;
  readonly object: string;
  readonly photo: string;
  readonly light: LightName;
  readonly z0: Steps;
  /** Which of the sets of photographs, from 0. */
  readonly set: number;
  /** One from each of `STARTS`. */
  readonly runs: readonly RunReport[];
}

export interface FinalErrors {
  readonly runs: number;
  readonly meanAbs: Steps;
  readonly maxAbs: Steps;
  readonly within: number;
}

export async function studyFinalPositions(
  evaluation: Evaluation,
  window: WindowSize,
): Promise<readonly ObjectRuns[]> {
  const { lens, networks, seed, quick } = evaluation;
  const sets = quick ? 1 : SETS;
  const lights = quick ? LIGHT_NAMES.slice(0, 1) : LIGHT_NAMES;
  const objects = quick ? OBJECTS.slice(0, 2) : OBJECTS;
  const photographs = await usablePhotographs(evaluation.photographs, sets * objects.length, window, lens);
  const jobs = Array.from({ length: sets }, (_, set) => set).flatMap((set) =>
    objects.flatMap((object, index) => lights.map((light) => ({ set, object, index, light }))),
  );
  const advance = evaluation.progress(`final positions, window ${window}`, jobs.length);
  const found = await concurrently(jobs, async ({ set, object: { name: object, z0 }, index, light }) => {
    const which = (set * objects.length + index) % photographs.length;
    const photograph = photographs[which] as (typeof photographs)[number];
    const camera = await PhotoCamera.create(photograph.gray, window, lens, z0, LIGHTS[light]);
    const own: ObjectRuns[] = [];
    for (const search of window === "512" ? FINAL_SEARCHES : (["learned"] as const)) {
      const runs: RunReport[] = [];
      for (const start of STARTS) {
        const noise = mix(seed, set, z0, start, LIGHT_NAMES.indexOf(light));
        runs.push(await runOnPhoto(camera, networks, search, start, noise));
      }
      own.push({ search, object, photo: photograph.name, light, z0, set, runs });
    }
    advance();
    return own;
  });
  return found.flat();
}

/** @param errors of the final positions, at least one. */
export function finalErrors(errors: readonly Steps[]): FinalErrors {
  const sizes = errors.map(Math.abs);
  return {
    runs: sizes.length,
    meanAbs: mean(sizes),
    maxAbs: Math.max(...sizes),
    within: share(sizes, (size) => size <= PAPER_DEPTH_OF_FIELD),
  };
}

/** Table 2's own figures. */
export function paperFinalErrors(light?: LightName): FinalErrors {
  const lights = light === undefined ? LIGHT_NAMES : [light];
  return finalErrors(
    OBJECTS.flatMap(({ z0, finals }) => lights.flatMap((each) => finals[each].map((final) => final - z0))),
  );
}
