/** `film`: what the blending network of all-in-focus video is trained on. */
import { Command } from "commander";
import { expected } from "../../core/errors.ts";
import { writeFilms } from "../../dataset/video/films.ts";
import { photographs, textures } from "../../dataset/sources.ts";
import { BlendingNetwork } from "../../inference/blending-network.ts";
import { loadLens } from "../../io/lens-file.ts";
import { log, number, printJson, Progress, seedNumber } from "../context.ts";

interface Options {
  readonly photos: string;
  readonly out: string;
  readonly films: number;
  readonly seed: number;
  readonly lens: string;
  readonly textures: number;
  readonly models?: string;
  readonly json?: true;
}

export function filmCommand(): Command {
  return new Command("film")
    .description("render moving scenes from photographs and fuse them, to train the blending network")
    .requiredOption("--photos <dir>", "folder with in-focus photographs")
    .requiredOption("--out <dir>", "folder to write; an interrupted run is continued")
    .option("--films <n>", "films of 8 frames, 10 MB each", number("--films"), 300)
    .option("--seed <n>", "the same seed gives the same films", seedNumber("--seed"), 1)
    .option("--textures <n>", "procedural pictures added to the photographs", number("--textures"), 12)
    .option("--lens <file>", "lens that films; its blur is varied", "ca378-vcm")
    .option(
      "--models <dir>",
      "fuse by the blending network in this folder instead of by nearly the best weights",
    )
    .option("--json", "print a machine-readable summary")
    .action(run);
}

async function run(options: Options): Promise<void> {
  const { out, films, seed } = options;
  if (!Number.isInteger(films) || films < 1)
    throw expected("invalid_input", "a positive integer", "--films", films);
  if (!Number.isInteger(options.textures) || options.textures < 0)
    throw expected("invalid_input", "an integer, 0 or more,", "--textures", options.textures);
  const sources = [...(await photographs(options.photos)), ...textures(options.textures, seed)];
  const lens = await loadLens(options.lens);
  const network = options.models === undefined ? undefined : await BlendingNetwork.load(options.models);
  const progress = new Progress("filming", films);
  try {
    await writeFilms({
      directory: out,
      films,
      seed,
      sources,
      lens,
      weigh: network && ((features) => network.weigh(features)),
      onFilm: () => progress.advance(),
    });
  } finally {
    await network?.dispose();
  }
  if (options.json === true)
    printJson({ directory: out, films, seed, lens: lens.name, sources: sources.length });
  else log(`${films} films from ${sources.length} pictures in ${out}`);
}
