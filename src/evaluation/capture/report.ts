/** The capture part as tables. */
import { PLANNER_NAMES, type PlannerName } from "../../algorithms/planning/index.ts";
import { fixed, percent, type PartReport, type Section } from "../report/document.ts";
import { mean } from "../statistics.ts";
import { PHOTOGRAPHED, SCENE_KINDS } from "./capture-scenes.ts";
import type { CaptureResult } from "./capture-study.ts";

/** Where the planners come from. */
const SOURCES: Readonly<Record<PlannerName, string>> = {
  confident: "ours",
  "algorithm-2": "paper 1, static case",
  sweep: "a frame every two depths of field",
  "two-step": "Vaquero et al. 2011",
  "block-depth": "Choi et al. 2017",
  "round-trip": "Li et al. 2018",
};

export function reportCapture(results: readonly CaptureResult[], lens: string): PartReport {
  const kinds = [...SCENE_KINDS, PHOTOGRAPHED].filter((kind) => results.some((each) => each.kind === kind));
  return {
    title: "Capture planning",
    introduction:
      `Ways to decide where the frames of an all-in-focus picture are taken, on simulated still scenes with noise, seen through ${lens}. ` +
      "Frames are all that were taken, the scans of the two-step methods among them; travel is in steps. A textured patch of 128 px is covered where the " +
      "median of its depths was in focus in a frame that is fused; `even` counts patches that lie within one depth of field only, `pixels` " +
      "every pixel of the textured patches. PSNR and SSIM compare the fused picture with the scene without blur and noise." +
      (kinds.includes(PHOTOGRAPHED)
        ? " The photographs with measured depth are views of the Middlebury stereo sets, with their disparities laid through 80 % of the range."
        : " The photographs with measured depth were not run: no folder of them was given (`--rgbd`)."),
    sections: kinds.map((kind) =>
      section(
        kind,
        results.filter((each) => each.kind === kind),
      ),
    ),
    figures: results,
  };
}

function section(kind: string, results: readonly CaptureResult[]): Section {
  const runs = results.filter(({ planner }) => planner === PLANNER_NAMES[0]).length;
  return {
    heading: `Scenes: ${kind}`,
    text: `Means over ${runs} runs.`,
    tables: [
      {
        columns: [
          "planner",
          "source",
          "frames",
          "most",
          "fused",
          "travel",
          "covered",
          "even",
          "pixels",
          "PSNR (dB)",
          "SSIM",
        ],
        rows: PLANNER_NAMES.map((planner) =>
          row(
            planner,
            results.filter((each) => each.planner === planner),
          ),
        ),
      },
    ],
  };
}

function row(planner: PlannerName, of: readonly CaptureResult[]): readonly (string | number | null)[] {
  const average = (value: (each: CaptureResult) => number): number =>
    mean(of.map(value).filter(Number.isFinite));
  return [
    `\`${planner}\``,
    SOURCES[planner],
    fixed(
      average(({ frames }) => frames),
      1,
    ),
    Math.max(...of.map(({ frames }) => frames)),
    fixed(
      average(({ fused }) => fused),
      1,
    ),
    fixed(
      average(({ travel }) => travel),
      0,
    ),
    percent(average(({ covered }) => covered)),
    percent(average(({ coveredEven }) => coveredEven)),
    percent(average(({ coveredPixels }) => coveredPixels)),
    fixed(
      average(({ psnr }) => psnr),
      2,
    ),
    fixed(
      average(({ ssim }) => ssim),
      4,
    ),
  ];
}
