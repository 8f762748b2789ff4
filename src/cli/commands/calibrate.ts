/** `calibrate`: finds what a lens does, from pairs of frames or from a sweep, and writes a lens file. */
import { Command, Option } from "commander";
import { BLUR_FILTERS, type BlurFilter } from "../../algorithms/calibration/pair/types.ts";
import { AutofocusError, expected } from "../../core/errors.ts";
import type { Roi } from "../../core/roi.ts";
import { STOPS } from "../../pipeline/calibration-run.ts";
import { calibrateFromCamera } from "../calibrate/from-camera.ts";
import { calibrateFromPairs } from "../calibrate/from-pairs.ts";
import { calibrateFromStack } from "../calibrate/from-stack.ts";
import { readPairsFile } from "../calibrate/pairs-file.ts";
import type { LensOptions } from "../calibrate/save-lens.ts";
import { number, numberList } from "../context.ts";
import { SPEC_HELP } from "../device/device-spec.ts";

interface Options {
  readonly focused?: string;
  readonly defocused?: string;
  readonly z0?: number;
  readonly zi?: number;
  readonly patch?: number[];
  readonly pairs?: string;
  readonly stack?: string;
  readonly positions?: number[];
  readonly camera?: string;
  readonly lensDriver?: string;
  readonly stops: number;
  readonly gamma?: number;
  readonly filter: BlurFilter;
  readonly maxRadius?: number;
  readonly range?: number[];
  readonly visibleRadius: number;
  readonly name?: string;
  readonly out?: string;
  readonly json?: true;
}

/** The usual gamma of cameras. */
const GAMMA = 2.2;

export function calibrateCommand(): Command {
  return new Command("calibrate")
    .description("find what a lens does, from pairs of frames or from a sweep, and write a lens file")
    .option("--focused <file>", "frame of a pair in which the patch is sharp")
    .option("--z0 <steps>", "where the lens stood for it", number("--z0"))
    .option("--defocused <file>", "frame of the same scene with the lens elsewhere")
    .option("--zi <steps>", "where the lens stood for it", number("--zi"))
    .option(
      "--patch <x,y,w,h>",
      "what is sharp in the focused frame; its middle unless given",
      numberList("--patch"),
    )
    .addOption(
      new Option("--pairs <place>", "YAML file with many pairs, or the folder of pairs.yaml").conflicts([
        "focused",
        "defocused",
        "z0",
        "zi",
        "patch",
        "stack",
      ]),
    )
    .addOption(
      new Option("--stack <dir>", "folder with the numbered frames of a sweep; no target needed").conflicts([
        "focused",
        "defocused",
        "z0",
        "zi",
        "patch",
        "range",
        "gamma",
        "maxRadius",
      ]),
    )
    .addOption(
      new Option("--camera <driver>", `drive a camera through a sweep: ${SPEC_HELP}`).conflicts([
        "focused",
        "defocused",
        "z0",
        "zi",
        "patch",
        "pairs",
        "stack",
        "gamma",
        "maxRadius",
      ]),
    )
    .option("--lens-driver <driver>", "the lens of that camera, in the same way")
    .option("--stops <n>", "frames of the sweep with --camera", number("--stops"), STOPS.usual)
    .option(
      "--positions <z,...>",
      "focus position of each frame of the sweep; its number unless given",
      numberList("--positions"),
    )
    .option(
      "--gamma <gamma>",
      `camera value = light^(1/gamma), for pairs; ${GAMMA} unless given`,
      number("--gamma"),
    )
    .addOption(new Option("--filter <name>", "blur of a pair").choices(BLUR_FILTERS).default("disk"))
    .option("--max-radius <px>", "largest radius looked for in a pair", number("--max-radius"))
    .option(
      "--range <min,max>",
      "positions the lens can take; those of the frames unless given",
      numberList("--range"),
    )
    .option(
      "--visible-radius <px>",
      "radius up to which a blur is not seen; it makes the depth of field",
      number("--visible-radius"),
      1,
    )
    .option("--name <name>", "name of the lens; that of the file unless given")
    .option("-o, --out <file>", "lens file to write (.yaml)")
    .option("--json", "print a machine-readable document")
    .action(run);
}

async function run(options: Options): Promise<void> {
  const { stack, positions, json = false } = options;
  if (!(options.visibleRadius > 0))
    throw expected("invalid_input", "a number above 0", "--visible-radius", options.visibleRadius);
  if (stack !== undefined)
    return calibrateFromStack({ ...lensOptions(options), folder: stack, positions, json });
  if (options.camera !== undefined) {
    const { camera, lensDriver, stops } = options;
    if (lensDriver === undefined)
      throw expected("invalid_input", "a driver", "--lens-driver", lensDriver, {
        cure: "Give the driver of the lens with that of the camera.",
      });
    const range = rangeOf(options.range);
    return calibrateFromCamera({ ...lensOptions(options), camera, lensDriver, stops, range, json });
  }
  if (positions !== undefined)
    throw new AutofocusError("invalid_input", "--positions belongs to --stack.", {
      cure: "Use --z0 and --zi for a pair.",
    });
  const listed = options.pairs === undefined ? undefined : await readPairsFile(options.pairs);
  const gamma = options.gamma ?? listed?.gamma ?? GAMMA;
  if (!(gamma >= 0.1 && gamma <= 10))
    throw expected("invalid_input", "a number from 0.1 to 10", "--gamma", gamma);
  return calibrateFromPairs({
    ...lensOptions(options, listed?.name),
    pairs: listed?.pairs ?? [onePair(options)],
    range: rangeOf(options.range) ?? listed?.range,
    gamma,
    filter: options.filter,
    maxRadius: options.maxRadius,
    json,
  });
}

function lensOptions({ out, name, visibleRadius }: Options, listed?: string): LensOptions {
  const stem = out?.replace(/^.*[\\/]/, "").replace(/\.ya?ml$/i, "");
  const nonEmpty = stem === "" ? undefined : stem;
  return { out, name: name ?? listed ?? nonEmpty ?? "calibrated", visibleRadius };
}

function onePair({
  focused,
  defocused,
  z0,
  zi,
  patch,
}: Options): Parameters<typeof calibrateFromPairs>[0]["pairs"][number] {
  if (focused === undefined || defocused === undefined)
    throw new AutofocusError(
      "invalid_input",
      "Expected --focused and --defocused, --pairs, --stack or --camera.",
      {
        cure: "For example calibrate --focused sharp.jpg --z0 1400 --defocused blurred.jpg --zi 1700.",
      },
    );
  return { focused, defocused, z0, z: zi, patch: patchOf(patch) };
}

function patchOf(values: readonly number[] | undefined): Roi | undefined {
  if (values === undefined) return undefined;
  const [x, y, width, height] = values;
  if (
    x === undefined ||
    y === undefined ||
    width === undefined ||
    height === undefined ||
    values.length !== 4
  )
    throw expected("invalid_input", "x,y,w,h", "--patch", values.join());
  return { x, y, width, height };
}

function rangeOf(
  values: readonly number[] | undefined,
): { readonly min: number; readonly max: number } | undefined {
  if (values === undefined) return undefined;
  const [min, max] = values;
  if (min === undefined || max === undefined || values.length !== 2 || !(max > min))
    throw expected("invalid_input", "min,max", "--range", values.join());
  return { min, max };
}
