/**
 * The product's own fusion of N frames; of two, pair-fusion.ts.
 *
 * 1. Focus: the energy of each frame's detail, read around cells of 2x2 pixels at several scales (`focusEnergy`). Where
 *    there is fine texture, it decides, and the border between frames follows depth edges; where there is none, the edges
 *    do that are sharp nearby, so that no blur that spreads from them is taken for detail.
 * 2. Blend: weights (energy / largest energy)^16 per cell, a fine and a coarse band apart (`StackBlend`). Clearly sharper
 *    frames count alone, so that colours and detail are those of a frame; frames that are equally sharp are averaged,
 *    which lowers noise.
 * 3. Depth: the frame with the largest energy, refined between frames, cleaned along edges (depth-map.ts).
 *
 * GFDF (gfdf/) takes one decision per pixel from one small window, which is arbitrary in flat areas and spreads across
 * depth edges. Known limit, as of every fusion that selects among frames: beside the edge of a near thing, what lies behind
 * it is sharp in no frame without the near thing's blur over it.
 */
import { AutofocusError } from "../../../core/errors.ts";
import type { Image } from "../../../core/image.ts";
import { focusEnergy, StackBlend, type StackValues } from "../../../core/native/index.ts";
import type { Steps } from "../../../core/units.ts";
import { checkPosition, checkSameShape, noFrames } from "../check-frames.ts";
import type { FrameFusion, FusedStack, StackAddOptions } from "../types.ts";
import { depthMap, type DepthMap } from "./depth-map.ts";

/**
 * The weight of coarse scales: as much as costs simulated stacks nothing. Real ones, of many frames and with smooth
 * surfaces, show the blur that spreads from edges, and noise, where it is less.
 */
const COARSE = 0.12;
/** The number of the last frame fits into 16 bits. */
const MOST_FRAMES = 65535;

export class StackFusion implements FrameFusion {
  #shape: Pick<Image, "width" | "height" | "channels"> | undefined;
  #blend: Promise<StackBlend> | undefined;
  readonly #positions: Steps[] = [];
  /** What the native stack is doing; never rejects. */
  #tail: Promise<unknown> = Promise.resolve();

  /**
   * As in FrameFusion; but frames may be put at either end of the stack, and calls may overlap: frames count in the order
   * of the calls, and while one is blended the next is measured.
   */
  async add(frame: Image, position: Steps, { valid, end = "last" }: StackAddOptions = {}): Promise<void> {
    checkPosition(position);
    if (this.#shape !== undefined) checkSameShape(this.#shape, frame);
    if (this.#positions.length === MOST_FRAMES)
      throw new AutofocusError("fusion_failed", `Expected at most ${MOST_FRAMES} frames.`);
    const { width, height, channels } = frame;
    this.#shape ??= { width, height, channels };
    this.#blend ??= StackBlend.create(width, height, channels);
    if (end === "last") this.#positions.push(position);
    else this.#positions.unshift(position);
    const energies = focusEnergy(frame, COARSE);
    const blend = await this.#blend;
    const added = this.#tail.then(async () => blend.add(frame, await energies, valid, end));
    this.#tail = added.catch(() => undefined);
    return added;
  }

  async finish(): Promise<FusedStack> {
    const [fused, { index, position }] = [await this.picture(32), await this.depth()];
    return { fused, index, position };
  }

  /**
   * The all-in-focus picture over the frames so far: float (32), or rounded and clipped to 8 or 16 bits.
   * @throws AutofocusError `fusion_failed` without a frame.
   */
  async picture<Bits extends keyof StackValues>(bits: Bits): Promise<Image<StackValues[Bits]>> {
    return (await this.#settled()).picture(bits);
  }

  /** For each pixel where it is sharp. @throws AutofocusError `fusion_failed` without a frame. */
  async depth(): Promise<DepthMap> {
    const blend = await this.#settled();
    return depthMap(await blend.peaks(), this.#positions, this.#shape as Image);
  }

  async #settled(): Promise<StackBlend> {
    if (this.#blend === undefined) throw noFrames();
    await this.#tail;
    return this.#blend;
  }
}
