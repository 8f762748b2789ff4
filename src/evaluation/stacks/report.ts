/** The stacks part as tables and plots. */
import { radiusOf } from "../../algorithms/search/types.ts";
import type { Steps } from "../../core/units.ts";
import { fixed, percent, type PartReport, type Section } from "../report/document.ts";
import { mean, median, share } from "../statistics.ts";
import { CLIMBED, COMPARED_SEARCHES, type FocusedWindow } from "./learned-study.ts";
import { WITNESS, type StackResult, type WindowResult } from "./stack-study.ts";

/** Windows whose radius is drawn along the stack. */
const DRAWN = 4;

const METHODS = [
  { name: "least radius", of: (window: WindowResult) => window.network },
  { name: "fit of the sweep", of: (window: WindowResult) => window.sweep },
  { name: "contrast", of: (window: WindowResult) => window.contrast },
] as const;

export function reportStacks(stacks: readonly StackResult[]): PartReport {
  return {
    title: "Real focal stacks",
    introduction: `Frames of real cameras, read in windows of ${stacks[0]?.size ?? 0} px. A window counts when it has texture, when its contrast (\`${WITNESS}\`) has a peak along the stack and when it has one depth by the best-focus map. The truth is the map; a stack without one is judged by the contrast, in windows where it falls on both sides of its peak. The contrast is no exact truth either: where the depth of field spans several frames its largest value is that of noise, of a frame that was shaken less, or of one of two depths, and it agrees with the maps as the last column says.`,
    sections: [
      summarySection(stacks),
      learnedSection(stacks),
      ...stacks.filter(({ results }) => results.length > 0).map(stackSection),
    ],
    figures: stacks.map(({ results, focused, ...stack }) => ({
      ...stack,
      focused: Object.fromEntries(
        COMPARED_SEARCHES.map((search) => [
          search,
          focused === undefined || focused.length === 0 ? null : searchFigures(focused, search),
        ]),
      ),
      used: results.length,
      order: median(results.map(({ order }) => order).filter((order) => !Number.isNaN(order))),
      methods: Object.fromEntries(METHODS.map(({ name, of }) => [name, errorsOf(results, of)])),
    })),
  };
}

interface PeakErrors {
  /** Windows for which the method named a frame. */
  readonly found: number;
  readonly mean: number;
  /** Share of these within one frame. */
  readonly withinOne: number;
}

function errorsOf(
  results: readonly WindowResult[],
  of: (window: WindowResult) => Steps | undefined,
): PeakErrors {
  const errors = results.flatMap((window) => {
    const found = of(window);
    return found === undefined ? [] : [Math.abs(found - window.truth)];
  });
  const within = errors.filter((error) => error <= 1).length;
  return { found: errors.length, mean: mean(errors), withinOne: within / errors.length };
}

function summarySection(stacks: readonly StackResult[]): Section {
  return {
    heading: "The sharpest frame of every window",
    text: "Share of the windows for which a method names a frame that is within one of the sharpest, how many these are, and the mean error in frames. Least radius: the frame of the smallest radius that the network reads. Fit of the sweep: where `calibrate --stack` puts the focus of the window. Order: Spearman's correlation of the radius read with the distance from the sharpest frame, median over the windows; 1 is a radius that only ever grows away from focus.",
    tables: [
      {
        columns: [
          ...["stack", "frames", "truth", "windows", "counted", "order"],
          ...METHODS.flatMap(({ name }) => [`${name}: within 1`, "of", "error"]),
        ],
        rows: stacks.map(({ stack, positions, mapped, windows, results }) => [
          stack,
          positions.length,
          mapped ? "map" : "contrast",
          windows,
          results.length,
          fixed(median(results.map(({ order }) => order).filter((order) => !Number.isNaN(order))), 2),
          ...METHODS.flatMap(({ name, of }) => {
            if (name === "contrast" && !mapped) return [null, null, null];
            const errors = errorsOf(results, of);
            return [percent(errors.withinOne), errors.found, fixed(errors.mean, 2)];
          }),
        ]),
      },
    ],
  };
}

function learnedSection(stacks: readonly StackResult[]): Section {
  return {
    heading: "Focusing with a lens calibrated by the sweep alone",
    text: `The windows are divided like the fields of a chess board: the lens is fitted on the readings of one half, and the windows of the other are focused from the middle of the stack; then the other way round. Share of the runs that end within one frame of the sharpest, median error in frames, and captures; \`failed\` runs count as they ended. The searches climb another measure (\`${CLIMBED}\`) than the one that judges.`,
    tables: [
      {
        columns: [
          "stack",
          "windows",
          ...COMPARED_SEARCHES.flatMap((search) => [
            `\`${search}\`: within 1`,
            "error",
            "captures",
            "failed",
          ]),
        ],
        rows: [...stacks, { stack: "all", focused: stacks.flatMap(({ focused }) => focused ?? []) }].map(
          ({ stack, focused }) => [
            stack,
            focused?.length ?? 0,
            ...COMPARED_SEARCHES.flatMap((search) => {
              if (focused === undefined || focused.length === 0) return [null, null, null, null];
              const figures = searchFigures(focused, search);
              return [
                percent(figures.withinOne),
                fixed(figures.error),
                fixed(figures.captures),
                figures.failed,
              ];
            }),
          ],
        ),
      },
    ],
  };
}

function searchFigures(
  focused: readonly FocusedWindow[],
  search: (typeof COMPARED_SEARCHES)[number],
): { readonly withinOne: number; readonly error: Steps; readonly captures: number; readonly failed: number } {
  const runs = focused.flatMap(({ truth, runs: own }) => {
    const run = own[search];
    return run === undefined ? [] : [{ ...run, off: Math.abs(run.final - truth) }];
  });
  return {
    withinOne: share(runs, ({ off }) => off <= 1),
    error: median(runs.map(({ off }) => off)),
    captures: mean(runs.map(({ captures }) => captures)),
    failed: runs.filter(({ outcome }) => outcome === "failed").length,
  };
}

function stackSection({ stack, positions, results }: StackResult): Section {
  const points = results.flatMap((window) =>
    METHODS.slice(0, 2).flatMap(({ name, of }) => {
      const found = of(window);
      return found === undefined ? [] : [{ method: name, truth: window.truth, found }];
    }),
  );
  const step = Math.max(1, Math.floor(results.length / DRAWN));
  const drawn = results
    .filter((_, index) => index % step === 0)
    .slice(0, DRAWN)
    .flatMap(({ truth, logRadii, window: { x, y } }) =>
      logRadii.flatMap((logRadius, frame) =>
        Number.isNaN(logRadius)
          ? []
          : [
              {
                window: `(${x}, ${y}), sharp at ${truth}`,
                frame: positions[frame],
                radius: radiusOf(logRadius),
              },
            ],
      ),
    );
  const right = share(points, ({ truth, found }) => Math.abs(truth - found) <= 1);
  return {
    heading: stack,
    plots: [
      {
        name: `${stack}-peaks`,
        caption: `${stack}: the frame found over the true one, a point a window; ${percent(right)} of the points within one frame.`,
        spec: {
          width: 260,
          height: 260,
          data: { values: points },
          mark: { type: "point", filled: true, opacity: 0.5 },
          encoding: {
            x: { field: "truth", type: "quantitative", title: "sharpest frame", scale: { zero: false } },
            y: { field: "found", type: "quantitative", title: "found", scale: { zero: false } },
            column: { field: "method", type: "nominal", sort: null, title: null },
          },
        },
      },
      {
        name: `${stack}-radii`,
        caption: `${stack}: the radius read along the stack in some windows.`,
        spec: {
          width: 420,
          height: 220,
          data: { values: drawn },
          mark: { type: "line", point: true },
          encoding: {
            x: { field: "frame", type: "quantitative", title: "frame" },
            y: { field: "radius", type: "quantitative", title: "radius, px" },
            color: {
              field: "window",
              type: "nominal",
              sort: null,
              title: "window",
              legend: { labelLimit: 300 },
            },
          },
        },
      },
    ],
  };
}
