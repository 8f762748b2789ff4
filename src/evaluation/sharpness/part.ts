/** `evaluate sharpness`: the figures of paper 2's supplement. */
import type { Part } from "../part.ts";
import { studyDirections } from "./direction-study.ts";
import { studyLevels } from "./level-study.ts";
import { studyLights } from "./light-study.ts";
import { reportSharpness } from "./report.ts";
import { radiusNetworkSharpness, sharpnessNetwork } from "./source.ts";

export const sharpnessPart: Part = {
  name: "sharpness",
  needs: "photographs",
  run: async (evaluation) => {
    const { lens } = evaluation;
    const sources = [sharpnessNetwork(evaluation.networks), radiusNetworkSharpness(evaluation.networks)];
    return reportSharpness({
      levels: await studyLevels(evaluation, sources),
      curves: await studyLights(evaluation, sources),
      directions: await studyDirections(evaluation),
      radiusAt: (distance) => lens.radius(lens.range.min, lens.range.min + distance),
    });
  },
};
