/** `dataset`: renders training patches from photographs with the defocus model. */
import { Command } from "commander";
import { expected } from "../../core/errors.ts";
import { freeBlur, lensBlur } from "../../dataset/draw-blur.ts";
import { shardCount, writeDataset } from "../../dataset/shards.ts";
import { photographs, textures } from "../../dataset/sources.ts";
import { loadLens } from "../../io/lens-file.ts";
import { log, number, printJson, Progress } from "../context.ts";

interface Options {
  readonly photos: string;
  readonly out: string;
  readonly count: number;
  readonly seed: number;
  readonly shardSize: number;
  readonly lens?: string;
  readonly textures: number;
  readonly json?: true;
}

/** Depth edges in data for the radius network; data in steps of a lens have one depth, as in the paper. */
const EDGE_SHARE = 0.08;

export function datasetCommand(): Command {
  return new Command("dataset")
    .description("render training patches (uint8 .npy shards and their labels) from photographs")
    .requiredOption("--photos <dir>", "folder with in-focus photographs")
    .requiredOption("--out <dir>", "folder to write; an interrupted run is continued")
    .option("--count <n>", "patches of 512x512 px", number("--count"), 12_000)
    .option("--seed <n>", "the same seed gives the same patches", number("--seed"), 1)
    .option("--shard-size <n>", "patches a file", number("--shard-size"), 250)
    .option("--textures <n>", "procedural pictures added to the photographs", number("--textures"), 24)
    .option("--lens <file>", "label with the steps of this lens instead of free radii")
    .option("--json", "print a machine-readable summary")
    .action(run);
}

async function run(options: Options): Promise<void> {
  const { count, seed, shardSize } = options;
  for (const [name, value] of Object.entries({ "--count": count, "--shard-size": shardSize })) {
    if (!Number.isInteger(value) || value < 1)
      throw expected("invalid_input", "a positive integer", name, value);
  }
  for (const [name, value] of Object.entries({ "--seed": seed, "--textures": options.textures })) {
    if (!Number.isInteger(value) || value < 0)
      throw expected("invalid_input", "an integer, 0 or more,", name, value);
  }
  const lens = options.lens === undefined ? undefined : await loadLens(options.lens);
  const sources = [...(await photographs(options.photos)), ...textures(options.textures, seed)];
  const plan = { seed, count, shardSize, lens: lens?.name ?? null };
  const shards = shardCount(plan);
  const progress = new Progress("rendering", shards);
  await writeDataset({
    directory: options.out,
    plan,
    sources,
    drawBlur: lens === undefined ? freeBlur : lensBlur(lens),
    edgeShare: lens === undefined ? EDGE_SHARE : 0,
    onShard: () => progress.advance(),
  });
  if (options.json === true) printJson({ directory: options.out, ...plan, shards, sources: sources.length });
  else log(`${count} patches in ${shards} shards from ${sources.length} pictures in ${options.out}`);
}
