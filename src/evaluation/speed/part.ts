/** `evaluate speed`: paper 1, Table 3. */
import type { Part } from "../part.ts";
import { reportSpeed } from "./report.ts";
import { studySpeed } from "./speed-study.ts";

export const speedPart: Part = {
  name: "speed",
  needs: "nothing",
  run: async (evaluation) => reportSpeed(await studySpeed(evaluation)),
};
