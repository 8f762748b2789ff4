/** `evaluate radius`: how well the defocus radius is read, and how well the network knows it. */
import type { Part } from "../part.ts";
import { studyAccuracy } from "./accuracy-study.ts";
import { studyBlankFrames, studyNearFocus } from "./in-focus-study.ts";
import { reportRadius } from "./report.ts";

export const radiusPart: Part = {
  name: "radius",
  needs: "photographs",
  run: async (evaluation) =>
    reportRadius({
      accuracy: await studyAccuracy(evaluation),
      nearFocus: await studyNearFocus(evaluation),
      blank: await studyBlankFrames(evaluation),
      limit: evaluation.inFocusRadius,
    }),
};
