/** The radius part as tables and plots. */
import type { Pixels } from "../../core/units.ts";
import { fixed, percent, type PartReport, type Section } from "../report/document.ts";
import { median, quantile, share } from "../statistics.ts";
import { BINS, radiusError, windowError, type FrameResult } from "./accuracy-study.ts";
import { FRAME_SIDE } from "./frames.ts";
import {
  NEAR_FOCUS_VARIANTS,
  precisionAndRecall,
  type BlankResult,
  type NearFocusResult,
} from "./in-focus-study.ts";
import { calibrationGroups, coverage, predictionsOf } from "./uncertainty.ts";
import { VARIANT_NAMES, VARIANTS, type VariantName } from "./variants.ts";

export interface RadiusFigures {
  readonly accuracy: readonly FrameResult[];
  readonly nearFocus: readonly NearFocusResult[];
  readonly blank: readonly BlankResult[];
  /** Radius up to which a frame was taught to be in focus, px. */
  readonly limit: Pixels;
}

/** Sizes of errors over the frames that were read, and how many were not. */
interface Errors {
  readonly frames: number;
  readonly median: number;
  readonly p90: number;
  readonly unread: number;
}

/** The bins from 3 to 100 px, which the overall figures are over. */
const MIDDLE = [2, 3, 4];

export function reportRadius({ accuracy, nearFocus, blank, limit }: RadiusFigures): PartReport {
  const photographs = new Set(accuracy.map(({ photo }) => photo)).size;
  return {
    title: "Reading the defocus radius",
    introduction: `Frames of ${FRAME_SIDE}x${FRAME_SIDE} px of known defocus: ${photographs} photographs that no network was trained on, reduced by 0.8, behind an aperture that is rendered in another way than the training data (exact chords of the aperture instead of the disk kernel), then through a camera. An estimate is what \`estimate\` says of the whole frame. Errors are in pixels below a radius of 3 px and relative above. Half of the frames are better than the median, nine of ten better than p90.`,
    sections: [
      frameSection(accuracy),
      setSection(accuracy),
      sizeSection(accuracy),
      uncertaintySection(accuracy),
      inFocusSection(nearFocus, limit),
      blankSection(blank),
    ],
    figures: {
      frames: byVariant((variant) =>
        Object.fromEntries(
          BINS.map((bin, index) => [bin.join("-"), frameErrors(accuracy, variant, [index])]),
        ),
      ),
      frames_3_to_100_px: byVariant((variant) => frameErrors(accuracy, variant, MIDDLE)),
      windows: Object.fromEntries(
        sizesOf(accuracy).map((size) => [
          size,
          byVariant((variant) =>
            Object.fromEntries(
              BINS.map((bin, index) => [bin.join("-"), windowErrors(accuracy, variant, [index], size)]),
            ),
          ),
        ]),
      ),
      uncertainty: Object.fromEntries(
        sizesOf(accuracy).map((size) => [size, calibrationGroups(predictionsOf(accuracy, size))]),
      ),
      in_focus: byNearVariant((own) => precisionAndRecall(own, limit, limit / 2), nearFocus),
      blank_read: share(blank, ({ read }) => read),
    },
  };
}

function byVariant<T>(figure: (variant: VariantName) => T): Record<string, T> {
  return Object.fromEntries(VARIANT_NAMES.map((variant) => [variant, figure(variant)]));
}

function byNearVariant<T>(
  figure: (own: readonly NearFocusResult[]) => T,
  results: readonly NearFocusResult[],
): Record<string, T> {
  return Object.fromEntries(
    NEAR_FOCUS_VARIANTS.map((variant) => [
      variant,
      figure(results.filter((each) => each.variant === variant)),
    ]),
  );
}

function errorsOf(errors: readonly number[]): Errors {
  const sizes = errors.filter((error) => !Number.isNaN(error)).map(Math.abs);
  return {
    frames: errors.length,
    median: median(sizes),
    p90: quantile(sizes, 0.9),
    unread: errors.length - sizes.length,
  };
}

function frameErrors(results: readonly FrameResult[], variant: VariantName, bins: readonly number[]): Errors {
  const own = results.filter((each) => each.variant === variant && bins.includes(each.bin));
  return errorsOf(own.map(({ frame, radius }) => radiusError(frame.radius_px, radius)));
}

function windowErrors(
  results: readonly FrameResult[],
  variant: VariantName,
  bins: readonly number[],
  size: Pixels,
): Errors {
  const own = results.filter((each) => each.variant === variant && bins.includes(each.bin));
  return errorsOf(
    own.flatMap(({ windows, radius }) =>
      windows.filter((window) => window.size === size).map((window) => windowError(window, radius)),
    ),
  );
}

function sizesOf(results: readonly FrameResult[]): Pixels[] {
  return (results[0]?.windows ?? []).map(({ size }) => size).sort((a, b) => b - a);
}

/** "median / p90" in the unit of the bin, and how many could not be read. */
function cell({ median: middle, p90, unread, frames }: Errors, relative: boolean): string {
  if (frames === 0) return "-";
  const show = (error: number): string => (relative ? fixed(100 * error) : fixed(error, 2));
  const rest = unread === 0 ? "" : `, ${unread} of ${frames} unread`;
  return `${show(middle)} / ${show(p90)} ${relative ? "%" : "px"}${rest}`;
}

const binName = ([low, high]: readonly [number, number]): string => `${low}-${high} px`;
const isRelative = (bin: number): boolean => bin >= 2;

function frameSection(results: readonly FrameResult[]): Section {
  const rows = VARIANT_NAMES.map((variant) => [
    variant,
    ...BINS.map((_, bin) => cell(frameErrors(results, variant, [bin]), isRelative(bin))),
    cell(frameErrors(results, variant, MIDDLE), true),
  ]);
  const points = VARIANT_NAMES.flatMap((variant) =>
    BINS.flatMap((bin, index) => {
      if (!isRelative(index)) return [];
      const { median: middle, p90 } = frameErrors(results, variant, [index]);
      return [
        { variant, radius: binName(bin), error: 100 * middle, figure: "median" },
        { variant, radius: binName(bin), error: 100 * p90, figure: "p90" },
      ];
    }),
  );
  return {
    heading: "One estimate a frame",
    text: `Error, median / p90. ${VARIANT_NAMES.map((name) => `\`${name}\`: ${VARIANTS[name].description}`).join("; ")}.`,
    tables: [{ columns: ["frame", ...BINS.map(binName), "3-100 px"], rows }],
    plots: [
      {
        name: "frames",
        caption: "Relative error of one estimate a frame by radius, for every kind of camera.",
        spec: {
          data: { values: points },
          width: 260,
          height: 220,
          mark: { type: "line", point: true },
          encoding: {
            x: { field: "radius", type: "ordinal", sort: null, title: "radius", axis: { labelAngle: 0 } },
            y: { field: "error", type: "quantitative", scale: { type: "symlog" }, title: "error, %" },
            color: { field: "variant", type: "nominal", sort: null, title: null },
            column: { field: "figure", type: "nominal", title: null },
          },
        },
      },
    ],
  };
}

function setSection(results: readonly FrameResult[]): Section {
  const sets = [...new Set(results.map(({ set }) => set))].sort();
  const clean = results.filter(({ variant }) => variant === "clean");
  const rows = sets.map((set) => {
    const own = clean.filter((each) => each.set === set);
    return [
      set,
      new Set(own.map(({ photo }) => photo)).size,
      ...BINS.map((_, bin) => cell(frameErrors(own, "clean", [bin]), isRelative(bin))),
    ];
  });
  return {
    heading: "By source of the photographs",
    text: "Clean frames. What a photograph lacks in sharpness counts as an error of the estimate, most of all near focus.",
    tables: [{ columns: ["source", "photographs", ...BINS.map(binName)], rows }],
  };
}

function sizeSection(results: readonly FrameResult[]): Section {
  const rows = sizesOf(results).flatMap((size) =>
    VARIANT_NAMES.map((variant) => [
      `${size} px`,
      variant,
      ...BINS.map((_, bin) => cell(windowErrors(results, variant, [bin], size), isRelative(bin))),
    ]),
  );
  return {
    heading: "One window",
    text: "The window in the middle of the same frames, read by itself.",
    tables: [{ columns: ["window", "frame", ...BINS.map(binName)], rows }],
  };
}

function uncertaintySection(results: readonly FrameResult[]): Section {
  const sizes = sizesOf(results);
  const rows = sizes.map((size) => {
    const predictions = predictionsOf(results, size);
    return [
      `${size} px`,
      predictions.length,
      ...[0.6745, 1, 2, 3].map((deviations) => percent(coverage(predictions, deviations))),
    ];
  });
  const points = sizes.flatMap((size) =>
    calibrationGroups(predictionsOf(results, size)).map((group) => ({ ...group, window: `${size} px` })),
  );
  const axis = { type: "log" as const, domain: [0.005, 1], clamp: true };
  return {
    heading: "Uncertainty",
    text: "Every reading of ln(radius + 1/2) comes with a standard deviation. Share of the windows whose error lies within so many of them, all variants and radii; a normal error of the deviation given would have 50, 68.3, 95.4 and 99.7 %. The plot has tenths of the windows by the deviation given: on the line it is the one they have.",
    tables: [{ columns: ["window", "windows", "within 0.67", "within 1", "within 2", "within 3"], rows }],
    plots: [
      {
        name: "uncertainty",
        caption:
          "Deviation given against deviation found (1.48 times the median error), on logarithmic axes.",
        spec: {
          width: 320,
          height: 320,
          layer: [
            {
              data: { values: points },
              mark: { type: "point", filled: true, size: 50 },
              encoding: {
                x: { field: "predicted", type: "quantitative", scale: axis, title: "deviation given" },
                y: { field: "robust", type: "quantitative", scale: axis, title: "deviation found" },
                color: { field: "window", type: "nominal", sort: null, title: "window" },
              },
            },
            {
              data: { values: [0.005, 1].map((value) => ({ predicted: value, robust: value })) },
              mark: { type: "line", color: "gray", strokeDash: [4, 4] },
              encoding: {
                x: { field: "predicted", type: "quantitative", scale: axis },
                y: { field: "robust", type: "quantitative", scale: axis },
              },
            },
          ],
        },
      },
    ],
  };
}

function inFocusSection(results: readonly NearFocusResult[], limit: Pixels): Section {
  const figures = byNearVariant((own) => precisionAndRecall(own, limit, limit / 2), results);
  const radii = [...new Set(results.map(({ radius }) => radius))].sort((a, b) => a - b);
  const called = radii.flatMap((radius) =>
    NEAR_FOCUS_VARIANTS.map((variant) => ({
      radius,
      variant,
      share: share(
        results.filter((each) => each.variant === variant && each.radius === radius),
        ({ inFocus }) => inFocus,
      ),
    })),
  );
  return {
    heading: "In focus or not",
    text: `In focus is a radius of up to ${limit} px. Precision and recall leave out a band of half of that around the limit, ${limit * 0.75} to ${limit * 1.25} px, where either answer serves; the radii lie evenly between 0 and ${radii.at(-1) ?? 0} px.`,
    tables: [
      {
        columns: ["frame", "frames", "precision", "recall"],
        rows: Object.entries(figures).map(([variant, { precision, recall, frames }]) => [
          variant,
          frames,
          percent(precision),
          percent(recall),
        ]),
      },
      {
        columns: ["radius, px", ...NEAR_FOCUS_VARIANTS.map((variant) => `${variant}: called in focus`)],
        rows: radii.map((radius) => [
          radius,
          ...called.filter((each) => each.radius === radius).map((each) => percent(each.share)),
        ]),
      },
    ],
    plots: [
      {
        name: "in-focus",
        caption: "Share of the frames called in focus by their radius; the line is the limit.",
        spec: {
          width: 420,
          height: 220,
          layer: [
            {
              data: { values: called },
              mark: { type: "line", point: true },
              encoding: {
                x: { field: "radius", type: "quantitative", title: "radius, px" },
                y: { field: "share", type: "quantitative", title: "called in focus", axis: { format: "%" } },
                color: { field: "variant", type: "nominal", sort: null, title: null },
              },
            },
            {
              data: { values: [{ limit }] },
              mark: { type: "rule", strokeDash: [4, 4] },
              encoding: { x: { field: "limit", type: "quantitative" } },
            },
          ],
        },
      },
    ],
  };
}

function blankSection(results: readonly BlankResult[]): Section {
  const variants = [...new Set(results.map(({ variant }) => variant))];
  return {
    heading: "Without texture",
    text: "A bare wall, evenly or unevenly lit: nothing can be read, and nothing should be.",
    tables: [
      {
        columns: ["frame", "frames", "a radius was read", "called in focus"],
        rows: variants.map((variant) => {
          const own = results.filter((each) => each.variant === variant);
          return [
            variant,
            own.length,
            percent(share(own, ({ read }) => read)),
            percent(share(own, ({ inFocus }) => inFocus)),
          ];
        }),
      },
    ],
  };
}
