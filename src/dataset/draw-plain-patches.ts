/**
 * Patches nearly as paper 1, section 6.1.2, makes its training data: an in-focus picture behind the disk of Eq. 4, and beyond
 * the paper only the light on it and the noise of a sensor. Several radii are drawn for one piece of a photograph, whose Fourier transform is
 * taken once, so a patch costs a quarter of one with all that cameras do.
 */
import { DiskBlurrer, expose } from "../core/native/index.ts";
import { uniformInt, type Random } from "../core/random.ts";
import { labelWindows, type Draw, type LabelledPatch, type Source } from "./draw-patches.ts";
import { drawPlainCamera, drawPlainScene, MAX_RADIUS } from "./recipe.ts";
import { choosePlace, PATCH_SIZE } from "./render.ts";
import { sampleScene } from "./sample-scene.ts";

const PATCHES_PER_SCENE = 8;

/** Beyond the patch, for the largest disk. */
const MARGIN = MAX_RADIUS + 3;

/** What the photographs hold may be blurred itself, so the crispest of some places is taken. */
const PLACES_TRIED = 4;

export async function* drawPlainPatches({
  sources,
  count,
  drawBlur,
  random,
}: Pick<Draw, "sources" | "count" | "drawBlur" | "random">): AsyncGenerator<LabelledPatch> {
  for (let made = 0; made < count;) {
    const source = sources[uniformInt(random, 0, sources.length - 1)] as Source;
    const { blurrer, gamma } = await prepareScene(source, random);
    for (let k = 0; k < PATCHES_PER_SCENE && made < count; k++, made++) {
      const blur = drawBlur(random);
      const light = await blurrer.blur(blur.radius);
      const camera = drawPlainCamera(random, gamma);
      const patch = await expose(light, { ...camera, seed: uniformInt(random, 0, 2 ** 31) });
      const clean = await expose(light, { ...camera, shotNoise: 0, readNoise: 0, seed: 0 });
      const windows = labelWindows(clean, random, () => blur.radius);
      yield { patch, label: { ...blur, source: source.name, edge: false, windows } };
    }
  }
}

async function prepareScene(
  source: Source,
  random: Random,
): Promise<{ readonly blurrer: DiskBlurrer; readonly gamma: number }> {
  const recipe = drawPlainScene(random);
  const photo = await source.load();
  const place = choosePlace(photo, PATCH_SIZE / recipe.scale, PLACES_TRIED, random);
  const side = PATCH_SIZE + 2 * MARGIN;
  const margin = MARGIN / recipe.scale;
  const scene = sampleScene(
    photo,
    { ...recipe, x: place.x - margin, y: place.y - margin, width: side, height: side },
    recipe.gamma,
  );
  const roi = { x: MARGIN, y: MARGIN, width: PATCH_SIZE, height: PATCH_SIZE };
  return { blurrer: await DiskBlurrer.create(scene, MAX_RADIUS, { roi }), gamma: recipe.gamma };
}
