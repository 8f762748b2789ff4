/** `dataset`: renders training patches from photographs with the defocus model. */
import { Command, Option } from "commander";
import type { LensModel } from "../../algorithms/optics/lens-model.ts";
import { AutofocusError, expected } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import { freeBlur, lensBlur, rangeBlur } from "../../dataset/draw-blur.ts";
import { EFFECTS, MAX_RADIUS, type Blur, type Effects, type RadiusRange } from "../../dataset/recipe.ts";
import { NIGHT_SHARE } from "../../dataset/round-things.ts";
import { shardCount, writeDataset } from "../../dataset/shards.ts";
import { photographs, roundThings, textures } from "../../dataset/sources.ts";
import { loadLens } from "../../io/lens-file.ts";
import { log, number, numberList, printJson, Progress } from "../context.ts";

interface Options {
  readonly photos: string;
  readonly out: string;
  readonly count: number;
  readonly seed: number;
  readonly shardSize: number;
  readonly lens?: string;
  readonly radii?: RadiusRange;
  readonly textures: number;
  readonly round: number;
  readonly night: number;
  readonly effects: Effects;
  readonly json?: true;
}

/** Depth edges in data for the radius network; data in steps of a lens have one depth, as in the paper. */
const EDGE_SHARE = 0.08;

/** They are kept in memory, a megabyte each. */
const MOST_TEXTURES = 500;

export function datasetCommand(): Command {
  return new Command("dataset")
    .description("render training patches (uint8 .npy shards and their labels) from photographs")
    .requiredOption("--photos <dir>", "folder with in-focus photographs")
    .requiredOption("--out <dir>", "folder to write; an interrupted run is continued")
    .option("--count <n>", "patches of 512x512 px", number("--count"), 12_000)
    .option("--seed <n>", "the same seed gives the same patches", number("--seed"), 1)
    .option("--shard-size <n>", "patches a file", number("--shard-size"), 250)
    .option("--textures <n>", "procedural pictures added to the photographs", number("--textures"), 24)
    .option(
      "--round <n>",
      "pictures of round things added, painted on the others: knobs, lamps, rings, holes",
      number("--round"),
      0,
    )
    .option(
      "--night <share>",
      "share of those that are night scenes of small lights",
      number("--night"),
      NIGHT_SHARE,
    )
    .option("--lens <file>", "label with the steps of this lens instead of free radii")
    .option("--radii <min,max>", "only radii within these, px, instead of the usual mixture", radiusRange)
    .addOption(
      new Option(
        "--effects <set>",
        "what cameras do to the patches: plain is blur, light and noise; extended adds aperture shapes, colour, video, noise reduction",
      )
        .choices(EFFECTS)
        .default("extended"),
    )
    .option("--json", "print a machine-readable summary")
    .action(run);
}

async function run(options: Options): Promise<void> {
  const { count, seed, shardSize, effects } = options;
  for (const [name, value] of Object.entries({ "--count": count, "--shard-size": shardSize })) {
    if (!Number.isInteger(value) || value < 1)
      throw expected("invalid_input", "a positive integer", name, value);
  }
  for (const [name, value] of Object.entries({
    "--seed": seed,
    "--textures": options.textures,
    "--round": options.round,
  })) {
    if (!Number.isInteger(value) || value < 0)
      throw expected("invalid_input", "an integer, 0 or more,", name, value);
  }
  if (!(options.night >= 0 && options.night <= 1))
    throw expected("invalid_input", "0 to 1", "--night", options.night);
  if (options.textures > MOST_TEXTURES)
    throw expected("invalid_input", `at most ${MOST_TEXTURES}`, "--textures", options.textures);
  if (options.lens !== undefined && options.radii !== undefined) {
    throw new AutofocusError("invalid_input", "--lens and --radii exclude each other.", {
      cure: "With a lens, its positions decide the radii: leave --radii out.",
    });
  }
  const lens = options.lens === undefined ? undefined : await loadLens(options.lens);
  const plain = [...(await photographs(options.photos)), ...textures(options.textures, seed)];
  const sources = [...plain, ...roundThings(options.round, plain, seed, options.night)];
  const plan = {
    ...{ seed, count, shardSize, lens: lens?.name ?? null, radii: options.radii, effects },
    ...(options.round > 0 && { round: options.round }),
    ...(options.round > 0 && options.night !== NIGHT_SHARE && { night: options.night }),
  };
  const shards = shardCount(plan);
  const progress = new Progress("rendering", shards);
  await writeDataset({
    directory: options.out,
    plan,
    sources,
    drawBlur: blurOf(lens, options.radii),
    edgeShare: lens === undefined ? EDGE_SHARE : 0,
    onShard: () => progress.advance(),
  });
  if (options.json === true) printJson({ directory: options.out, ...plan, shards, sources: sources.length });
  else log(`${count} patches in ${shards} shards from ${sources.length} pictures in ${options.out}`);
}

function blurOf(lens?: LensModel, radii?: RadiusRange): (random: Random) => Blur {
  if (lens !== undefined) return lensBlur(lens);
  return radii === undefined ? freeBlur : rangeBlur(radii);
}

/** "20,200": above 0 and up to what the renderer is made for. */
function radiusRange(text: string): RadiusRange {
  const [low = 0, high = 0, ...rest] = numberList("--radii")(text);
  if (rest.length > 0 || low <= 0 || low >= high || high > MAX_RADIUS) {
    const wanted = `two radii above 0 and up to ${MAX_RADIUS} px, such as 20,200,`;
    throw expected("invalid_input", wanted, "--radii", text);
  }
  return [low, high];
}
