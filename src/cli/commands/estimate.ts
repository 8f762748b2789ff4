/** `estimate`: reads the defocus radius of pictures. */
import { Command } from "commander";
import { AutofocusError, expected, toAutofocusError } from "../../core/errors.ts";
import { DefocusEstimator } from "../../inference/defocus-estimator.ts";
import { loadLens } from "../../io/lens-file.ts";
import { readGray } from "../../io/picture.ts";
import { EXIT, number, print, printJson, report } from "../context.ts";
import { estimateImage, type ImageFigures, type LensAt } from "../estimate/estimate-image.ts";

interface Options {
  readonly lens?: string;
  readonly position?: number;
  readonly resized: number;
  readonly stride?: number;
  readonly models?: string;
  readonly json?: true;
}

type Entry =
  | ({ readonly file: string } & ImageFigures)
  | { readonly file: string; readonly error: { readonly code: string; readonly message: string } };

export function estimateCommand(): Command {
  return new Command("estimate")
    .description("read how far out of focus pictures are")
    .argument("<image...>", "pictures of at least 128x128 px, gray or colour, 8 or 16 bits")
    .option("--lens <file>", "lens the pictures were taken with; adds the candidate focus positions")
    .option("--position <steps>", "where the lens stood, needed with --lens", number("--position"))
    .option("--resized <factor>", "size of the pictures' pixels: 0.5 when binned 2x2", number("--resized"), 1)
    .option("--stride <px>", "distance between patches; by default they overlap by half", number("--stride"))
    .option("--models <dir>", "folder with the networks, instead of those of the package")
    .option("--json", "print one machine-readable document")
    .action(run);
}

async function run(files: readonly string[], options: Options): Promise<void> {
  const { stride } = options;
  if (stride !== undefined && (!Number.isInteger(stride) || stride < 1))
    throw expected("invalid_input", "a positive integer", "--stride", stride);
  const at = await lensAt(options);
  const estimator = await DefocusEstimator.load(options.models);
  const entries: Entry[] = [];
  try {
    for (const file of files) {
      const entry = await estimateFile(file, estimator, { ...(stride && { stride }), ...(at && { at }) });
      entries.push(entry);
      if (options.json !== true && !("error" in entry)) print(line(entry));
    }
  } finally {
    await estimator.dispose();
  }
  if (options.json === true) printJson(entries);
}

/** A picture that cannot be read is reported and does not stop the others; the exit code tells. */
async function estimateFile(
  file: string,
  estimator: DefocusEstimator,
  options: { readonly stride?: number; readonly at?: LensAt },
): Promise<Entry> {
  try {
    return { file, ...(await estimateImage(await readGray(file), estimator, options)) };
  } catch (error) {
    const { code, message, cure, context, cause } = toAutofocusError(error);
    const named = message.includes(file) ? message : `${file}: ${message}`;
    report(new AutofocusError(code, named, { ...(cure && { cure }), context, cause }));
    process.exitCode = EXIT.failed;
    return { file, error: { code, message: named } };
  }
}

async function lensAt({ lens: file, position, resized }: Options): Promise<LensAt | undefined> {
  if (file === undefined && position === undefined) return undefined;
  if (file === undefined || position === undefined) {
    throw new AutofocusError("invalid_input", "--lens and --position belong together.", {
      cure: "Give both, or neither for the radius alone.",
    });
  }
  if (!(resized > 0)) throw expected("invalid_input", "a positive number", "--resized", resized);
  const lens = (await loadLens(file)).resized(resized);
  const { min, max } = lens.range;
  if (position < min || position > max)
    throw expected("invalid_input", `${min} to ${max}`, "--position", position);
  return { lens, position };
}

function line(entry: { readonly file: string } & ImageFigures): string {
  if (entry.radius_px === null) return `${entry.file}: too little texture to tell`;
  const state = entry.in_focus ? "in focus" : "out of focus";
  const where =
    entry.candidates === undefined
      ? ""
      : `, focus at ${entry.candidates.join(" or ") || "no position in range"}`;
  return `${entry.file}: radius ${entry.radius_px} +- ${entry.radius_std_px ?? "?"} px, ${state}, sharpness ${entry.sharpness ?? "?"}${where}`;
}
