/** The sharpness part as tables and plots, in the order of paper 2's supplement. */
import { sharpnessOf } from "../../algorithms/optics/sharpness-curve.ts";
import type { Pixels, Steps } from "../../core/units.ts";
import { fixed, percent, type PartReport, type Section } from "../report/document.ts";
import { share } from "../statistics.ts";
import {
  DIRECTED_SEARCHES,
  directed,
  directWrong,
  searchWrong,
  type DirectionCase,
} from "./direction-study.ts";
import { summariseLevels, type Level, type LevelFrame } from "./level-study.ts";
import { peakOf, peakRatios, type StackCurve } from "./light-study.ts";

export interface SharpnessFigures {
  readonly levels: readonly LevelFrame[];
  readonly curves: readonly StackCurve[];
  readonly directions: readonly DirectionCase[];
  /** Defocus radius at a distance from focus. */
  readonly radiusAt: (distance: Steps) => Pixels;
}

/** Lights of the plots, as paper 2 has them. */
const NAMED_LIGHTS: ReadonlyMap<number, string> = new Map([
  [1 / 8, "dark"],
  [1, "normal"],
  [4, "bright"],
]);

/** Scenes in the plots of curves: with three lights nine stacks, as in paper 2. */
const PLOTTED_SCENES = 3;

/** The measure that paper 2 compares with. */
const CONVENTIONAL = "squared-gradient";

export function reportSharpness({ levels, curves, directions, radiusAt }: SharpnessFigures): PartReport {
  const summary = summariseLevels(levels);
  return {
    title: "Sharpness: paper 2, Figures 2, 3 and 5",
    introduction:
      "A photograph at one depth before the lens `evetar-25mm`, a window of 512x512 px, photographs that no network was trained on. S is the optical sharpness, 1 in focus and falling to 0 with the defocus radius (`src/algorithms/optics/sharpness-curve.ts`).",
    sections: [
      levelSection(summary),
      ratioSection(curves),
      curveSection(curves),
      directionSection(directions, radiusAt),
    ],
    figures: { levels: summary, peaks: peakRatios(curves), directions: directionFigures(directions) },
  };
}

function levelSection(levels: readonly Level[]): Section {
  const sources = Object.keys(levels[0]?.sharpness ?? {});
  const rows = levels.map((level) => [
    level.offset,
    fixed(level.radius),
    level.frames,
    fixed(level.distanceStd),
    fixed(level.distanceRmse),
    fixed(level.distanceBias),
    ...sources.flatMap((source) => [
      fixed(level.sharpness[source]?.rmse, 4),
      fixed(level.sharpness[source]?.rawRmse, 4),
    ]),
  ]);
  const sharpness = levels.flatMap(({ offset, sharpness: own }) =>
    sources.map((source) => ({ offset, source, rmse: own[source]?.rmse })),
  );
  const x = { field: "offset", type: "quantitative", title: "Z - Z0, steps" } as const;
  return {
    heading: "Deviation at every level of defocus (Fig. 2)",
    text: "Distance: the radius read from one frame as |Z0 - Z| by the lens model, over the photographs; STD around its mean, RMSE against the truth. Sharpness: RMSE of S against that of the true radius; before clamping where the network gives more than 0 to 1. A distance ends at the range of the lens, which cuts the deviation off where the focus lies near its end.",
    tables: [
      {
        columns: [
          ...["Z - Z0", "radius, px", "frames", "STD", "RMSE", "bias"],
          ...sources.flatMap((source) => [`${source}: RMSE`, "before clamping"]),
        ],
        rows,
      },
    ],
    plots: [
      {
        name: "distance-deviation",
        caption: "STD and RMSE of the distance read from one frame (Fig. 2b).",
        spec: {
          width: 420,
          height: 220,
          data: {
            values: levels.flatMap(({ offset, distanceStd, distanceRmse }) => [
              { offset, figure: "STD", steps: distanceStd },
              { offset, figure: "RMSE", steps: distanceRmse },
            ]),
          },
          mark: { type: "line", point: true },
          encoding: {
            x,
            y: { field: "steps", type: "quantitative", title: "steps" },
            color: { field: "figure", type: "nominal", sort: null, title: null },
          },
        },
      },
      {
        name: "sharpness-deviation",
        caption: "RMSE of the sharpness read from one frame (Fig. 2c).",
        spec: {
          width: 420,
          height: 220,
          data: { values: sharpness },
          mark: { type: "line", point: true },
          encoding: {
            x,
            y: { field: "rmse", type: "quantitative", title: "RMSE of S" },
            color: { field: "source", type: "nominal", sort: null, title: null },
          },
        },
      },
    ],
  };
}

function ratioSection(curves: readonly StackCurve[]): Section {
  const lights = [...new Set(curves.map(({ light }) => light))].sort((a, b) => a - b);
  const scenes = new Set(curves.map(({ photo }) => photo)).size;
  return {
    heading: "Peaks in six lights (Fig. 3b and 3d)",
    text: `SR, the largest peak over the smallest (paper 2, Eq. 1), of focal stacks of ${scenes} scenes in ${lights.length} lights from ${lights[0] ?? 1} to ${lights.at(-1) ?? 1} times normal, without clipping. Paper 2 reports 3.5 to 4.5 for the squared gradient between bright and dark, more than 1.2 within one light, and less than 1.01 for its own measure.`,
    tables: [
      {
        columns: [
          "measure",
          "one scene, all lights: median",
          "max",
          "all scenes, normal light",
          "all scenes, all lights",
        ],
        rows: peakRatios(curves).map(({ measure, lights: own, scenes: normal, all }) => [
          measure,
          fixed(own.median, 3),
          fixed(own.max, 3),
          fixed(normal, 3),
          fixed(all, 3),
        ]),
      },
    ],
  };
}

function curveSection(curves: readonly StackCurve[]): Section {
  const photos = [...new Set(curves.map(({ photo }) => photo))].slice(0, PLOTTED_SCENES);
  const shown = curves.filter(({ photo, light }) => photos.includes(photo) && NAMED_LIGHTS.has(light));
  const measures = [curves[0]?.measure, CONVENTIONAL].filter((each) => each !== undefined);
  const largest = new Map(
    measures.map((measure) => [
      measure,
      Math.max(...shown.filter((curve) => curve.measure === measure).map(peakOf)),
    ]),
  );
  const values = shown
    .filter(({ measure }) => largest.has(measure))
    .flatMap(({ photo, light, measure, points }) =>
      points.map(({ offset, value }) => ({
        measure,
        light: NAMED_LIGHTS.get(light),
        stack: `${photo} ${light}`,
        offset,
        value: measure === CONVENTIONAL ? value / (largest.get(measure) ?? NaN) : value,
      })),
    );
  return {
    heading: "Curves (Fig. 3a and 3c)",
    plots: [
      {
        name: "curves",
        caption: `Sharpness over the lens position of ${photos.length} scenes in three lights: S as it is, the squared gradient relative to its largest value.`,
        spec: {
          width: 300,
          height: 220,
          data: { values },
          mark: "line",
          encoding: {
            x: { field: "offset", type: "quantitative", title: "Z - Z0, steps" },
            y: { field: "value", type: "quantitative", title: "sharpness" },
            color: { field: "light", type: "nominal", sort: ["dark", "normal", "bright"], title: "light" },
            detail: { field: "stack" },
            column: { field: "measure", type: "nominal", sort: null, title: null },
          },
        },
      },
    ],
  };
}

interface DirectionFigures {
  readonly cases: number;
  readonly direct_wrong: number;
  readonly searches: Readonly<Record<string, number>>;
}

function directionFigures(cases: readonly DirectionCase[]): DirectionFigures {
  const all = directed(cases);
  return {
    cases: all.length,
    direct_wrong: share(all, directWrong),
    searches: Object.fromEntries(
      DIRECTED_SEARCHES.map((search) => [search, share(all, (each) => searchWrong(each, search))]),
    ),
  };
}

function directionSection(cases: readonly DirectionCase[], radiusAt: SharpnessFigures["radiusAt"]): Section {
  const all = directed(cases);
  const figures = directionFigures(cases);
  const points = all.map((each) => ({
    truth: each.truth,
    direct: each.direct,
    direction: directWrong(each) ? "wrong" : "right",
  }));
  const reach = Math.max(...all.map(({ truth }) => Math.abs(truth)), 1);
  const curve = Array.from({ length: 81 }, (_, step) => {
    const truth = (reach * (step - 40)) / 40;
    return { truth, direct: Math.sign(truth) * reach * (1 - sharpnessOf(radiusAt(Math.abs(truth)))) };
  });
  return {
    heading: "Direction (Fig. 5)",
    text: `${figures.cases} starts out of focus, anywhere in the range. The direct regression of the signed distance is the likeliest position by one frame, all positions of the range being as likely before; where both sides explain the radius it has to guess, and half of the guesses are wrong. Paper 2 found about 20 % of the directions of a network that regresses the distance wrong. A search is wrong when it ends on the other side of the start and does not say \`failed\`.`,
    tables: [
      {
        columns: ["method", "wrong direction"],
        rows: [
          ["direct regression from one frame", percent(figures.direct_wrong)],
          ...DIRECTED_SEARCHES.map((search) => [`\`${search}\``, percent(figures.searches[search] ?? NaN)]),
        ],
      },
    ],
    plots: [
      {
        name: "direction",
        caption:
          "Signed distance by one frame over the true one; the line is 1 - S, scaled to the range and signed, as in Fig. 5.",
        spec: {
          width: 380,
          height: 320,
          layer: [
            {
              data: { values: points },
              mark: { type: "point", filled: true, size: 25 },
              encoding: {
                x: { field: "truth", type: "quantitative", title: "Z0 - Z, steps" },
                y: { field: "direct", type: "quantitative", title: "estimate, steps" },
                color: {
                  field: "direction",
                  type: "nominal",
                  scale: { domain: ["right", "wrong"], range: ["#3465a4", "#cc0000"] },
                  title: "direction",
                },
              },
            },
            {
              data: { values: curve },
              mark: { type: "line", color: "green" },
              encoding: {
                x: { field: "truth", type: "quantitative" },
                y: { field: "direct", type: "quantitative" },
              },
            },
          ],
        },
      },
    ],
  };
}
