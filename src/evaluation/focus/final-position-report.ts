/** Paper 1, Table 2, as it is printed there, and sums over more such tables for `learned` and for Algorithm 1. */
import { fixed, percent, type Section } from "../report/document.ts";
import {
  FINAL_SEARCHES,
  finalErrors,
  paperFinalErrors,
  type FinalErrors,
  type FinalSearch,
  type ObjectRuns,
} from "./final-position-study.ts";
import { LIGHT_NAMES, OBJECTS, STARTS, type LightName } from "./paper-tables.ts";

const TITLES: Readonly<Record<FinalSearch, string>> = {
  learned: "`learned`",
  paper: "`paper`, Algorithm 1 with our networks",
};

export function finalSection(window: string, finals: readonly ObjectRuns[]): Section {
  const first = of(finals, "learned").filter(({ set }) => set === 0);
  const sets = new Set(finals.map(({ set }) => set)).size;
  const positions = first.map(({ object, z0, light, photo, runs }) => [
    `${object} (${z0})`,
    light,
    ...runs.map(({ final }, index) => {
      const paper = OBJECTS.find(({ name }) => name === object)?.finals[light][index];
      return `${final} (${paper ?? "-"})`;
    }),
    photo,
  ]);
  const lights = LIGHT_NAMES.filter((light) => finals.some((each) => each.light === light));
  return {
    heading: `Table 2: final positions, window ${window}`,
    text: `The search \`learned\`; in parentheses the in-focus position of the object, and behind each final position the paper's. The lamp is the good light of the other tables; in the bulb's and in natural light the picture is dimmer (gain 0.5 and 0.35) and a white wall gives 900 and 400 photo-electrons instead of 10 000. The sums below are over ${sets} such tables with other photographs; they include runs that ended \`failed\`, so a search that knows what it did not find is judged by where it stood.`,
    tables: [
      { columns: ["object", "light", ...STARTS.map(String), "photograph"], rows: positions },
      {
        columns: ["", "light", "runs", "mean error", "largest", "within 20 steps", "failed"],
        rows: [undefined, ...lights].flatMap((light) => sumRows(finals, light)),
      },
    ],
  };
}

/** The paper's own figures, then each search's, in one light or in all. */
function sumRows(finals: readonly ObjectRuns[], light?: LightName): (string | number | null)[][] {
  const own = finals.filter((each) => light === undefined || each.light === light);
  return [
    row("paper 1", light, paperFinalErrors(light), null),
    ...FINAL_SEARCHES.flatMap((search) => {
      const runs = of(own, search);
      return runs.length === 0 ? [] : [row(TITLES[search], light, errorsOf(runs), failures(runs))];
    }),
  ];
}

function row(
  name: string,
  light: LightName | undefined,
  { runs, meanAbs, maxAbs, within }: FinalErrors,
  failed: number | null,
): (string | number | null)[] {
  return [name, light ?? "all", runs, fixed(meanAbs), fixed(maxAbs, 0), percent(within), failed];
}

/** For `--json`. */
export function finalFigures(finals: readonly ObjectRuns[]): Record<string, FinalErrors> {
  const algorithm = of(finals, "paper");
  return {
    final_positions: errorsOf(of(finals, "learned")),
    ...(algorithm.length > 0 && { final_positions_of_algorithm_1: errorsOf(algorithm) }),
  };
}

function of(finals: readonly ObjectRuns[], search: FinalSearch): ObjectRuns[] {
  return finals.filter((each) => each.search === search);
}

function errorsOf(finals: readonly ObjectRuns[]): FinalErrors {
  return finalErrors(finals.flatMap(({ z0, runs }) => runs.map(({ final }) => final - z0)));
}

function failures(finals: readonly ObjectRuns[]): number {
  return finals.flatMap(({ runs }) => runs).filter(({ outcome }) => outcome === "failed").length;
}
