/**
 * One look of the focus strategy at the scene: the whole frame is read patch by patch (the global estimator of paper 1,
 * section 5.2) and the reducer takes it in.
 */
import type { LensModel } from "../algorithms/optics/lens-model.ts";
import type { PatchGrid } from "../algorithms/rois/patch-grid.ts";
import type { DefocusReading } from "../algorithms/search/types.ts";
import type { SceneKind } from "../algorithms/strategy/activation.ts";
import { strategyReducer, type StrategyReducer } from "../algorithms/planning/strategies.ts";
import type { StrategyStep } from "../algorithms/strategy/strategy-step.ts";
import type { Pixels } from "../core/units.ts";
import { fromImageMessage } from "../ros/image-message.ts";
import type { FocusedFrame } from "./focused-frames.ts";
import type { Networks } from "./networks.ts";
import { sceneDetail } from "./scene-detail.ts";
import { sceneGrid, type GridOptions } from "./scene-grid.ts";

export interface SceneLook {
  readonly frame: FocusedFrame;
  readonly grid: PatchGrid;
  /** One a patch of the grid. */
  readonly readings: readonly DefocusReading[];
  readonly step: StrategyStep;
}

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
    this.#reduce = strategyReducer(scene, lens);
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
    const detail = this.#scene.kind === "static" ? sceneDetail(gray, grid, this.#lens) : undefined;
    return { frame, grid, readings, step: this.#reduce(readings, frame.position, detail) };
  }

  #gridOf(width: Pixels, height: Pixels, sizes: readonly Pixels[]): PatchGrid {
    if (this.#grid?.width === width && this.#grid.height === height) return this.#grid.grid;
    const grid = sceneGrid({ width, height }, sizes, this.#lens, this.#options, this.#scene);
    this.#grid = { width, height, grid };
    this.#reduce = strategyReducer(this.#scene, this.#lens);
    return grid;
  }
}
