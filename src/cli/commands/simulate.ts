/** `simulate`: what a camera would see of a photograph, by the defocus model (paper 1, section 3, Eq. 1). */
import { Command } from "commander";
import { rangeEnds, type LensModel } from "../../algorithms/optics/lens-model.ts";
import { expected } from "../../core/errors.ts";
import type { ImageF32 } from "../../core/image.ts";
import { expose, linearise } from "../../core/native/index.ts";
import type { Steps } from "../../core/units.ts";
import { DepthScene } from "../../drivers/simulator/depth-scene.ts";
import { PhotoScene } from "../../drivers/simulator/photo-scene.ts";
import type { Scene } from "../../drivers/simulator/scene.ts";
import { readDepthMap, type DepthRange } from "../../io/depth-map.ts";
import { loadLens } from "../../io/lens-file.ts";
import { readPicture, writePicture } from "../../io/picture.ts";
import { log, number, numberList, printJson, seedNumber } from "../context.ts";

interface Options {
  readonly lens: string;
  readonly position: Steps;
  readonly z0?: Steps;
  readonly depth?: string;
  readonly depthRange?: number[];
  readonly wholeFrame?: true;
  readonly noise: number;
  readonly gamma: number;
  readonly seed: number;
  readonly out: string;
  readonly json?: true;
}

export function simulateCommand(): Command {
  return new Command("simulate")
    .description("render what a camera would see of a sharp photograph with its lens at a position")
    .argument("<photo>", "sharp photograph")
    .requiredOption("--lens <file>", "lens file, or the name of one in config/lenses")
    .requiredOption("--position <z>", "focus position of the lens, steps", number("--position"))
    .option("--z0 <z0>", "position at which all of the photograph is sharp, steps", number("--z0"))
    .option(
      "--depth <picture>",
      "gray picture of its size instead: black is far, white is near, linear in steps",
    )
    .option(
      "--depth-range <far,near>",
      "positions that black and white of --depth stand for; the range of the lens unless given",
      numberList("--depth-range"),
    )
    .option(
      "--whole-frame",
      "the photograph is the whole frame, reduced, so that radii shrink with it; without, it is a crop of the frame",
    )
    .option(
      "--noise <sigma>",
      "noise of the sensor in linear light, as a share of white",
      number("--noise"),
      0,
    )
    .option("--gamma <gamma>", "gamma of the photograph and of the result", number("--gamma"), 2.2)
    .option("--seed <n>", "the same seed gives the same noise", seedNumber("--seed"), 1)
    .requiredOption("-o, --out <file>", "picture to write (.png, .jpg, .tif)")
    .option("--json", "print a machine-readable summary")
    .action(run);
}

async function run(photo: string, options: Options): Promise<void> {
  const { position, noise, gamma, seed, out } = options;
  if ((options.z0 === undefined) === (options.depth === undefined))
    throw expected(
      "invalid_input",
      "exactly one of --z0 and --depth",
      "simulate",
      options.z0 ?? options.depth,
    );
  if (!(noise >= 0)) throw expected("invalid_input", "a number of at least 0", "--noise", noise);
  if (!(gamma >= 0.1 && gamma <= 10))
    throw expected("invalid_input", "a number from 0.1 to 10", "--gamma", gamma);
  const fullLens = await loadLens(options.lens);
  requireInRange(fullLens, "--position", position);
  const picture = await linearise(await readPicture(photo), gamma);
  const lens =
    options.wholeFrame === true ? fullLens.resized(picture.width / fullLens.frame.width) : fullLens;
  const { scene, radii } = await sceneOf(picture, lens, options);
  const frame = await expose(await scene.render(position, 0), {
    gain: 1,
    gamma,
    shotNoise: 0,
    readNoise: noise,
    seed,
  });
  await writePicture(out, frame);
  if (options.json === true) {
    const { width, height } = frame;
    printJson({ file: out, width, height, lens: lens.name, position, radius_px: radii });
  } else {
    const blur = radii.map((radius) => radius.toFixed(2)).join(" to ");
    log(`${out}: ${lens.name} at ${position}, defocus radius ${blur} px`);
  }
}

/** The scene, and its radius or, for several depths, its smallest and largest radius. */
async function sceneOf(
  picture: ImageF32,
  lens: LensModel,
  { position, z0, depth, depthRange }: Options,
): Promise<{ scene: Scene; radii: number[] }> {
  if (depth === undefined) {
    const sharpAt = z0 as Steps;
    requireInRange(lens, "--z0", sharpAt);
    const scene = new PhotoScene(picture, sharpAt, { lens, reference: sharpAt });
    return { scene, radii: [lens.radius(sharpAt, position)] };
  }
  const range = rangeOf(lens, depthRange);
  const map = await readDepthMap(depth, range);
  // The photograph is what the frame shows with the lens at the far end; nearer, the frame shows less of it.
  const scene = new DepthScene(picture, map, { lens, reference: rangeEnds(lens).far });
  const radii = [...new Set(map.data)].map((each) => lens.radius(each, position)).sort((a, b) => a - b);
  return { scene, radii: [radii[0] as number, radii[radii.length - 1] as number] };
}

function rangeOf(lens: LensModel, given: readonly number[] | undefined): DepthRange {
  if (given === undefined) return rangeEnds(lens);
  const [far, near, ...rest] = given;
  if (far === undefined || near === undefined || rest.length > 0)
    throw expected("invalid_input", "two positions, far,near", "--depth-range", given.join(","));
  requireInRange(lens, "--depth-range", far);
  requireInRange(lens, "--depth-range", near);
  return { far, near };
}

function requireInRange({ name, range: { min, max } }: LensModel, option: string, position: Steps): void {
  if (position >= min && position <= max) return;
  throw expected("invalid_input", `a position from ${min} to ${max} (${name})`, option, position);
}
