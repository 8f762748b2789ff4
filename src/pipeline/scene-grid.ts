/** The grid of patches that a whole frame is read on (paper 1, section 5.2: the global estimator). */
import type { LensModel } from "../algorithms/optics/lens-model.ts";
import { patchGrid, type PatchGrid } from "../algorithms/rois/patch-grid.ts";
import type { FrameSize } from "../algorithms/rois/window-patches.ts";
import type { SceneKind } from "../algorithms/strategy/activation.ts";
import { AutofocusError } from "../core/errors.ts";
import type { Pixels } from "../core/units.ts";

export interface GridOptions {
  /** Side of a patch, px; 0 = the smallest that holds the largest blur of the lens. */
  readonly patchSize: Pixels;
  /** Distance between patches, px; 0 = half a patch for a moving scene, down to a quarter for a still one. */
  readonly stride: Pixels;
}

/**
 * A patch must be larger than the blur to be read: paper 1 (section 6.1.1) takes 512 px for radii up to 165 px, which is
 * the first size above this many radii.
 */
const PATCH_PER_RADIUS = 2.5;

/** Most patches of a frame of a still scene that the default stride makes, about. */
const STILL_PATCHES = 600;

/**
 * @param sizes patch sides that the network takes, px, ascending.
 * @throws AutofocusError `invalid_input` for a patch size the network does not take, `invalid_image` for frames too small.
 */
export function sceneGrid(
  { width, height }: FrameSize,
  sizes: readonly Pixels[],
  lens: LensModel,
  { patchSize, stride }: GridOptions,
  scene: SceneKind,
): PatchGrid {
  const size = patchSize || defaultSize(sizes, lens, Math.min(width, height));
  if (!sizes.includes(size))
    throw new AutofocusError("invalid_input", `The network reads no patches of ${size} px.`, {
      cure: `Set patch_size to one of ${sizes.join(", ")}, or to 0.`,
    });
  return patchGrid(width, height, size, stride || defaultStride(size, width * height, scene));
}

/** Patches that overlap more see the things between the depths better; video has no time for them. */
function defaultStride(size: Pixels, area: number, scene: SceneKind): Pixels {
  if (scene.kind === "dynamic") return size / 2;
  return Math.min(size, Math.max(size / 4, Math.ceil(Math.sqrt(area / STILL_PATCHES))));
}

function defaultSize(sizes: readonly Pixels[], lens: LensModel, side: Pixels): Pixels {
  const { min, max } = lens.range;
  const wanted = PATCH_PER_RADIUS * Math.max(lens.radius(min, max), lens.radius(max, min));
  const fitting = sizes.filter((size) => size <= side);
  const size = fitting.find((each) => each >= wanted) ?? fitting.at(-1);
  if (size === undefined)
    throw new AutofocusError(
      "invalid_image",
      `The frames are smaller than the smallest patch (${sizes[0] ?? 0} px).`,
      {
        cure: "Use larger frames.",
      },
    );
  return size;
}
