/** The focus part as tables and plots, the paper's figures beside ours. */
import { SEARCH_NAMES, type SearchName } from "../../algorithms/search/index.ts";
import { summarise, type Summary } from "../photos/run-report.ts";
import { fixed, percent, type PartReport, type Section, type Table } from "../report/document.ts";
import { mean, quantile, share } from "../statistics.ts";
import { finalFigures, finalSection } from "./final-position-report.ts";
import type { ObjectRuns } from "./final-position-study.ts";
import { FIBONACCI_STEPS, TARGETS } from "./paper-tables.ts";
import { iterationsOf, runsOf, type TargetRun } from "./search-study.ts";
import { firstMoveWrong, isWrong, isWrongDirection, type AnyRun } from "./wrong-answer-study.ts";

/** What one focus window gave. */
export interface WindowFigures {
  /** Such as "512x512 px, as in paper 1". */
  readonly window: string;
  readonly finals: readonly ObjectRuns[];
  readonly searches: readonly TargetRun[];
}

export interface FocusFigures {
  readonly windows: readonly WindowFigures[];
  readonly anywhere: readonly AnyRun[];
  readonly photographs: number;
}

const COLUMNS = [
  ...["search", "moves: mean", "p50", "p99", "max", "captures", "iterations", "travel"],
  ...["error: mean", "max", "in focus", "failed", "fallback"],
];

export function reportFocus(figures: FocusFigures): PartReport {
  return {
    title: "Focusing: paper 1, Tables 2, 4 and 5",
    introduction: `A photograph stands for an object of one depth before the lens \`evetar-25mm\`, which is the camera of paper 1 by the numbers it states; ${figures.photographs} photographs that no network was trained on. Positions and errors are motor steps; a run is in focus when the lens ends within the depth of field, 20 steps. Every movement of the lens counts as a move, every frame looked at as a capture. The default focus window is half of either side of the frame and at least 512 px, which is 512 px on photographs of up to 1280 px; so that a larger window is seen too, the tables are made again with the whole photograph.`,
    sections: [
      ...figures.windows.map(({ window, finals }) => finalSection(window, finals)),
      ...figures.windows.map(searchSection),
      targetSection(figures.windows),
      anywhereSection(figures.anywhere),
    ],
    figures: {
      windows: figures.windows.map(({ window, finals, searches }) => ({
        window,
        ...finalFigures(finals),
        searches: Object.fromEntries(
          SEARCH_NAMES.map((search) => [search, summaryOf(runsOf(searches, search, 0))]),
        ),
        learned_on_all_sets: summaryOf(runsOf(searches, "learned")),
      })),
      anywhere: wrongFigures(figures.anywhere),
    },
  };
}

function searchSection({ window, searches }: WindowFigures): Section {
  const sets = new Set(searches.map(({ set }) => set)).size;
  const rows = SEARCH_NAMES.flatMap((search) => searchRow(search, runsOf(searches, search, 0)));
  const moves = SEARCH_NAMES.map((search) => ({
    search,
    moves: mean(runsOf(searches, search, 0).map((run) => run.moves)),
  }));
  const paperMoves = TARGETS.flatMap(({ proposed }) => [...proposed]);
  const ruleBased = TARGETS.map((target) => target.ruleBased);
  return {
    heading: `Tables 4 and 5: what each search costs, window ${window}`,
    text: `Over the paper's targets and starts. "paper 1" are its own rows; it does not say whether a look at both candidates counts as one time step or two. \`paper\` is Algorithm 1 to the letter with networks of Fig. 4 that we trained. The last row is \`learned\` on ${sets} sets of photographs.`,
    tables: [
      {
        columns: COLUMNS,
        rows: [
          paperRow("paper 1: proposed", paperMoves),
          paperRow("paper 1: Fibonacci", [FIBONACCI_STEPS]),
          paperRow("paper 1: rule-based", ruleBased),
          ...rows,
          ...searchRow("learned", runsOf(searches, "learned"), "`learned`, all sets"),
        ],
      },
    ],
    plots: [
      {
        name: `moves-${window.startsWith("512") ? "512" : "full"}`,
        caption: "Moves of each search, mean over the paper's targets and starts, on a logarithmic axis.",
        spec: {
          width: 420,
          data: { values: moves },
          encoding: {
            y: { field: "search", type: "nominal", sort: null, title: null },
            x: { field: "moves", type: "quantitative", scale: { type: "log", domainMin: 1 }, title: "moves" },
          },
          layer: [
            { mark: { type: "point", filled: true, size: 80 } },
            {
              mark: { type: "text", align: "left", dx: 8 },
              encoding: { text: { field: "moves", type: "quantitative", format: ".2f" } },
            },
          ],
        },
      },
    ],
  };
}

function searchRow(
  search: SearchName,
  runs: readonly TargetRun[],
  name = `\`${search}\``,
): (string | number | null)[][] {
  if (runs.length === 0) return [];
  const { moves, ...rest } = summarise(runs);
  return [
    [
      name,
      fixed(moves.mean, 2),
      moves.p50,
      moves.p99,
      moves.max,
      fixed(rest.captures_mean, 2),
      fixed(mean(runs.map(iterationsOf)), 2),
      fixed(rest.travel_mean, 0),
      fixed(rest.error_mean_abs),
      rest.error_max_abs,
      percent(rest.share_in_depth_of_field ?? NaN),
      rest.failed,
      rest.fallbacks,
    ],
  ];
}

function paperRow(name: string, steps: readonly number[]): (string | number | null)[] {
  const figures = [fixed(mean(steps), 2), quantile(steps, 0.5), quantile(steps, 0.99), Math.max(...steps)];
  return [name, ...figures, ...COLUMNS.slice(figures.length + 1).map(() => null)];
}

/** Moves of `learned` per target and start, as the paper lists them. */
function targetSection(windows: readonly WindowFigures[]): Section {
  return {
    heading: "Moves per target",
    text: "Moves of `learned` from 1100, 1400, 1700 and 2000 with each window, on the first set of photographs, beside the paper's time steps.",
    tables: [targetTable(windows)],
  };
}

function targetTable(windows: readonly WindowFigures[]): Table {
  const targets = TARGETS.filter(({ name }) => windows[0]?.searches.some(({ target }) => target === name));
  return {
    columns: ["target", "paper 1", ...windows.map(({ window }) => window), "photograph"],
    rows: targets.map(({ name, z0, proposed }) => {
      const own = windows.map(({ searches }) =>
        runsOf(searches, "learned", 0).filter(({ target }) => target === name),
      );
      return [
        `${name} (${z0})`,
        proposed.join(" "),
        ...own.map((runs) => runs.map(({ moves }) => moves).join(" ")),
        own[0]?.[0]?.photo ?? null,
      ];
    }),
  };
}

function anywhereSection(runs: readonly AnyRun[]): Section {
  const figures = wrongFigures(runs);
  return {
    heading: "Wrong answers",
    text: "`learned` with a window of 512x512 px, from anywhere to anywhere in the range, in all three lights. Wrong: it says `focused` and stands outside the depth of field. Wrong direction: wrong, and on the other side of the start than the focus. A first move away from focus is what not knowing the side costs; the next reading shows it.",
    tables: [
      {
        columns: [
          "runs",
          "first move away from focus",
          "wrong",
          "wrong direction",
          "failed",
          "fallback",
          "moves: mean",
          "p99",
          "error: mean",
          "max",
        ],
        rows: [
          [
            figures.runs,
            percent(figures.first_move_wrong),
            figures.wrong,
            figures.wrong_direction,
            figures.summary?.failed ?? null,
            figures.summary?.fallbacks ?? null,
            fixed(figures.summary?.moves.mean, 2),
            figures.summary?.moves.p99 ?? null,
            fixed(figures.summary?.error_mean_abs),
            figures.summary?.error_max_abs ?? null,
          ],
        ],
      },
      {
        columns: ["wrong run", "light", "start", "in focus at", "ended at", "probability given", "moves"],
        rows: runs
          .filter(isWrong)
          .map(({ photo, light, start, z0, final, in_focus_probability: p, moves }) => [
            photo,
            light,
            start,
            z0,
            final,
            p,
            moves,
          ]),
      },
    ].filter(({ rows }) => rows.length > 0),
  };
}

function wrongFigures(runs: readonly AnyRun[]): {
  readonly runs: number;
  readonly first_move_wrong: number;
  readonly wrong: number;
  readonly wrong_direction: number;
  readonly summary: Summary | null;
} {
  const firsts = runs.map(firstMoveWrong).filter((wrong) => wrong !== undefined);
  return {
    runs: runs.length,
    first_move_wrong: share(firsts, (wrong) => wrong),
    wrong: runs.filter(isWrong).length,
    wrong_direction: runs.filter(isWrongDirection).length,
    summary: summaryOf(runs),
  };
}

function summaryOf(runs: readonly (TargetRun | AnyRun)[]): Summary | null {
  return runs.length === 0 ? null : summarise(runs);
}
