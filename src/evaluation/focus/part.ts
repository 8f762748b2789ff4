/** `evaluate focus`: paper 1, Tables 2, 4 and 5, and how often `learned` is wrong. */
import type { Part } from "../part.ts";
import { studyFinalPositions } from "./final-position-study.ts";
import { reportFocus, type WindowFigures } from "./report.ts";
import { studySearches } from "./search-study.ts";
import { studyWrongAnswers } from "./wrong-answer-study.ts";

const WINDOWS = [
  { size: "512", window: "512x512 px, as in paper 1" },
  { size: "full", window: "the whole photograph, at least 512x512 px" },
] as const;

export const focusPart: Part = {
  name: "focus",
  needs: "photographs",
  run: async (evaluation) => {
    const windows: WindowFigures[] = [];
    for (const { size, window } of evaluation.quick ? WINDOWS.slice(0, 1) : WINDOWS)
      windows.push({
        window,
        finals: await studyFinalPositions(evaluation, size),
        searches: await studySearches(evaluation, size),
      });
    const anywhere = await studyWrongAnswers(evaluation, "512");
    return reportFocus({ windows, anywhere, photographs: evaluation.photographs.length });
  },
};
