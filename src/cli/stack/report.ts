/** What `stack` says of a capture: a document for programs, and the same as Markdown for people. */
import type { Similarity } from "../../algorithms/calibration/registration/similarity.ts";
import { magnification } from "../../algorithms/calibration/registration/similarity.ts";
import type { Steps } from "../../core/units.ts";
import type { PlannedFrame, PlanRun } from "../../pipeline/plan-capture.ts";

export interface StackFacts {
  readonly source: string;
  readonly planner: string;
  readonly lens: string;
  readonly start: Steps;
  /** Frames that a uniform sweep of the range would take. */
  readonly framesOfSweep: number;
  readonly run: PlanRun;
  /** Of the frames fused, ascending by position. */
  readonly maps: readonly Similarity[];
  /** Those of them that could not be aligned. */
  readonly unlike: ReadonlySet<number>;
  /** Focus positions that the ends of the depth picture stand for. */
  readonly depth: { readonly black: Steps; readonly white: Steps };
  readonly seconds: Readonly<Record<string, number>>;
  /** Names of the files written, relative to the folder. */
  readonly files: readonly string[];
}

export type StackReport = ReturnType<typeof stackReport>;

export function stackReport(facts: StackFacts) {
  const { run, maps, unlike } = facts;
  const fused = fusedFrames(run);
  return {
    source: facts.source,
    planner: facts.planner,
    lens: facts.lens,
    start: facts.start,
    frames_taken: run.frames.length,
    frames_fused: fused.length,
    frames_of_sweep: facts.framesOfSweep,
    travel: rounded(run.travel),
    coverage: run.frames.findLast(({ step }) => step !== undefined)?.step?.coverage ?? null,
    complete: run.cut === undefined,
    reason: run.reason,
    error: run.cut === undefined ? null : { code: run.cut.code, error_code: run.cut.number },
    frames: run.frames.map((frame, index) => ({
      number: index + 1,
      position: rounded(frame.position),
      aimed_at: rounded(frame.aimedAt),
      reason: frame.reason,
      fused: run.fuse.includes(index),
      matrices: matrices(frame),
    })),
    alignment: fused.map(({ position }, index) => {
      const map = maps[index] as Similarity;
      const degrees = (Math.atan2(map.across, map.along) * 180) / Math.PI;
      const { dx, dy } = map;
      const possible = !unlike.has(index);
      return { position: rounded(position), scale: magnification(map), degrees, dx, dy, possible };
    }),
    depth: { black: rounded(facts.depth.black), white: rounded(facts.depth.white) },
    seconds: facts.seconds,
    files: facts.files,
  };
}

/** The frames to fuse, ascending by position. */
export function fusedFrames({ frames, fuse }: PlanRun): readonly PlannedFrame[] {
  return fuse.map((index) => frames[index] as PlannedFrame).sort((a, b) => a.position - b.position);
}

/** The matrices of paper 1, Eq. 6-9, row by row; null for planners that make none. */
function matrices({ reading, step }: PlannedFrame) {
  if (reading === undefined || step === undefined) return null;
  const { rows, cols, size, stride, offsetX, offsetY } = reading.grid;
  return {
    rows,
    cols,
    patch_size: size,
    stride,
    offset_x: offsetX,
    offset_y: offsetY,
    /** Z0 - Z, steps; null where it is not known. */
    deviation: Array.from(step.deviation, (each) => (Number.isNaN(each) ? null : rounded(each))),
    confidence: Array.from(step.confidence, (each) => Number(each.toFixed(3))),
    in_focus: step.mask.map(Number),
    activation: step.pending.map((pending) => (pending ? 0 : 1)),
    coverage: step.coverage,
  };
}

export function toMarkdown(report: StackReport): string {
  const { coverage, complete, reason } = report;
  const lines = [
    `# All in focus: ${report.source}`,
    "",
    `${report.frames_taken} frames (${report.frames_fused} fused) by the planner \`${report.planner}\` with the lens ${report.lens}, ` +
      `from ${report.start}; a sweep of the range takes ${report.frames_of_sweep}. Travel ${report.travel} steps.`,
    "",
    `${complete ? "Complete" : "Ended early"}: ${reason}` +
      (coverage === null
        ? ""
        : ` ${percent(coverage)} of the patches that can be read were in focus in some frame.`),
    "",
    "| frame | position | why there | in focus | done | fused |",
    "| --- | --- | --- | --- | --- | --- |",
    ...report.frames.map(({ number, position, reason: why, fused, matrices: seen }) => {
      const inFocus = seen === null ? "" : String(seen.in_focus.filter((each) => each === 1).length);
      const done = seen === null ? "" : percent(seen.coverage);
      return `| ${number} | ${position} | ${why} | ${inFocus} | ${done} | ${fused ? "yes" : ""} |`;
    }),
    "",
    ...report.files.filter((file) => !file.startsWith("report.")).map((file) => `- [${file}](${file})`),
    "",
  ];
  return lines.join("\n");
}

export function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

function rounded(value: number): number {
  return Number(value.toFixed(2));
}
