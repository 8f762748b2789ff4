/** `focus`: runs focus searches over photographs on a simulated camera, or on a real focal stack. */
import { Command, Option } from "commander";
import type { LensModel } from "../../algorithms/optics/lens-model.ts";
import { SEARCH_NAMES, type SearchName } from "../../algorithms/search/index.ts";
import { AutofocusError, expected, toAutofocusError } from "../../core/errors.ts";
import { centralRoi, type Roi } from "../../core/roi.ts";
import type { Steps } from "../../core/units.ts";
import { openStack, type FocalStack } from "../../drivers/replay/focal-stack.ts";
import { loadLens } from "../../io/lens-file.ts";
import type { Networks } from "../../pipeline/networks.ts";
import { EXIT, log, number, numberList, printJson, Progress, seedNumber } from "../context.ts";
import { summarise, type RunReport } from "../../evaluation/photos/run-report.ts";
import type { WindowSize } from "../../evaluation/photos/photo-camera.ts";
import { photographsIn, runPhotos } from "../../evaluation/photos/photo-runs.ts";
import { printRuns, printSummaries } from "../focus/print-runs.ts";
import { focusRegions, withRegionsOptions, type RegionsChoice } from "../focus/regions.ts";
import { LENS_STACK_SEARCHES, runStack, STACK_SEARCHES } from "../../evaluation/stacks/stack-runs.ts";
import { networksFor } from "../networks.ts";
import { stackLens } from "../stack/stack-lens.ts";

interface Options extends RegionsChoice {
  readonly photos?: string;
  readonly stack?: string;
  readonly lens?: string;
  readonly search?: string;
  readonly start?: number[];
  readonly z0?: number[];
  readonly window: string;
  readonly seed?: number;
  readonly json?: true;
}

const WINDOW_SIZES: readonly string[] = ["full", "half", "512"] satisfies WindowSize[];

/** The four starts of paper 1, Table 2, as shares of its range 1050..2100: 1100, 1400, 1700 and 2000. */
const DEFAULT_STARTS = [1 / 21, 1 / 3, 13 / 21, 19 / 21] as const;

export function focusCommand(): Command {
  const command = new Command("focus")
    .description("run focus searches over photographs on a simulated camera, or on a focal stack")
    .addOption(new Option("--photos <dir>", "folder with sharp photographs").conflicts("stack"))
    .addOption(
      new Option("--stack <dir>", "folder with the numbered frames of a focal stack").conflicts([
        "z0",
        "seed",
      ]),
    )
    .option(
      "--lens <file>",
      "lens file, or the name of one in config/lenses; needed with --photos, and for learned on a stack (see calibrate)",
    )
    .option(
      "--search <name>",
      `${SEARCH_NAMES.join(", ")}, or all for one after the other; learned unless given, coarse-fine on a stack without --lens`,
    )
    .option(
      "--start <z,...>",
      "where the lens starts, steps; four places unless given, the middle frame on a stack",
      numberList("--start"),
    )
    .option(
      "--z0 <z,...>",
      "positions at which the photographs are sharp; drawn by the seed unless given",
      numberList("--z0"),
    )
    .option(
      "--window <window>",
      "focus window in the middle of the frame: full, half (of either side, at least 512 px) or 512; on a stack also x,y,w,h",
      "half",
    )
    .option("--seed <n>", "the same seed gives the same runs; 1 unless given", seedNumber("--seed"))
    .option("--json", "print a machine-readable document")
    .action(run);
  return withRegionsOptions(command);
}

async function run(options: Options): Promise<void> {
  if (options.regions === true) {
    const { start, seed = 1, ...source } = options;
    await focusRegions({ ...source, seed, ...(start?.[0] !== undefined && { start: start[0] }) });
  } else if (options.photos !== undefined) await focusPhotos(options.photos, options);
  else if (options.stack !== undefined) await focusStack(options.stack, options);
  else
    throw new AutofocusError("invalid_input", "Expected one of --photos and --stack.", {
      cure: "Name a folder with photographs or with a focal stack.",
    });
}

async function focusPhotos(directory: string, options: Options): Promise<void> {
  const { seed = 1, window } = options;
  if (options.lens === undefined)
    throw expected("invalid_input", "a lens file or the name of a lens", "--lens", undefined, {
      cure: "For example --lens evetar-25mm.",
    });
  if (!isWindowSize(window)) throw expected("invalid_input", WINDOW_SIZES.join(", "), "--window", window);
  const lens = await loadLens(options.lens);
  const { min, max } = lens.range;
  const starts = options.start ?? DEFAULT_STARTS.map((share) => Math.round(min + (max - min) * share));
  for (const start of starts) requireStep("--start", start, lens);
  for (const z0 of options.z0 ?? []) requireStep("--z0", z0, lens);
  const asked = searchesOf(options.search ?? "learned", SEARCH_NAMES);
  const photos = await photographsIn(directory);

  const networks = networksFor(lens);
  const { searches, leftOut } = await possible(asked, networks);
  const progress = new Progress("focusing", photos.length);
  const plan = { directory, photos, lens, searches, starts, z0s: options.z0 ?? [], window, seed };
  const { runs, skipped } = await runPhotos(plan, networks, (photo) => progress.advance(photo));
  if (options.json === true) {
    const summary = summaryOf(searches, runs);
    printJson({ lens: lens.name, window, seed, runs, skipped, left_out: leftOut, summary });
  } else {
    for (const { search, reason } of leftOut) log(`left out ${search}: ${reason}`);
    for (const { photo, reason } of skipped) log(`skipped ${photo}: ${reason}`);
    printRuns(
      runs.filter(({ in_depth_of_field: inside, outcome }) => inside === false || outcome === "failed"),
    );
    printSummaries(searches, runs);
  }
  if (runs.length > 0) return;
  log("error: no photograph could be used");
  process.exitCode = EXIT.failed;
}

async function focusStack(directory: string, options: Options): Promise<void> {
  const allowed = options.lens === undefined ? STACK_SEARCHES : LENS_STACK_SEARCHES;
  const name = options.search ?? (options.lens === undefined ? "coarse-fine" : "learned");
  if (name === "paper" || (name === "learned" && options.lens === undefined))
    throw expected("invalid_input", `${allowed.join(", ")} or all`, "--search with --stack", name, {
      cure:
        name === "paper"
          ? "The paper's networks speak the steps of one lens, not frames."
          : "Calibrate its lens with calibrate --stack, and give the file with --lens.",
    });
  const searches = searchesOf(name, allowed);
  const stack = await openStack(directory);
  const window = stackWindow(stack, options.window);
  const [first, last] = [stack.positions[0] as Steps, stack.positions.at(-1) as Steps];
  const [start = stack.nearest((first + last) / 2), ...more] = options.start ?? [];
  if (more.length > 0 || !stack.positions.includes(start))
    throw expected(
      "invalid_input",
      `the number of one frame (${first} to ${last})`,
      "--start",
      options.start?.join(),
    );

  const lens = options.lens === undefined ? undefined : stackLens(await loadLens(options.lens), stack);
  const calibrated = lens && { lens, networks: networksFor(lens) };
  const progress = new Progress("focusing", searches.length);
  const advance = (search: SearchName): void => progress.advance(search);
  const runs = await runStack(stack, window, searches, start, advance, calibrated);
  if (options.json === true)
    printJson({
      stack: directory,
      frames: stack.positions.length,
      window,
      truth: runs[0]?.truth ?? null,
      runs,
      summary: summaryOf(searches, runs),
    });
  else printRuns(runs);
}

/** Of several searches, those whose networks there are for this lens; one asked for alone fails instead. */
async function possible(
  asked: readonly SearchName[],
  networks: Networks,
): Promise<{ searches: readonly SearchName[]; leftOut: { search: SearchName; reason: string }[] }> {
  if (asked.length === 1 || !asked.includes("paper")) return { searches: asked, leftOut: [] };
  try {
    await networks.steps();
    return { searches: asked, leftOut: [] };
  } catch (error) {
    const { code, message } = toAutofocusError(error);
    if (code !== "model_missing" && code !== "invalid_input") throw error;
    return {
      searches: asked.filter((search) => search !== "paper"),
      leftOut: [{ search: "paper", reason: message }],
    };
  }
}

/** One summary, or, of several searches, one under the name of each. */
function summaryOf(searches: readonly SearchName[], runs: readonly RunReport[]): unknown {
  const summaries = searches.map((search) => {
    const own = runs.filter((run) => run.search === search);
    return [search, own.length === 0 ? null : summarise(own)] as const;
  });
  return summaries.length === 1 ? summaries[0]?.[1] : Object.fromEntries(summaries);
}

function searchesOf<T extends SearchName>(name: string, allowed: readonly T[]): readonly T[] {
  if (name === "all") return allowed;
  const found = allowed.find((each) => each === name);
  if (found !== undefined) return [found];
  throw expected("invalid_input", `${allowed.join(", ")} or all`, "--search", name);
}

function isWindowSize(window: string): window is WindowSize {
  return WINDOW_SIZES.includes(window);
}

function requireStep(option: string, position: Steps, { name, range: { min, max } }: LensModel): void {
  if (Number.isInteger(position) && position >= min && position <= max) return;
  throw expected("invalid_input", `a whole position from ${min} to ${max} (${name})`, option, position);
}

function stackWindow({ width, height }: FocalStack, text: string): Roi {
  if (isWindowSize(text)) return centralRoi(width, height, { full: 1, half: 0.5, "512": 0 }[text], 512);
  const [x = NaN, y = NaN, w = NaN, h = NaN, ...more] = text.split(",").map(number("--window"));
  const whole = more.length === 0 && [x, y, w, h].every(Number.isInteger);
  if (whole && x >= 0 && y >= 0 && w > 0 && h > 0 && x + w <= width && y + h <= height)
    return { x, y, width: w, height: h };
  throw expected(
    "invalid_input",
    `${WINDOW_SIZES.join(", ")} or x,y,w,h within ${width}x${height}`,
    "--window",
    text,
  );
}
