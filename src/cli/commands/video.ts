/** `video`: all-in-focus video from frames that were filmed while the lens moved (paper 1, section 6.2.3). */
import path from "node:path";
import { performance } from "node:perf_hooks";
import { Command } from "commander";
import { StreamingFusion } from "../../algorithms/fusion/streaming/streaming-fusion.ts";
import type { LensModel } from "../../algorithms/optics/lens-model.ts";
import { expected } from "../../core/errors.ts";
import type { ImageU8 } from "../../core/image.ts";
import type { Steps } from "../../core/units.ts";
import { BlendingNetwork } from "../../inference/blending-network.ts";
import { loadLens } from "../../io/lens-file.ts";
import { readPicture, toEightBit, writePicture } from "../../io/picture.ts";
import { numberList, print, printJson, Progress } from "../context.ts";
import { framesOf, toPicture } from "../fuse/frames.ts";
import { readAhead } from "../fuse/read-ahead.ts";
import { stackLens } from "../stack/stack-lens.ts";

interface Options {
  readonly lens: string;
  readonly positions: number[];
  readonly out: string;
  readonly depth?: true;
  readonly json?: true;
}

export function videoCommand(): Command {
  return new Command("video")
    .description("fuse frames of a moving scene, filmed while the lens moves, into all-in-focus video")
    .argument(
      "<frame...>",
      "pictures of one size, in the order of time; or a folder of them, by their numbers",
    )
    .requiredOption("--lens <file>", "lens file, or the name of one in config/lenses")
    .requiredOption(
      "--positions <z,...>",
      "focus position of each frame, steps; fewer of them are gone through again and again",
      numberList("--positions"),
    )
    .requiredOption("-o, --out <dir>", "folder for the pictures, one a frame: 000001.png and so on")
    .option("--depth", "also write the focus position of each pixel: 16 bits, black to white as printed")
    .option("--json", "print a machine-readable document")
    .action(run);
}

async function run(names: readonly string[], options: Options): Promise<void> {
  const { out, positions } = options;
  const files = await framesOf(names);
  const [first] = files;
  if (first === undefined) throw expected("invalid_input", "at least one frame", "video", 0);
  if (positions.length > files.length)
    throw expected("invalid_input", `at most ${files.length} numbers`, "--positions", positions.length);
  if (files.some((file) => path.dirname(path.resolve(file)) === path.resolve(out)))
    throw expected("invalid_input", "another folder than that of the frames", "--out", out);
  const lens = await lensFor(await readPicture(first), options);
  const { min, max } = lens.range;
  const network = await BlendingNetwork.load();
  let milliseconds = 0;
  try {
    const fusion = new StreamingFusion(lens, (features) => network.weigh(features));
    const progress = new Progress("video", files.length);
    let index = 0;
    for await (const frame of readAhead(files, async (file) => toEightBit(await readPicture(file)))) {
      const begin = performance.now();
      const picture = await fusion.add(frame, positions[index % positions.length] as Steps);
      milliseconds += performance.now() - begin;
      const stem = path.join(out, String(++index).padStart(6, "0"));
      await writePicture(`${stem}.png`, picture);
      if (options.depth === true)
        await writePicture(`${stem}-depth.png`, toPicture(await fusion.position(), 16, min, max));
      progress.advance();
    }
  } finally {
    await network.dispose();
  }
  const each = Math.round((10 * milliseconds) / files.length) / 10;
  const depth = options.depth === true ? { black: min, white: max } : null;
  if (options.json === true)
    printJson({ out, frames: files.length, lens: lens.name, depth, milliseconds_per_frame: each });
  else {
    print(`${out}: ${files.length} pictures, ${each} ms each to fuse`);
    if (depth !== null) print(`depth: focus position, black ${min}, white ${max}`);
  }
}

/** The lens as the frames show it. @throws AutofocusError `invalid_input` where it does not reach all positions. */
async function lensFor(
  { width, height }: Pick<ImageU8, "width" | "height">,
  options: Options,
): Promise<LensModel> {
  const lens = await loadLens(options.lens);
  const positions = [...options.positions].sort((a, b) => a - b);
  const { min, max } = lens.range;
  const beyond = positions.find((position) => position < min || position > max);
  if (beyond !== undefined)
    throw expected("invalid_input", `positions from ${min} to ${max} (${lens.name})`, "--positions", beyond);
  return stackLens(lens, { positions, width, height });
}
