/**
 * Drivers by name. The settings are named as the parameters of the nodes that carry them; what is wrong with a file or a
 * folder they name rejects with its error.
 */
import { rangeEnds, type LensModel } from "../algorithms/optics/lens-model.ts";
import { AutofocusError } from "../core/errors.ts";
import type { Clock } from "../core/clock.ts";
import { linearise } from "../core/native/index.ts";
import { seededRandom } from "../core/random.ts";
import type { Milliseconds, Steps } from "../core/units.ts";
import { readDepthMap } from "../io/depth-map.ts";
import { loadLens } from "../io/lens-file.ts";
import { readPicture } from "../io/picture.ts";
import type { CameraDriver } from "./camera.ts";
import type { LensDriver } from "./lens.ts";
import { openStack } from "./replay/focal-stack.ts";
import { ReplayCamera } from "./replay/replay-camera.ts";
import { ReplayLens } from "./replay/replay-lens.ts";
import { DepthScene } from "./simulator/depth-scene.ts";
import { PhotoScene } from "./simulator/photo-scene.ts";
import { deepScene } from "./simulator/procedural/deep-scene.ts";
import { movingScene } from "./simulator/procedural/moving-scene.ts";
import type { Scene, View } from "./simulator/scene.ts";
import { GOOD_LIGHT, SimulatedCamera } from "./simulator/simulated-camera.ts";
import { SimulatedLens } from "./simulator/simulated-lens.ts";
import { StillScene } from "./simulator/still-scene.ts";

/** The lens of the simulator where none is named: one whose blurs are small enough to be rendered quickly. */
const SIMULATED_LENS = "ca378-vcm";

interface LensNamed {
  readonly driver: "simulated" | "replay";
  /** Lens file, empty for the default of the driver. */
  readonly lens: string;
}

export interface LensSettings extends LensNamed {
  /** Steps; -1 for the middle of the range. */
  readonly "simulated.start": Steps;
  readonly "simulated.speed": number;
  /** Seconds. */
  readonly "simulated.settling_time": number;
  readonly "simulated.backlash": Steps;
  readonly "replay.stack": string;
  readonly "replay.speed": number;
}

export interface CameraSettings extends LensNamed {
  readonly frame_id: string;
  readonly frame_rate: number;
  /** Seconds. */
  readonly exposure: number;
  readonly pixel_scale: number;
  /** Empty for a procedural scene. */
  readonly "simulated.picture": string;
  readonly "simulated.depth": string;
  /** Steps; -1 for the middle of the range. */
  readonly "simulated.z0": Steps;
  /** Things move through the procedural scene. */
  readonly "simulated.motion": boolean;
  readonly "simulated.width": number;
  readonly "simulated.height": number;
  readonly "simulated.gain": number;
  readonly "simulated.shot_noise": number;
  readonly "simulated.read_noise": number;
  readonly "simulated.seed": number;
  /** Frames; 0 for never. */
  readonly "simulated.fail_after": number;
  readonly "replay.stack": string;
}

/**
 * The lens model that the settings name, or the one the simulator needs; undefined for none.
 * @throws AutofocusError `invalid_lens_file`.
 */
export async function lensModelOf({
  driver,
  lens,
}: {
  readonly driver: string;
  readonly lens: string;
}): Promise<LensModel | undefined> {
  if (driver === "simulated") return simulatedLensModel(lens);
  return lens === "" ? undefined : loadLens(lens);
}

/** @throws AutofocusError `invalid_lens_file`, `io`, `invalid_input`, `invalid_image`. */
export async function createLens(settings: LensSettings, clock: Clock): Promise<LensDriver> {
  if (settings.driver === "replay") {
    const stack = await openStack(stackFolder(settings));
    return new ReplayLens({ stack, clock, speed: settings["replay.speed"] });
  }
  const { range } = await simulatedLensModel(settings.lens);
  return new SimulatedLens({
    range,
    clock,
    start: orMiddle(settings["simulated.start"], range),
    speed: settings["simulated.speed"],
    settlingTime: 1000 * settings["simulated.settling_time"],
    backlash: settings["simulated.backlash"],
  });
}

/**
 * @param positionAt where the lens was at a time; NaN where that is not known, upon which frames show the scene from
 *   the middle of the range.
 * @throws AutofocusError `invalid_lens_file`, `io`, `invalid_input`, `invalid_image`.
 */
export async function createCamera(
  settings: CameraSettings,
  clock: Clock,
  positionAt: (time: Milliseconds) => Steps,
): Promise<CameraDriver> {
  const pace = {
    clock,
    frameRate: settings.frame_rate,
    exposure: 1000 * settings.exposure,
    frameId: settings.frame_id,
  };
  if (settings.driver === "replay") {
    const stack = await openStack(stackFolder(settings));
    const first = stack.positions[0] ?? 0;
    return new ReplayCamera({ ...pace, stack, lens: known(positionAt, first) });
  }
  const model = await simulatedLensModel(settings.lens);
  const failAfter = settings["simulated.fail_after"];
  return new SimulatedCamera({
    ...pace,
    ...(failAfter > 0 ? { failAfter } : {}),
    scene: await simulatedScene(settings, model.resized(settings.pixel_scale)),
    lens: known(positionAt, orMiddle(-1, model.range)),
    gain: settings["simulated.gain"],
    shotNoise: settings["simulated.shot_noise"],
    readNoise: settings["simulated.read_noise"],
    seed: settings["simulated.seed"],
  });
}

async function simulatedScene(settings: CameraSettings, lens: LensModel): Promise<Scene> {
  const { far, near } = rangeEnds(lens);
  // What a scene shows is what the frame shows with the lens at the far end; nearer, the frame shows less of it.
  const view: View = { lens, reference: far };
  const file = settings["simulated.picture"];
  if (file === "") {
    const canvas = {
      width: settings["simulated.width"],
      height: settings["simulated.height"],
      channels: 3 as const,
    };
    const random = seededRandom(settings["simulated.seed"]);
    if (settings["simulated.motion"]) return movingScene(canvas, view, random);
    const { picture, focus } = deepScene({ ...canvas, lens, random });
    return new StillScene(new DepthScene(picture, focus, view));
  }
  const picture = await linearise(await readPicture(file), GOOD_LIGHT.gamma);
  const depth = settings["simulated.depth"];
  if (depth !== "")
    return new StillScene(new DepthScene(picture, await readDepthMap(depth, { far, near }), view));
  const z0 = orMiddle(settings["simulated.z0"], lens.range);
  return new StillScene(new PhotoScene(picture, z0, { lens, reference: z0 }));
}

/** The lens model of the simulator, which always has one. */
function simulatedLensModel(lens: string): Promise<LensModel> {
  return loadLens(lens === "" ? SIMULATED_LENS : lens);
}

function stackFolder(settings: { readonly "replay.stack": string }): string {
  const folder = settings["replay.stack"];
  if (folder !== "") return folder;
  throw new AutofocusError("invalid_parameter", "The driver replay needs a focal stack.", {
    cure: "Name its folder in the parameter replay.stack.",
  });
}

function orMiddle(position: Steps, { min, max }: LensModel["range"]): Steps {
  return position === -1 ? Math.round((min + max) / 2) : position;
}

function known(
  positionAt: (time: Milliseconds) => Steps,
  otherwise: Steps,
): { positionAt(time: Milliseconds): Steps } {
  return {
    positionAt: (time) => {
      const position = positionAt(time);
      return Number.isFinite(position) ? position : otherwise;
    },
  };
}
