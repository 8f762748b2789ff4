/** The whole demonstration: three parts on one stage, their pictures and the summary of what came of them. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { AutofocusError } from "../../core/errors.ts";
import type { Weigher } from "../../algorithms/fusion/streaming/features.ts";
import { seededRandom } from "../../core/random.ts";
import type { Pixels } from "../../core/units.ts";
import { BlendingNetwork } from "../../inference/blending-network.ts";
import { DefocusEstimator } from "../../inference/defocus-estimator.ts";
import { loadLens } from "../../io/lens-file.ts";
import { once, type Networks } from "../../pipeline/networks.ts";
import { Album } from "./album.ts";
import { focusPart } from "./focus-part.ts";
import { paradeScene, shelfScene, wallScene, type DemoCanvas } from "./scenes.ts";
import { Stage } from "./stage.ts";
import { stillPart } from "./still-part.ts";
import { toMarkdown, type DemoReport } from "./summary.ts";
import { videoPart } from "./video-part.ts";

export interface DemoOptions {
  /** Folder for the pictures and the summary; made if it is not there. */
  readonly out: string;
  readonly seed: number;
  /** Size of the frames. */
  readonly frame: { readonly width: Pixels; readonly height: Pixels };
  /** Is told how it goes. */
  readonly say: (line: string) => void;
}

/** A voice-coil camera with a large range of focus; its frames here are a crop of its sensor, quick to render. */
const LENS = "ca378-vcm";

/** @throws AutofocusError `io`, `model_missing`, `native_missing` and what keeps the nodes from their work. */
export async function runDemo({ out, seed, frame, say }: DemoOptions): Promise<DemoReport> {
  const begin = performance.now();
  await prepare(out);
  const lens = await loadLens(LENS);
  const canvas: DemoCanvas = { ...frame, channels: 3, lens };
  const estimator = await DefocusEstimator.load();
  const networks: Networks = {
    defocus: () => Promise.resolve(estimator),
    steps: once(unused),
    sharpness: once(unused),
  };
  const wall = wallScene(canvas, seededRandom(seed));
  const blending = await BlendingNetwork.load();
  const weigh: Weigher = (features) => blending.weigh(features);
  const stage = await Stage.open({ lens, lensName: LENS, networks, weigh, scene: wall, seed });
  const album = new Album(out);
  try {
    say(
      `1. Focus: a wall that is sharp at ${wall.surfaces.join()} (${LENS}, ${lens.range.min}..${lens.range.max})`,
    );
    const focus = await focusPart(stage, wall, album, say);
    const shelf = shelfScene(canvas, seededRandom(seed + 1));
    say(`2. All in focus: things at ${shelf.surfaces.join(", ")}`);
    const still = await stillPart(stage, shelf, album, say);
    const parade = paradeScene(canvas, seededRandom(seed + 2));
    say(`3. All-in-focus video: things move, at ${parade.surfaces.join(", ")} when it begins`);
    const video = await videoPart(stage, parade, album, say);
    const seconds = (performance.now() - begin) / 1000;
    const report: DemoReport = { lens: LENS, seed, seconds, focus, still, video, pictures: album.names };
    await writeFile(path.join(out, "summary.json"), `${JSON.stringify(report, undefined, 2)}\n`);
    await writeFile(path.join(out, "summary.md"), toMarkdown(report));
    say(`${album.names.length} pictures and summary.md in ${out}, after ${seconds.toFixed(1)} s`);
    return report;
  } finally {
    await stage.close();
    await Promise.all([estimator.dispose(), blending.dispose()]);
  }
}

async function prepare(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AutofocusError("io", `The folder ${directory} cannot be made: ${why}`, {
      cure: "Name another one with --out.",
      cause,
    });
  }
}

function unused(): Promise<never> {
  return Promise.reject(
    new AutofocusError("invalid_input", "The demonstration has no networks of the paper."),
  );
}
