/** `stack --photo` and `stack --scene`: a simulated camera over a picture with depth, or over a scene made up from a seed. */
import { rangeEnds, type LensModel } from "../../algorithms/optics/lens-model.ts";
import { expected } from "../../core/errors.ts";
import { expose, linearise } from "../../core/native/index.ts";
import { seededRandom } from "../../core/random.ts";
import type { Steps } from "../../core/units.ts";
import { DepthScene } from "../../drivers/simulator/depth-scene.ts";
import { deepScene } from "../../drivers/simulator/procedural/deep-scene.ts";
import type { Scene } from "../../drivers/simulator/scene.ts";
import { GOOD_LIGHT } from "../../drivers/simulator/simulated-camera.ts";
import { readDepthMap } from "../../io/depth-map.ts";
import { readPicture } from "../../io/picture.ts";
import type { PlanCamera, TakenFrame } from "../../pipeline/plan-capture.ts";
import { shelfScene } from "../demo/scenes.ts";

export const SCENES = ["shelf", "room"] as const;
export type SceneName = (typeof SCENES)[number];

/** Of the made-up scenes. */
const FRAME = { width: 720, height: 540, channels: 3 } as const;

export interface SimulationOptions {
  readonly lens: LensModel;
  /** Where the lens stands at first. */
  readonly start: Steps;
  readonly seed: number;
}

/** Things on a shelf, each at one depth, or a room whose floor runs from near to far. */
export function sceneCamera(name: SceneName, options: SimulationOptions): PlanCamera {
  const { lens, seed } = options;
  const random = seededRandom(seed);
  if (name === "shelf") return simulatedCamera(shelfScene({ ...FRAME, lens }, random).scene, options);
  const { picture, focus } = deepScene({ ...FRAME, lens, random });
  return simulatedCamera(new DepthScene(picture, focus, { lens, reference: rangeEnds(lens).far }), options);
}

/** A sharp photograph with a depth picture of its size: black is far, white is near. @throws AutofocusError `io`, `invalid_image`. */
export async function photoCamera(
  photo: string,
  depth: string,
  options: SimulationOptions,
): Promise<PlanCamera> {
  const ends = rangeEnds(options.lens);
  const [picture, map] = [await readPicture(photo), await readDepthMap(depth, ends)];
  if (Math.min(picture.width, picture.height) < 128)
    throw expected("invalid_image", "at least 128x128 px", photo, `${picture.width}x${picture.height}`);
  const view = { lens: options.lens, reference: ends.far };
  return simulatedCamera(new DepthScene(await linearise(picture, GOOD_LIGHT.gamma), map, view), options);
}

function simulatedCamera(scene: Scene, { lens, start, seed }: SimulationOptions): PlanCamera {
  let frames = 0;
  return {
    lens,
    start,
    take: async (position): Promise<TakenFrame> => {
      const light = await scene.render(position, 0);
      return { position, picture: await expose(light, { ...GOOD_LIGHT, seed: seed + frames++ }) };
    },
  };
}
