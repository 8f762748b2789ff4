/**
 * Paper 2, section 4 and Fig. 5: a direct regression of the signed distance from one frame is wrong about the direction
 * now and then; a search that takes a second sample need not be.
 *
 * Our direct regression is the likeliest in-focus position by one frame: what the radius network reads, through the lens
 * model, every position of the range as likely before. A gray frame behind a round aperture holds no other cue: where both
 * sides explain the radius, it guesses.
 */
import { FocusPosterior } from "../../algorithms/search/focus-posterior.ts";
import type { SearchName } from "../../algorithms/search/index.ts";
import { seededRandom, uniformInt } from "../../core/random.ts";
import type { Steps } from "../../core/units.ts";
import { concurrently } from "../concurrently.ts";
import type { Evaluation } from "../part.ts";
import { PhotoCamera } from "../photos/photo-camera.ts";
import { runOnPhoto } from "../photos/photo-search.ts";
import { usablePhotographs, type LoadedPhotograph } from "../photos/photographs.ts";
import type { RunReport } from "../photos/run-report.ts";
import { readFrame } from "../readings.ts";
import { mix } from "../seeds.ts";

const SCENES = 50;
const STARTS_PER_SCENE = 4;

/** The searches that read a defocus, beside the direct regression. */
export const DIRECTED_SEARCHES = ["learned", "sharpness", "paper"] as const satisfies readonly SearchName[];

export interface DirectionCase {
  readonly photo: string;
  /** Z0 - Z at the start. */
  readonly truth: Steps;
  /** The same by one frame, NaN where nothing can be read. */
  readonly direct: Steps;
  readonly depthOfField: Steps;
  readonly searches: Readonly<Partial<Record<SearchName, RunReport>>>;
}

export async function studyDirections(evaluation: Evaluation): Promise<DirectionCase[]> {
  const { lens, networks, seed, quick } = evaluation;
  const scenes = quick ? 1 : SCENES;
  const photographs = await usablePhotographs(evaluation.photographs, scenes, "512", lens);
  const advance = evaluation.progress("directions", scenes);
  const cases = await concurrently(
    Array.from({ length: scenes }, (_, scene) => scene),
    async (scene) => {
      const random = seededRandom(mix(seed, scene));
      const draw = (): Steps => uniformInt(random, lens.range.min, lens.range.max);
      const { gray, name: photo } = photographs[scene % photographs.length] as LoadedPhotograph;
      const z0 = draw();
      const camera = await PhotoCamera.create(gray, "512", lens, z0);
      const own: DirectionCase[] = [];
      for (let k = 0; k < STARTS_PER_SCENE; k++) {
        const start = draw();
        const frame = await camera.capture(start, mix(seed, scene, k));
        const posterior = new FocusPosterior(lens);
        const { informative } = posterior.observe(start, await readFrame(networks, frame));
        const searches: Partial<Record<SearchName, RunReport>> = {};
        for (const search of DIRECTED_SEARCHES)
          searches[search] = await runOnPhoto(camera, networks, search, start, mix(seed, scene, k, 1));
        own.push({
          photo,
          truth: z0 - start,
          direct: informative ? posterior.mode - start : NaN,
          depthOfField: lens.depthOfField(start),
          searches,
        });
      }
      advance();
      return own;
    },
  );
  return cases.flat();
}

/** Cases that have a direction: the start is out of focus, and something could be read. */
export function directed(cases: readonly DirectionCase[]): DirectionCase[] {
  return cases.filter(
    ({ truth, direct, depthOfField }) => Math.abs(truth) > depthOfField && !Number.isNaN(direct),
  );
}

export function directWrong({ truth, direct }: DirectionCase): boolean {
  return Math.sign(direct) !== Math.sign(truth);
}

/** The answer of a search lies on the other side of the start than the focus, and it does not say `failed`. */
export function searchWrong({ truth, searches }: DirectionCase, search: SearchName): boolean {
  const run = searches[search];
  return (
    run !== undefined &&
    run.outcome === "focused" &&
    run.in_depth_of_field === false &&
    Math.sign(run.final - run.start) === -Math.sign(truth)
  );
}
