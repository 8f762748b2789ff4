/** `evaluate stacks`: the radius network on frames of real cameras. */
import type { Part } from "../part.ts";
import { reportStacks } from "./report.ts";
import { studyStacks } from "./stack-study.ts";

export const stacksPart: Part = {
  name: "stacks",
  needs: "stacks",
  run: async (evaluation) => reportStacks(await studyStacks(evaluation)),
};
