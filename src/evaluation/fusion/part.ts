/** `evaluate fusion`: all-in-focus pictures beside those of other programs. */
import type { Evaluation, Part } from "../part.ts";
import type { PartReport } from "../report/document.ts";
import { fusersHere } from "./fusers.ts";
import { studyPairs } from "./pair-study.ts";
import { reportFusion } from "./report.ts";
import { studySimulated } from "./simulated-study.ts";
import { studyRealStacks } from "./stack-study.ts";

export const fusionPart: Part = { name: "fusion", needs: "nothing", run: evaluateFusion };

export async function evaluateFusion({
  lens,
  pairs,
  stacks,
  seed,
  quick,
  progress,
}: Pick<Evaluation, "lens" | "pairs" | "stacks" | "seed" | "quick" | "progress">): Promise<PartReport> {
  const { installed: fusers, missing } = await fusersHere();
  return reportFusion({
    fusers,
    missing,
    simulated: await studySimulated(lens, fusers, seed, quick, progress),
    pairs: pairs === undefined ? [] : await studyPairs(pairs, fusers, quick, progress),
    stacks: await studyRealStacks(stacks, fusers, quick, progress),
  });
}
