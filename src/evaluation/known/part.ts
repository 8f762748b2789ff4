/** `evaluate known`: the networks on real pictures of known defocus. */
import { expected } from "../../core/errors.ts";
import { loadLens } from "../../io/lens-file.ts";
import type { Part } from "../part.ts";
import { studyKnown } from "./known-study.ts";
import { reportKnown } from "./report.ts";

export const knownPart: Part = {
  name: "known",
  needs: "known",
  run: async (evaluation) => {
    if (evaluation.known === undefined)
      throw expected("invalid_input", "a folder with pictures", "--known", "none");
    const lens = await loadLens(evaluation.known.lens);
    return reportKnown(lens.name, await studyKnown(evaluation, evaluation.known.directory, lens));
  },
};
