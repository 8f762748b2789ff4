/**
 * One look of the focus strategy at the scene: the whole frame is read patch by patch (the global estimator of paper 1,
 * section 5.2) and the reducer takes it in.
 */
import type { LensModel } from "../algorithms/optics/lens-model.ts";
import { patchGrid, type PatchGrid } from "../algorithms/rois/patch-grid.ts";
import type { DefocusReading } from "../algorithms/search/types.ts";
import type { SceneKind } from "../algorithms/strategy/activation.ts";
import { strategyStart, strategyStep } from "../algorithms/strategy/focus-strategy.ts";
import { confidentReducer, type StrategyReducer } from "../algorithms/planning/strategies.ts";
import type { StrategyStep } from "../algorithms/strategy/strategy-step.ts";
import { AutofocusError } from "../core/errors.ts";
import type { Pixels } from "../core/units.ts";
import { fromImageMessage } from "../ros/image-message.ts";
import type { FocusedFrame } from "./focused-frames.ts";
import type { Networks } from "./networks.ts";

export interface SceneLook {
  readonly frame: FocusedFrame;
  readonly grid: PatchGrid;
  /** One a patch of the grid. */
  readonly readings: readonly DefocusReading[];
  readonly step: StrategyStep;
}

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

export class SceneLooker {
  readonly #scene: SceneKind;
  readonly #lens: LensModel;
  readonly #networks: Networks;
  readonly #options: GridOptions;
  #reduce: StrategyReducer;
  #grid: { readonly width: Pixels; readonly height: Pixels; readonly grid: PatchGrid } | undefined;

  constructor(scene: SceneKind, lens: LensModel, networks: Networks, options: GridOptions) {
    this.#scene = scene;
    this.#lens = lens;
    this.#networks = networks;
    this.#options = options;
    this.#reduce = reducer(scene, lens);
  }

  /**
   * Takes in a frame. When the size of the frames changes, it starts anew.
   * @throws AutofocusError `invalid_image`, `invalid_input` for a patch size the networks do not take, and what the
   *   networks throw; the state then is as before.
   */
  async look(frame: FocusedFrame): Promise<SceneLook> {
    const gray = await fromImageMessage(frame.message, "gray");
    const reader = await this.#networks.defocus();
    const grid = this.#gridOf(gray.width, gray.height, reader.sizes);
    const readings = await reader.read(gray, grid.patches);
    return { frame, grid, readings, step: this.#reduce(readings, frame.position) };
  }

  #gridOf(width: Pixels, height: Pixels, sizes: readonly Pixels[]): PatchGrid {
    if (this.#grid?.width === width && this.#grid.height === height) return this.#grid.grid;
    const size = this.#options.patchSize || defaultSize(sizes, this.#lens, Math.min(width, height));
    if (!sizes.includes(size))
      throw new AutofocusError("invalid_input", `The network reads no patches of ${size} px.`, {
        cure: `Set patch_size to one of ${sizes.join(", ")}, or to 0.`,
      });
    const stride = this.#options.stride || defaultStride(size, width * height, this.#scene);
    const grid = patchGrid(width, height, size, stride);
    this.#grid = { width, height, grid };
    this.#reduce = reducer(this.#scene, this.#lens);
    return grid;
  }
}

function reducer(scene: SceneKind, lens: LensModel): StrategyReducer {
  if (scene.kind === "static") return confidentReducer(lens);
  let state = strategyStart(scene);
  return (readings, position) => {
    const step = strategyStep(state, readings, lens, position);
    ({ state } = step);
    return step;
  };
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
