/**
 * A training set on disk: `manifest.json` with how it was made, and per shard `patches-NNNNN.npy` (uint8,
 * count x 512 x 512), `labels-NNNNN.json` and `features-vV-NNNNN.npy` (float32, count x windows x features; the inputs
 * of the radius network, computed by the same kernel that reads them at work).
 *
 * Every file is written under another name first and every shard has its own seed, so an interrupted run goes on
 * where it stopped and gives the same bytes.
 */
import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { sharpnessOf } from "../algorithms/optics/sharpness-curve.ts";
import { radiusOf } from "../algorithms/search/types.ts";
import { AutofocusError } from "../core/errors.ts";
import { image } from "../core/image.ts";
import { RING_SPECTRUM_VERSION, ringSpectrum } from "../core/native/index.ts";
import { seededRandom, type Random } from "../core/random.ts";
import { drawPatches, WINDOW_SIZES, type PatchLabel, type Source } from "./draw-patches.ts";
import { drawPlainPatches } from "./draw-plain-patches.ts";
import { readNpy, writeNpy } from "./npy.ts";
import { EFFECTS, MAX_RADIUS, type Blur } from "./recipe.ts";
import { PATCH_SIZE } from "./render.ts";

/** Raised when the rendering changes, so that an old folder is not continued with new patches. */
const RENDERING_VERSION = 1;

const SHARPNESS_POINTS = 256;

const planSchema = z.object({
  renderingVersion: z.number(),
  seed: z.number().int(),
  /** Patches in all. */
  count: z.number().int().positive(),
  shardSize: z.number().int().positive(),
  /** Lens whose steps label the patches, or null for radii alone. */
  lens: z.string().nullable(),
  /** Smallest and largest radius, px, where not the usual mixture. */
  radii: z.tuple([z.number(), z.number()]).readonly().optional(),
  effects: z.enum(EFFECTS).default("standard"),
  /** Pictures of round things among the sources, where there are any. */
  round: z.number().int().positive().optional(),
  /** Share of night scenes among those, where not the usual one. */
  night: z.number().min(0).max(1).optional(),
  sources: z.array(z.string()),
});

export type DatasetPlan = z.infer<typeof planSchema>;

export interface DatasetInput {
  readonly directory: string;
  readonly plan: Omit<DatasetPlan, "sources" | "renderingVersion">;
  readonly sources: readonly Source[];
  readonly drawBlur: (random: Random) => Blur;
  /** Share of patches with a depth edge. */
  readonly edgeShare: number;
  /** Called after each shard, also for one that was there already. */
  readonly onShard: () => void;
}

/** Number of shards of a plan. */
export function shardCount(plan: Pick<DatasetPlan, "count" | "shardSize">): number {
  return Math.ceil(plan.count / plan.shardSize);
}

/**
 * Renders what is missing.
 * @throws AutofocusError `invalid_input` when the folder holds a set made otherwise, `io` when it cannot be written.
 */
export async function writeDataset(input: DatasetInput): Promise<void> {
  const plan: DatasetPlan = {
    renderingVersion: RENDERING_VERSION,
    ...input.plan,
    sources: input.sources.map((source) => source.name),
  };
  try {
    await mkdir(input.directory, { recursive: true });
    await claim(input.directory, plan);
    for (let shard = 0; shard < shardCount(plan); shard++) {
      await writeShard(input, plan, shard);
      input.onShard();
    }
  } catch (error) {
    if (error instanceof AutofocusError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new AutofocusError("io", `Cannot write the data set ${input.directory}: ${reason}`, {
      cure: "Check that the folder may be written to and that the disk has room (0.26 MB a patch).",
      cause: error,
    });
  }
}

/** Writes the manifest, or checks that the one there says the same. */
async function claim(directory: string, plan: DatasetPlan): Promise<void> {
  const file = path.join(directory, "manifest.json");
  if (!(await exists(file))) {
    const manifest = {
      ...plan,
      patchSize: PATCH_SIZE,
      windows: WINDOW_SIZES,
      sharpness: sharpnessTable(),
    };
    await writeWhole(file, `${JSON.stringify(manifest, undefined, 2)}\n`);
    return;
  }
  const text = await readFile(file, "utf8");
  const there = planSchema.safeParse(parseJson(text));
  if (!there.success || JSON.stringify(there.data) !== JSON.stringify(planSchema.parse(plan))) {
    throw new AutofocusError(
      "invalid_input",
      `The folder ${directory} holds a data set that was made with other options.`,
      { cure: "Give the same options to continue it, or choose an empty folder." },
    );
  }
}

/** Pairs of radius and sharpness, even in log(radius + 0.5), for labels between them. */
function sharpnessTable(): [number, number][] {
  return Array.from({ length: SHARPNESS_POINTS }, (_, k) => {
    const radius = radiusOf(Math.log(0.5) + (k / (SHARPNESS_POINTS - 1)) * Math.log(2 * MAX_RADIUS + 1));
    return [radius, sharpnessOf(radius)];
  });
}

async function writeShard(input: DatasetInput, plan: DatasetPlan, shard: number): Promise<void> {
  const name = (kind: string, ending: string): string =>
    path.join(input.directory, `${kind}-${String(shard).padStart(5, "0")}.${ending}`);
  const patches = name("patches", "npy");
  const labels = name("labels", "json");
  if (!((await exists(patches)) && (await exists(labels))))
    await renderShard(input, plan, shard, patches, labels);
  const features = name(`features-v${RING_SPECTRUM_VERSION}`, "npy");
  if (!(await exists(features))) await computeFeatures(patches, labels, features);
}

async function renderShard(
  input: DatasetInput,
  plan: DatasetPlan,
  shard: number,
  patchesFile: string,
  labelsFile: string,
): Promise<void> {
  const count = Math.min(plan.shardSize, plan.count - shard * plan.shardSize);
  const random = seededRandom((plan.seed * 65_537 + shard) | 0);
  const data = new Uint8Array(count * PATCH_SIZE ** 2);
  const labels: PatchLabel[] = [];
  const draw = plan.effects === "plain" ? drawPlainPatches : drawPatches;
  for await (const { patch, label } of draw({
    sources: input.sources,
    count,
    drawBlur: input.drawBlur,
    edgeShare: input.edgeShare,
    effects: plan.effects,
    random,
  })) {
    data.set(patch.data, labels.length * PATCH_SIZE ** 2);
    labels.push(label);
  }
  await writeNpy(patchesFile, { shape: [count, PATCH_SIZE, PATCH_SIZE], data });
  await writeWhole(labelsFile, JSON.stringify(labels));
}

async function computeFeatures(patchesFile: string, labelsFile: string, file: string): Promise<void> {
  const { data } = await readNpy(patchesFile);
  const labels = parseJson(await readFile(labelsFile, "utf8")) as PatchLabel[];
  const rows: Float32Array[] = [];
  for (const [index, { windows }] of labels.entries()) {
    const pixels = data.subarray(index * PATCH_SIZE ** 2, (index + 1) * PATCH_SIZE ** 2) as Uint8Array;
    const rois = windows.map(({ x, y, size }) => ({ x, y, width: size, height: size }));
    rows.push(await ringSpectrum(image(PATCH_SIZE, PATCH_SIZE, 1, pixels), rois));
  }
  const length = rows[0]!.length;
  const all = new Float32Array(rows.length * length);
  rows.forEach((row, index) => all.set(row, index * length));
  await writeNpy(file, {
    shape: [rows.length, WINDOW_SIZES.length, length / WINDOW_SIZES.length],
    data: all,
  });
}

async function writeWhole(file: string, text: string): Promise<void> {
  await writeFile(`${file}.part`, text);
  await rename(`${file}.part`, file);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
