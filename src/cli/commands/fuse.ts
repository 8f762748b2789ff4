/** `fuse`: one picture that is sharp everywhere from frames focused at different depths. */
import { performance } from "node:perf_hooks";
import { Command, Option } from "commander";
import { fusionFor } from "../../algorithms/fusion/stack/fusion-for.ts";
import type { Similarity } from "../../algorithms/calibration/registration/similarity.ts";
import { IDENTITY, magnification } from "../../algorithms/calibration/registration/similarity.ts";
import { AutofocusError, expected } from "../../core/errors.ts";
import type { ImageF32 } from "../../core/image.ts";
import { keepMemory } from "../../core/native/index.ts";
import type { Steps } from "../../core/units.ts";
import { formatOf, writePicture, type Picture } from "../../io/picture.ts";
import { log, numberList, print, printJson, Progress } from "../context.ts";
import { byLens, byPictures, inOrder, referenceOf, type LaidFrame } from "../fuse/alignment.ts";
import { framesOf, openStack, toPicture, type OpenStack } from "../fuse/frames.ts";
import { isIdentity } from "../fuse/lay.ts";

interface Options {
  readonly out: string;
  readonly lens?: string;
  readonly positions?: number[];
  readonly align: boolean;
  readonly method: "gfdf" | "default";
  readonly depth?: string;
  readonly confidence?: string;
  readonly json?: true;
}

export function fuseCommand(): Command {
  return new Command("fuse")
    .description("fuse frames focused at different depths into one picture that is sharp everywhere")
    .argument(
      "<frame...>",
      "at least two pictures of one size, in the order of their focus; or a folder of them",
    )
    .requiredOption("-o, --out <file>", "picture to write (.png, .jpg, .tif)")
    .option("--lens <file>", "undo the focus breathing of this lens; needs --positions")
    .option("--positions <z,...>", "focus position of each frame, steps", numberList("--positions"))
    .option("--no-align", "take the frames as they lie; without --lens they are aligned by what they show")
    .addOption(
      new Option(
        "--method <name>",
        "gfdf: the published method, folded over the frames where there are more than two",
      )
        .choices(["default", "gfdf"])
        .default("default"),
    )
    .option(
      "--depth <file>",
      "also write the focus position of each pixel: 16 bits, black to white as printed",
    )
    .option(
      "--confidence <file>",
      "also write how clear the sharpest frame of each pixel is: white is certain",
    )
    .option("--json", "print one machine-readable document")
    .action(run);
}

async function run(names: readonly string[], options: Options): Promise<void> {
  formatOf(options.out);
  if (options.confidence !== undefined) {
    formatOf(options.confidence);
    if (options.method === "gfdf")
      throw new AutofocusError("invalid_input", "--confidence is not known to the method gfdf.");
  }
  if (options.depth !== undefined && formatOf(options.depth) === "jpeg")
    throw expected("invalid_input", "a file name ending in .png or .tif (16 bits)", "--depth", options.depth);
  const timer = new Stopwatch();
  const outputs = [options.out, options.depth, options.confidence].filter((file) => file !== undefined);
  const files = await framesOf(names, outputs);
  const positions = positionsOf(files, options);
  await keepMemory();
  const stack = openStack(files);
  const { maps, unlike, ...fused } = await timer.time("fuse", () => fuse(stack, positions, options));
  const depth = options.depth === undefined ? undefined : depthScale(options.depth, positions);
  await timer.time("write", async () => {
    await writePicture(options.out, fused.picture);
    if (depth !== undefined && fused.position !== undefined)
      await writePicture(depth.file, toPicture(fused.position, 16, depth.black, depth.white));
    if (options.confidence !== undefined && fused.confidence !== undefined)
      await writePicture(options.confidence, toPicture(fused.confidence, 8));
  });
  const { width, height } = fused.picture;
  const report = {
    out: options.out,
    width,
    height,
    method: options.method,
    reference: referenceOf(files.length),
    frames: files.map((file, index) => ({
      file,
      position: positions[index],
      alignment: { ...alignmentReport(maps[index] as Similarity), possible: !unlike.has(index) },
    })),
    ...(depth && { depth }),
    seconds: timer.seconds,
  };
  if (unlike.size > 0)
    log(
      `left as they lie, since they show too little of the same to be aligned: ${[...unlike].map((index) => files[index]).join(", ")}`,
    );
  if (options.json === true) printJson(report);
  else print(summary(report));
}

function positionsOf(files: readonly string[], { lens, positions, align }: Options): readonly Steps[] {
  if (positions === undefined) {
    if (lens === undefined) return files.map((_, index) => index);
    throw new AutofocusError("invalid_input", "--lens needs --positions.", {
      cure: "Give the focus position of each frame: --positions 1200,1400.",
    });
  }
  if (positions.length !== files.length)
    throw expected("invalid_input", `${files.length} numbers`, "--positions", positions.length);
  if (lens !== undefined && !align)
    throw new AutofocusError("invalid_input", "--lens and --no-align contradict each other.");
  return positions;
}

/** The maps that are known before any frame is looked at; none where the pictures show them. */
async function knownMaps(
  { shape }: OpenStack,
  positions: readonly Steps[],
  { lens: name, align }: Options,
): Promise<readonly Similarity[] | undefined> {
  if (!align) return positions.map(() => IDENTITY);
  if (name === undefined) return undefined;
  // What lens files need takes longer to load than a small stack to fuse.
  const { loadLens } = await import("../../io/lens-file.ts");
  const lens = await loadLens(name);
  const { min, max } = lens.range;
  for (const position of positions)
    if (position < min || position > max)
      throw expected(
        "invalid_input",
        `positions from ${min} to ${max} (${lens.name})`,
        "--positions",
        position,
      );
  return byLens(lens, positions, await shape);
}

interface Fused {
  readonly picture: Picture;
  readonly maps: readonly Similarity[];
  /** The frames that could not be aligned. */
  readonly unlike: ReadonlySet<number>;
  readonly position?: ImageF32;
  readonly confidence?: ImageF32;
}

async function fuse(stack: OpenStack, positions: readonly Steps[], options: Options): Promise<Fused> {
  const known = await knownMaps(stack, positions, options);
  if (options.method === "gfdf") return foldFrames(stack, positions, known);
  const { count, read } = stack;
  const fusion = fusionFor(count);
  const progress = new Progress("fuse", count);
  const add = async ({ index, picture, ...placed }: LaidFrame<Picture>): Promise<void> => {
    await fusion.add(picture, positions[index] as Steps, placed);
    progress.advance();
  };
  const unlike = new Set<number>();
  if (known !== undefined) await inOrder(known, read, add);
  const maps = known ?? (await byPictures(count, read, add, (index) => unlike.add(index)));
  const { bits } = await stack.shape;
  const picture: Picture = bits === 16 ? await fusion.picture(16) : await fusion.picture(8);
  return options.depth === undefined && options.confidence === undefined
    ? { picture, maps, unlike }
    : { picture, maps, unlike, ...(await fusion.depth()) };
}

/** GFDF folds the frames in their order; those whose maps are not known are read twice. */
async function foldFrames(
  { count, read, shape }: OpenStack,
  positions: readonly Steps[],
  known: readonly Similarity[] | undefined,
): Promise<Fused> {
  const { GfdfFold } = await import("../../algorithms/fusion/gfdf/gfdf-fold.ts");
  const fold = new GfdfFold();
  const progress = new Progress("fuse", count);
  const unlike = new Set<number>();
  const maps =
    known ??
    (await byPictures(
      count,
      read,
      () => Promise.resolve(),
      (index) => unlike.add(index),
    ));
  await inOrder(maps, read, async ({ index, picture }) => {
    await fold.add(picture, positions[index] as Steps);
    progress.advance();
  });
  const { fused, position } = await fold.finish();
  return { picture: toPicture(fused, (await shape).bits), maps, unlike, position };
}

function depthScale(file: string, positions: readonly Steps[]): { file: string; black: Steps; white: Steps } {
  return { file, black: Math.min(...positions), white: Math.max(...positions) };
}

function alignmentReport(map: Similarity): {
  scale: number;
  degrees: number;
  dx: number;
  dy: number;
  applied: boolean;
} {
  const degrees = (Math.atan2(map.across, map.along) * 180) / Math.PI;
  return { scale: magnification(map), degrees, dx: map.dx, dy: map.dy, applied: !isIdentity(map) };
}

interface Report {
  readonly out: string;
  readonly width: number;
  readonly height: number;
  readonly frames: readonly { readonly alignment: { readonly applied: boolean } }[];
  readonly depth?: { readonly file: string; readonly black: Steps; readonly white: Steps };
  readonly seconds: Readonly<Record<string, number>>;
}

function summary({ out, width, height, frames, depth, seconds }: Report): string {
  const moved = frames.filter(({ alignment: { applied } }) => applied).length;
  const total = Object.values(seconds).reduce((sum, each) => sum + each, 0);
  const lines = [
    `${out}: ${frames.length} frames of ${width}x${height}, ${moved} aligned, ${total.toFixed(2)} s`,
    ...(depth ? [`${depth.file}: focus position, black ${depth.black}, white ${depth.white}`] : []),
  ];
  return lines.join("\n");
}

/** Seconds that the named parts of the work took. */
class Stopwatch {
  readonly seconds: Record<string, number> = {};

  async time<T>(part: string, work: () => Promise<T>): Promise<T> {
    const begin = performance.now();
    const result = await work();
    this.seconds[part] = Math.round(performance.now() - begin) / 1000;
    return result;
  }
}
