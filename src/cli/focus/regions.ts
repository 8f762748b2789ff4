/**
 * `focus --regions`: labels the regions of like altitude by themselves, focuses each on its own and says where it is in
 * focus (paper 2's supplement, section 3).
 */
import path from "node:path";
import { Option, type Command } from "commander";
import { eachRegion, regionsOf } from "../../algorithms/planning/each-region.ts";
import { drawRegions } from "../../algorithms/regions/draw-regions.ts";
import { usefulRange, type Region } from "../../algorithms/regions/label-regions.ts";
import type { PatchGrid } from "../../algorithms/rois/patch-grid.ts";
import { AutofocusError } from "../../core/errors.ts";
import type { Roi } from "../../core/roi.ts";
import { DefocusEstimator } from "../../inference/defocus-estimator.ts";
import { formatOf, toEightBit, writePicture } from "../../io/picture.ts";
import { planCapture, type PlanRun } from "../../pipeline/plan-capture.ts";
import { print, printJson } from "../context.ts";
import { SPEC_HELP } from "../device/device-spec.ts";
import { untilInterrupted } from "../interrupt.ts";
import { openSource, type SourceOptions } from "../stack/open-source.ts";
import { SCENES } from "../stack/simulated-source.ts";

/** Options of `focus` beyond those of the searches. */
export interface RegionsChoice extends Pick<
  SourceOptions,
  "scene" | "photo" | "depth" | "camera" | "lensDriver"
> {
  readonly regions?: true;
  readonly out?: string;
}

export interface RegionsOptions extends SourceOptions {
  /** Picture with the labels to write; none unless given. */
  readonly out?: string;
  readonly json?: true;
}

/** Adds the options of `focus --regions` to the command. */
export function withRegionsOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--regions",
        "label the regions of like altitude, focus each on its own and say where it is",
      ).conflicts("photos"),
    )
    .addOption(new Option("--scene <name>", "with --regions: a scene made up from --seed").choices(SCENES))
    .option("--photo <file>", "with --regions: a sharp picture; needs --depth")
    .option("--depth <file>", "gray picture of its size: black is far, white is near")
    .option("--camera <driver>", `with --regions: a camera: ${SPEC_HELP}`)
    .option("--lens-driver <driver>", "with --regions: the lens of that camera, in the same way")
    .option("-o, --out <file>", "with --regions: picture with the labels to write");
}

/** Frames at most. */
const MAX_FRAMES = 100;

/** @throws AutofocusError `no_texture` where no region is found, and what the source and the networks throw. */
export async function focusRegions(options: RegionsOptions): Promise<void> {
  if (options.out !== undefined) formatOf(options.out);
  const reader = await DefocusEstimator.load();
  try {
    const { camera, source, close } = await openSource(options, reader);
    const run = await untilInterrupted("The search for regions was interrupted.", (signal) =>
      planCapture(eachRegion, camera, { reader, maxFrames: MAX_FRAMES, signal }),
    ).finally(close);
    if (run.cut !== undefined) throw run.cut;
    const { frame, map, range } = labelled(run, (z) => camera.lens.depthOfField(z));
    if (map.regions.length === 0)
      throw new AutofocusError("no_texture", "No region has enough texture to be focused.", {
        cure: "Light the scene, or point the camera at something with texture.",
      });
    const { picture, grid } = frame;
    if (options.out !== undefined)
      await writePicture(options.out, drawRegions(toEightBit(picture), grid, map));
    const regions = map.regions.map((region) => described(region, grid, run));
    const document = {
      source,
      lens: camera.lens.name,
      frames: run.frames.map(({ position, reason }) => ({ position, reason })),
      travel: run.travel,
      reason: run.reason,
      useful_range: range ?? null,
      grid: { rows: grid.rows, cols: grid.cols, patch_size: grid.size, stride: grid.stride },
      labels: [...map.labels],
      regions,
      picture: options.out === undefined ? null : path.basename(options.out),
    };
    if (options.json === true) printJson(document);
    else printRegions(regions, document);
  } finally {
    await reader.dispose();
  }
}

/** The regions as the last frame leaves them. */
function labelled(run: PlanRun, depthOfField: (z: number) => number) {
  const last = run.frames.at(-1);
  if (last?.reading === undefined || last.step === undefined)
    throw new AutofocusError("internal", "The last frame has not been read.");
  const { position, picture, reading, step } = last;
  const map = regionsOf(step, position, reading.grid.cols, depthOfField);
  const inFocusAt = step.deviation.map((deviation) => position + deviation);
  const { rows, cols } = reading.grid;
  const range = usefulRange({ rows, cols, inFocusAt, confidence: step.confidence });
  return { frame: { picture, grid: reading.grid }, map, range };
}

function described(region: Region, grid: PatchGrid, { frames }: PlanRun) {
  const { label, level, position, spread, confidence, patches } = region;
  const nearest = frames.reduce((best, each) =>
    Math.abs(each.position - position) < Math.abs(best.position - position) ? each : best,
  );
  return {
    label,
    level,
    /** Where it is in focus. */
    position: Number(position.toFixed(2)),
    /** Where the lens stood for it, and how far that is from where it is in focus. */
    focused_at: Number(nearest.position.toFixed(2)),
    error: Number((nearest.position - position).toFixed(2)),
    spread: Number(spread.toFixed(2)),
    confidence: Number(confidence.toFixed(3)),
    patches: patches.length,
    box: boxOf(patches, grid),
  };
}

/** The smallest rectangle that holds the middles of the patches, px. */
function boxOf(patches: readonly number[], { patches: all, size }: PatchGrid): Roi {
  const middles = patches
    .map((patch) => all[patch] as Roi)
    .map(({ x, y }) => ({ x: x + size / 2, y: y + size / 2 }));
  const [xs, ys] = [middles.map(({ x }) => x), middles.map(({ y }) => y)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return { x: left, y: top, width: Math.max(...xs) - left, height: Math.max(...ys) - top };
}

function printRegions(
  regions: readonly ReturnType<typeof described>[],
  {
    frames,
    travel,
    useful_range: range,
  }: {
    readonly frames: readonly unknown[];
    readonly travel: number;
    readonly useful_range: { readonly min: number; readonly max: number } | null;
  },
): void {
  for (const { label, level, position, focused_at: at, spread, patches, confidence, box } of regions)
    print(
      `region ${label} (level ${level}): in focus at ${position.toFixed(1)} ± ${spread.toFixed(1)}, focused at ${at.toFixed(1)}; ` +
        `${patches} patches around ${Math.round(box.x + box.width / 2)},${Math.round(box.y + box.height / 2)}, ` +
        `confidence ${confidence.toFixed(2)}`,
    );
  if (range !== null)
    print(
      `The scene lies between ${range.min.toFixed(1)} and ${range.max.toFixed(1)}; a stack needs no frame outside.`,
    );
  print(`${frames.length} frames, travel ${travel.toFixed(0)} steps.`);
}
