/** `evaluate`: measures the package anew and writes the published figures. */
import path from "node:path";
import { Command } from "commander";
import { AutofocusError, expected } from "../../core/errors.ts";
import { listPhotographs } from "../../evaluation/photos/photographs.ts";
import { PART_NAMES, type Evaluation, type Part, type PartName } from "../../evaluation/part.ts";
import { PARTS } from "../../evaluation/parts.ts";
import { provenanceOf } from "../../evaluation/report/provenance.ts";
import { writeReport } from "../../evaluation/report/write-report.ts";
import { DefocusEstimator } from "../../inference/defocus-estimator.ts";
import { MODELS, trainingSources } from "../../inference/model-manifest.ts";
import { loadLens } from "../../io/lens-file.ts";
import { stacksIn } from "../../evaluation/stacks/stack-folders.ts";
import { log, number, printJson, Progress, seedNumber } from "../context.ts";
import { estimateImage } from "../estimate/estimate-image.ts";
import { networksFor } from "../networks.ts";

interface Options {
  readonly photos: string[];
  readonly stacks?: string;
  readonly pairs?: string;
  readonly clips?: string;
  readonly rgbd?: string;
  readonly known?: string;
  readonly knownLens: string;
  readonly out: string;
  readonly seed: number;
  readonly runs: number;
  readonly quick?: true;
  readonly json?: true;
}

/** The camera of paper 1. */
const LENS = "evetar-25mm";

export function evaluateCommand(): Command {
  return new Command("evaluate")
    .description("measure accuracy, focusing and speed, and write the figures as Markdown and SVG")
    .argument("[part...]", `${PART_NAMES.join(", ")}; all that the folders given allow unless named`)
    .option("--photos <dir...>", "folders with sharp photographs that no network was trained on", [])
    .option("--stacks <dir>", "folder with focal stacks, each a folder of numbered frames")
    .option("--pairs <dir>", "folder with pairs of frames to fuse, NAME_A.EXT and NAME_B.EXT")
    .option("--clips <dir>", "folder with clips, each a folder of numbered frames")
    .option("--rgbd <dir>", "folder with photographs with disparities, each a folder with view1 and disp1")
    .option("--known <dir>", "folder with pictures of known defocus, NAME_Z0_Z.EXT: sharp at Z0, taken at Z")
    .option("--known-lens <file>", "lens of these pictures, file or name", "evetar-25mm-measured")
    .option("--out <dir>", "folder for the reports", "docs/evaluation")
    .option("--seed <n>", "the same seed gives the same figures, but for times", seedNumber("--seed"), 1)
    .option("--runs <n>", "runs in which wrong answers are counted", number("--runs"), 1000)
    .option("--quick", "a small part of the work, to see that all of it runs")
    .option("--json", "print the figures as a machine-readable document")
    .action(run);
}

async function run(names: string[], options: Options): Promise<void> {
  if (!Number.isInteger(options.runs) || options.runs < 1)
    throw expected("invalid_input", "a positive integer", "--runs", options.runs);
  const parts = partsOf(names, options);
  const lens = await loadLens(LENS);
  const networks = networksFor(lens);
  const estimator = await DefocusEstimator.load();
  try {
    const evaluation: Evaluation = {
      photographs: await photographs(options),
      stacks: options.stacks === undefined ? [] : await stacksIn(options.stacks),
      pairs: options.pairs,
      clips: options.clips === undefined ? [] : await stacksIn(options.clips),
      rgbd: options.rgbd,
      known: options.known === undefined ? undefined : { directory: options.known, lens: options.knownLens },
      lens,
      networks,
      estimate: (gray) => estimateImage(gray, estimator, {}),
      inFocusRadius: estimator.inFocusRadius,
      seed: options.seed,
      quick: options.quick === true,
      runs: options.quick === true ? Math.min(options.runs, 4) : options.runs,
      progress: (label, steps) => {
        const bar = new Progress(label, steps);
        return () => bar.advance();
      },
    };
    const figures: Record<string, unknown> = {};
    for (const part of parts) {
      const report = await part.run(evaluation);
      const provenance = await provenanceOf(commandLine(part.name, options), MODELS, new Date());
      const file = await writeReport(options.out, part.name, report, provenance);
      figures[part.name] = { ...provenance, figures: report.figures };
      log(`wrote ${file}`);
    }
    if (options.json === true) printJson(figures);
  } finally {
    await estimator.dispose();
  }
}

/** The parts asked for; of none, all that there is something to measure on. */
function partsOf(names: readonly string[], { photos, stacks, clips, known }: Options): Part[] {
  const given = {
    photographs: photos.length > 0,
    stacks: stacks !== undefined,
    clips: clips !== undefined,
    known: known !== undefined,
    nothing: true,
  };
  const all = Object.values(PARTS);
  if (names.length === 0) return all.filter(({ needs }) => given[needs]);
  return [...new Set(names)].map((name) => {
    const part = all.find((each) => each.name === name);
    if (part === undefined) throw expected("invalid_input", PART_NAMES.join(", "), "a part", name);
    if (given[part.needs]) return part;
    const option = part.needs === "photographs" ? "--photos" : `--${part.needs}`;
    throw new AutofocusError("invalid_input", `The part ${name} needs ${option}.`, {
      cure: `Name a folder: ${option} DIR.`,
    });
  });
}

async function photographs({ photos, seed }: Options): Promise<Evaluation["photographs"]> {
  if (photos.length === 0) return [];
  const { photographs: found, trainedOn } = await listPhotographs(photos, await trainingSources(), seed);
  if (trainedOn.length > 0)
    log(`left out ${trainedOn.length} photographs that a network was trained on, such as ${trainedOn[0]}`);
  return found;
}

/** What to type to make the figures again; folders are the reader's own. */
function commandLine(part: PartName, options: Options): string {
  const { photos, stacks, pairs, clips, rgbd, known, knownLens, seed, runs, quick } = options;
  const words = [
    `npx intelligent-autofocus evaluate ${part}`,
    photos.length > 0 ? "--photos PHOTOS" : "",
    stacks === undefined ? "" : "--stacks STACKS",
    pairs === undefined ? "" : "--pairs PAIRS",
    clips === undefined ? "" : "--clips CLIPS",
    rgbd === undefined ? "" : "--rgbd RGBD",
    known === undefined ? "" : `--known KNOWN --known-lens ${path.basename(knownLens)}`,
    `--seed ${seed}`,
    part === "focus" ? `--runs ${runs}` : "",
    quick === true ? "--quick" : "",
  ];
  return words.filter((word) => word !== "").join(" ");
}
