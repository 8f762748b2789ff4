/** `stack`: plans, takes, aligns and fuses the frames of an all-in-focus picture, and says why each was taken. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { Command, Option } from "commander";
import { PLANNER_NAMES, PLANNERS, type PlannerName } from "../../algorithms/planning/index.ts";
import { sweepPositions } from "../../algorithms/planning/sweep-positions.ts";
import { AutofocusError, expected, toAutofocusError } from "../../core/errors.ts";
import { DefocusEstimator } from "../../inference/defocus-estimator.ts";
import { writePicture } from "../../io/picture.ts";
import type { DefocusReader } from "../../pipeline/networks.ts";
import { planCapture, type PlannedFrame } from "../../pipeline/plan-capture.ts";
import {
  EXIT,
  log,
  number,
  print,
  printJson,
  Progress,
  report as reportError,
  seedNumber,
} from "../context.ts";
import { SPEC_HELP } from "../device/device-spec.ts";
import { toPicture } from "../fuse/frames.ts";
import { untilInterrupted } from "../interrupt.ts";
import { fuseCapture } from "../stack/fuse-capture.ts";
import { fusedFrames, percent, stackReport, toMarkdown, type StackReport } from "../stack/report.ts";
import { openSource, type Source, type SourceOptions } from "../stack/open-source.ts";
import { makeFolder, StepFolder } from "../stack/step-folder.ts";
import { SCENES } from "../stack/simulated-source.ts";

interface Options extends SourceOptions {
  readonly planner: PlannerName;
  readonly maxFrames: number;
  readonly align: boolean;
  readonly saveSteps?: true;
  readonly out: string;
  readonly json?: true;
}

export function stackCommand(): Command {
  return new Command("stack")
    .description("plan, take, align and fuse the frames of an all-in-focus picture")
    .addOption(
      new Option("--scene <name>", "simulated camera over a scene made up from --seed")
        .choices(SCENES)
        .conflicts(["photo", "stack", "camera"]),
    )
    .addOption(
      new Option("--photo <file>", "simulated camera over a sharp picture; needs --depth").conflicts([
        "stack",
        "camera",
      ]),
    )
    .option("--depth <file>", "gray picture of its size: black is far, white is near, linear in steps")
    .addOption(
      new Option("--stack <dir>", "recorded focal stack: the lens goes to the frames there are").conflicts(
        "camera",
      ),
    )
    .option("--camera <driver>", `a camera: ${SPEC_HELP}`)
    .option("--lens-driver <driver>", "the lens of that camera, in the same way")
    .option(
      "--lens <file>",
      "lens file, or the name of one in config/lenses; without it a stack measures its lens itself, and a camera uses the one that its driver names",
    )
    .option("--start <z>", "where the lens stands at first, steps", number("--start"))
    .addOption(
      new Option("--planner <name>", "who decides where frames are taken")
        .choices(PLANNER_NAMES)
        .default("confident"),
    )
    .option("--max-frames <n>", "frames at most", number("--max-frames"), 60)
    .option("--no-align", "fuse the frames as they lie")
    .option("--save-steps", "also keep every frame, and what the planner saw in it")
    .option("--seed <n>", "the same seed gives the same scene and noise", seedNumber("--seed"), 1)
    .option("-o, --out <dir>", "folder for the picture, the depth and the report", "stack-output")
    .option("--json", "print the report as a machine-readable document")
    .action(run);
}

async function run(options: Options): Promise<void> {
  const { maxFrames, out } = options;
  if (!Number.isInteger(maxFrames) || maxFrames < 1)
    throw expected("invalid_input", "a whole number of at least 1", "--max-frames", maxFrames);
  await makeFolder(out);
  const reader = await DefocusEstimator.load();
  try {
    const source = await openSource(options, reader);
    try {
      await capture(source, reader, options);
    } finally {
      await source.close();
    }
  } finally {
    await reader.dispose();
  }
}

async function capture(
  { camera, align, source }: Source,
  reader: DefocusReader,
  options: Options,
): Promise<void> {
  const { planner, maxFrames, out, json } = options;
  const say = json === true ? log : print;
  const steps = options.saveSteps === true ? await StepFolder.inside(out) : undefined;
  const begin = performance.now();
  const plan = await untilInterrupted("The capture was interrupted; what was taken is fused.", (signal) =>
    planCapture(PLANNERS[planner], camera, {
      reader,
      maxFrames,
      signal,
      onFrame: async (frame, index) => {
        say(lineOf(frame));
        await steps?.save(index, frame);
      },
    }),
  );
  const captured = performance.now();
  const frames = fusedFrames(plan);
  const [black, white] = [frames[0]?.position ?? 0, frames.at(-1)?.position ?? 0];
  const fused = await keepingFrames(plan.frames, steps, out, async () => {
    const progress = new Progress("fuse", frames.length);
    const made = await untilInterrupted("The fusion was interrupted.", (signal) =>
      fuseCapture(frames, camera.lens, options.align ? align : "none", () => {
        signal.throwIfAborted();
        progress.advance();
      }),
    );
    await writePicture(path.join(out, "all-in-focus.png"), toPicture(made.fused, made.bits));
    await writePicture(path.join(out, "depth.png"), toPicture(made.position, 16, black, white));
    return made;
  });
  const document = stackReport({
    source,
    planner,
    lens: camera.lens.name,
    start: camera.start,
    framesOfSweep: sweepPositions(camera.lens).length,
    run: plan,
    maps: fused.maps,
    unlike: fused.unlike,
    depth: { black, white },
    seconds: { capture: seconds(begin, captured), fuse: seconds(captured, performance.now()) },
    files: ["all-in-focus.png", "depth.png", ...(steps?.files ?? []), "report.json", "report.md"],
  });
  await writeFile(path.join(out, "report.json"), `${JSON.stringify(document, undefined, 2)}\n`);
  await writeFile(path.join(out, "report.md"), toMarkdown(document));
  if (json === true) printJson(document);
  else print(summary(out, document));
  if (plan.cut === undefined) return;
  reportError(plan.cut);
  process.exitCode = EXIT.failed;
}

/** Does what is left to do with the frames; where that fails, it saves those that are in no file yet. */
async function keepingFrames<T>(
  frames: readonly PlannedFrame[],
  saved: StepFolder | undefined,
  out: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const steps = saved ?? (await StepFolder.inside(out));
    if (saved === undefined) for (const [index, frame] of frames.entries()) await steps.save(index, frame);
    const { code, message } = toAutofocusError(cause);
    const kept = path.join(out, steps.name);
    throw new AutofocusError(code, message, {
      cure: `The frames taken are in ${kept}; fuse them by: intelligent-autofocus fuse ${kept} -o picture.png`,
      cause,
    });
  }
}

function summary(out: string, report: StackReport): string {
  return (
    `${out}: ${report.frames_taken} frames (a sweep takes ${report.frames_of_sweep}), ${report.frames_fused} fused; ` +
    `depth.png is black at ${report.depth.black}, white at ${report.depth.white}. ${report.reason}`
  );
}

function lineOf({ position, reason, step }: PlannedFrame): string {
  const done = step === undefined ? "" : ` ${percent(step.coverage)} of the picture is done.`;
  return `  at ${position.toFixed(0)}: ${reason}${done}`;
}

function seconds(from: number, to: number): number {
  return Math.round(to - from) / 1000;
}
