/** Every search under its name. A new one is a generator and a line here. */
import { coarseFine } from "./coarse-fine.ts";
import { curveFit } from "./curve-fit.ts";
import { fibonacci } from "./fibonacci.ts";
import { hillClimbing } from "./hill-climbing.ts";
import { learned } from "./learned.ts";
import type { SearchName } from "./names.ts";
import { paper } from "./paper.ts";
import { polished } from "./polish.ts";
import { ruleBased } from "./rule-based.ts";
import { sharpness } from "./sharpness.ts";
import type { FocusSearch, SearchContext } from "./types.ts";

export * from "./names.ts";
export * from "./types.ts";

export const SEARCHES: Readonly<Record<SearchName, (context: SearchContext) => FocusSearch>> = {
  learned: polished(learned),
  paper,
  sharpness,
  fibonacci,
  "rule-based": ruleBased,
  "hill-climbing": hillClimbing,
  "curve-fit": curveFit,
  "coarse-fine": coarseFine,
};
