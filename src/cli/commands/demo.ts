/** `demo`: the nodes at work on a simulated camera, with pictures and numbers of what they did. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { Command } from "commander";
import { AutofocusError } from "../../core/errors.ts";
import { seededRandom } from "../../core/random.ts";
import { DefocusEstimator } from "../../inference/defocus-estimator.ts";
import { loadLens } from "../../io/lens-file.ts";
import { once, type Networks } from "../../pipeline/networks.ts";
import { EXIT, log, number, print, printJson } from "../context.ts";
import { Album } from "../demo/album.ts";
import { focusPart } from "../demo/focus-part.ts";
import { paradeScene, shelfScene, wallScene, type DemoCanvas } from "../demo/scenes.ts";
import { Stage } from "../demo/stage.ts";
import { stillPart } from "../demo/still-part.ts";
import { toMarkdown, type DemoReport } from "../demo/summary.ts";
import { videoPart } from "../demo/video-part.ts";

interface Options {
  readonly out: string;
  readonly seed: number;
  readonly json?: true;
}

/** A voice-coil camera with a large range of focus and frames that are quick to render: a crop of its sensor. */
const LENS = "ca378-vcm";
const FRAME = { width: 720, height: 540, channels: 3 } as const;

export function demoCommand(): Command {
  return new Command("demo")
    .description("focus, capture and film simulated scenes; writes pictures and a summary")
    .option("--out <dir>", "folder for the pictures and the summary", "demo-output")
    .option("--seed <n>", "another seed makes other scenes", number("--seed"), 1)
    .option("--json", "print a machine-readable summary")
    .action(run);
}

async function run({ out, seed, json }: Options): Promise<void> {
  const say = json === true ? log : print;
  await prepare(out);
  const begin = performance.now();
  const lens = await loadLens(LENS);
  const canvas: DemoCanvas = { ...FRAME, lens };
  const defocus = once(() => DefocusEstimator.load());
  const networks: Networks = { defocus, steps: () => Promise.reject(unused()) };
  const wall = wallScene(canvas, seededRandom(seed));
  const stage = await Stage.open({ lens, lensName: LENS, networks, scene: wall, seed });
  const album = new Album(out);
  try {
    say(
      `1. Focus: a wall that is sharp at ${wall.surfaces.join(", ")} (lens ${LENS}, ${lens.range.min}..${lens.range.max})`,
    );
    const focus = await focusPart(stage, wall, album, say);
    const shelf = shelfScene(canvas, seededRandom(seed + 1));
    say(`2. All in focus: things at ${shelf.surfaces.join(", ")}`);
    const still = await stillPart(stage, shelf, album, say);
    const parade = paradeScene(canvas, seededRandom(seed + 2));
    say(`3. All-in-focus video: things move before a wall at ${String(parade.surfaces[0])}`);
    const video = await videoPart(stage, parade, album, say);
    const seconds = (performance.now() - begin) / 1000;
    const report: DemoReport = { lens: LENS, seed, seconds, focus, still, video, pictures: album.names };
    await writeFile(path.join(out, "summary.json"), `${JSON.stringify(report, undefined, 2)}\n`);
    await writeFile(path.join(out, "summary.md"), toMarkdown(report));
    say(`${album.names.length} pictures and summary.md in ${out}, after ${seconds.toFixed(1)} s`);
    if (json === true) printJson(report);
    if (!isGood(report)) process.exitCode = EXIT.failed;
  } finally {
    await stage.close();
    await (await defocus()).dispose();
  }
}

/** The demonstration shows what it promises. */
function isGood({ focus, still, video }: DemoReport): boolean {
  return (
    focus.every(({ success, withinDepthOfField }) => success && withinDepthOfField) &&
    still.success &&
    still.psnr > still.psnrBestFrame &&
    video.psnrFused > video.psnrFrame
  );
}

async function prepare(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true });
  } catch (cause) {
    throw new AutofocusError("io", `The folder ${directory} cannot be made: ${String(cause)}`, {
      cure: "Name another one with --out.",
      cause,
    });
  }
}

function unused(): AutofocusError {
  return new AutofocusError("invalid_input", "The demonstration does not use the paper's networks.");
}
