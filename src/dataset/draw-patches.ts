/** The patches of one shard, drawn from sources by a seed: what training sees. */
import type { ImageF32, ImageU8 } from "../core/image.ts";
import { uniformInt, type Random } from "../core/random.ts";
import type { Roi } from "../core/roi.ts";
import type { Pixels } from "../core/units.ts";
import { photograph } from "./camera.ts";
import { drawCamera, drawScene, type Blur, type Effects } from "./recipe.ts";
import { joinAtEdge, PATCH_SIZE, renderLight, textureOf } from "./render.ts";

/** Patches made of one rendering: the blur costs more than the camera behind it. */
const PHOTOGRAPHS_PER_SCENE = 2;

/** Sides of the windows that are read in each patch, px, one window each. */
export const WINDOW_SIZES: readonly Pixels[] = [512, 256, 256, 128, 128];

/** What is known about a square window of a patch. */
export interface WindowLabel {
  readonly x: Pixels;
  readonly y: Pixels;
  readonly size: Pixels;
  /** Radius of the defocus disk over most of the window, before any softening, px. */
  readonly radius: Pixels;
  /** Standard deviation of the noise-free window without its plane, camera values 0..255. */
  readonly texture: number;
}

export interface PatchLabel extends Blur {
  /** Name of the photograph or texture. */
  readonly source: string;
  /** True where a second depth covers part of the patch. */
  readonly edge: boolean;
  readonly windows: readonly WindowLabel[];
}

export interface Source {
  readonly name: string;
  /** The gray picture; decoded when it is wanted, so that a folder may be larger than the memory. */
  readonly load: () => Promise<ImageU8>;
}

export interface LabelledPatch {
  readonly patch: ImageU8;
  readonly label: PatchLabel;
}

interface Scene {
  readonly light: ImageF32;
  readonly blur: Blur;
  readonly source: string;
  readonly gamma: number;
}

export interface Draw {
  readonly sources: readonly Source[];
  readonly count: number;
  /** Chooses radius (and lens positions) of a scene. */
  readonly drawBlur: (random: Random) => Blur;
  /** Share of the patches that show two depths. */
  readonly edgeShare: number;
  readonly effects: Effects;
  readonly random: Random;
}

export async function* drawPatches(draw: Draw): AsyncGenerator<LabelledPatch> {
  const { count, drawBlur, edgeShare, effects, random } = draw;
  let previous: Scene | undefined;
  for (let made = 0; made < count;) {
    const scene = await drawOne(draw, drawBlur(random));
    for (let k = 0; k < PHOTOGRAPHS_PER_SCENE && made < count; k++, made++) {
      const behind = random.next() < edgeShare ? previous : undefined;
      yield await takePatch(scene, behind, effects, random);
    }
    previous = scene;
  }
}

async function drawOne({ sources, effects, random }: Draw, blur: Blur): Promise<Scene> {
  const recipe = drawScene(random, sources.length, blur.radius, effects);
  const { load, name } = sources[recipe.source]!;
  const light = await renderLight(await load(), recipe, blur.radius, random);
  return { light, blur, source: name, gamma: recipe.gamma };
}

async function takePatch(
  scene: Scene,
  behind: Scene | undefined,
  effects: Effects,
  random: Random,
): Promise<LabelledPatch> {
  const joined =
    behind === undefined ? undefined : joinAtEdge(scene.light, behind.light, scene.blur.radius, random);
  const camera = drawCamera(random, scene.blur.radius, scene.gamma, effects);
  const { patch, ideal } = await photograph(joined?.light ?? scene.light, camera, random);
  const windows = labelWindows(ideal, random, (roi) =>
    joined === undefined || meanInside(joined.share, roi) >= 0.5 ? scene.blur.radius : behind!.blur.radius,
  );
  return {
    patch,
    label: { ...scene.blur, source: scene.source, edge: joined !== undefined, windows },
  };
}

/**
 * Windows drawn within a patch.
 * @param ideal the patch without noise, camera values.
 * @param radiusIn radius over most of a window, px.
 */
export function labelWindows(
  ideal: ImageF32 | ImageU8,
  random: Random,
  radiusIn: (window: Roi) => Pixels,
): WindowLabel[] {
  return WINDOW_SIZES.map((size) => {
    const x = uniformInt(random, 0, PATCH_SIZE - size);
    const y = uniformInt(random, 0, PATCH_SIZE - size);
    const roi = { x, y, width: size, height: size };
    return { x, y, size, radius: radiusIn(roi), texture: textureOf(ideal, roi) };
  });
}

function meanInside(values: Float32Array, roi: Roi): number {
  let sum = 0;
  for (let y = roi.y; y < roi.y + roi.height; y++)
    for (let x = roi.x; x < roi.x + roi.width; x++) sum += values[y * PATCH_SIZE + x]!;
  return sum / (roi.width * roi.height);
}
