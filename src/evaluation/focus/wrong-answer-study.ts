/**
 * How often `learned` is wrong without saying so: many runs from anywhere to anywhere, in every light, on every
 * photograph. A first move to the wrong side is the price of a single frame; a final answer on the wrong side is not.
 */
import { seededRandom, uniformInt } from "../../core/random.ts";
import type { Steps } from "../../core/units.ts";
import { concurrently } from "../concurrently.ts";
import type { Evaluation } from "../part.ts";
import { PhotoCamera, type WindowSize } from "../photos/photo-camera.ts";
import { runOnPhoto } from "../photos/photo-search.ts";
import { usablePhotographs, type LoadedPhotograph } from "../photos/photographs.ts";
import type { RunReport } from "../photos/run-report.ts";
import { mix } from "../seeds.ts";
import { LIGHTS } from "./lights.ts";
import { LIGHT_NAMES, type LightName } from "./paper-tables.ts";

/** Runs on one scene, from different starts. */
const STARTS_PER_SCENE = 4;

export interface AnyRun extends RunReport {
  readonly photo: string;
  readonly light: LightName;
  readonly z0: Steps;
}

export async function studyWrongAnswers(evaluation: Evaluation, window: WindowSize): Promise<AnyRun[]> {
  const { lens, networks, seed, runs: count } = evaluation;
  const scenes = Math.ceil(count / STARTS_PER_SCENE);
  const photographs = await usablePhotographs(evaluation.photographs, scenes, window, lens);
  const advance = evaluation.progress("wrong answers", scenes);
  const runs = await concurrently(
    Array.from({ length: scenes }, (_, scene) => scene),
    async (scene) => {
      const random = seededRandom(mix(seed, scene));
      const { gray, name: photo } = photographs[scene % photographs.length] as LoadedPhotograph;
      const light = LIGHT_NAMES[scene % LIGHT_NAMES.length] as LightName;
      const draw = (): Steps => uniformInt(random, lens.range.min, lens.range.max);
      const z0 = draw();
      const camera = await PhotoCamera.create(gray, window, lens, z0, LIGHTS[light]);
      const own: AnyRun[] = [];
      for (let k = 0; k < STARTS_PER_SCENE; k++) {
        const run = await runOnPhoto(camera, networks, "learned", draw(), mix(seed, scene, k));
        own.push({ ...run, photo, light, z0 });
      }
      advance();
      return own;
    },
  );
  return runs.flat().slice(0, count);
}

/** Whether the first move went away from focus; undefined where there was none to make or none was made. */
export function firstMoveWrong({ start, z0, visited }: AnyRun): boolean | undefined {
  const second = visited.find((z) => z !== start);
  if (second === undefined || z0 === start) return undefined;
  return Math.sign(second - start) !== Math.sign(z0 - start);
}

/** Ended outside the depth of field and said `focused`. */
export function isWrong({ outcome, in_depth_of_field: inside }: AnyRun): boolean {
  return outcome === "focused" && inside === false;
}

/** Wrong, and on the other side of the start than the focus. */
export function isWrongDirection(run: AnyRun): boolean {
  return isWrong(run) && Math.sign(run.final - run.start) === -Math.sign(run.z0 - run.start);
}
