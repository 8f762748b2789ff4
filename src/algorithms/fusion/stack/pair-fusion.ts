/**
 * The product's own fusion of two frames: each region from the frame in which it is sharper (pair-decision.ts), with soft
 * seams. More frames are averaged where they are equally sharp (stack-fusion.ts), which pays from three on.
 */
import { AutofocusError } from "../../../core/errors.ts";
import { image, type Image, type ImageF32 } from "../../../core/image.ts";
import { focusEnergy, gaussianBlur, StackBlend, type StackValues } from "../../../core/native/index.ts";
import type { Steps } from "../../../core/units.ts";
import { checkPosition, checkSameShape, noFrames } from "../check-frames.ts";
import type { FrameFusion, FusedStack, StackAddOptions } from "../types.ts";
import { depthMap, type DepthMap } from "./depth-map.ts";
import { decidePair, type PairFrame } from "./pair-decision.ts";

/**
 * The weight of coarse scales. Regions are whole anyway (pair-decision.ts), so that faint texture beside an edge may decide
 * for itself.
 */
const COARSE = 0.005;
/** Standard deviation of a seam, cells of 2x2 px. */
const SEAM = 1;
/** StackBlend weighs frames by this power of their energies. */
const POWER = 16;
/** Of a frame that does not count at a place. */
const NO_SHARE = 1e-6;

interface Added extends PairFrame {
  readonly frame: Image;
  readonly position: Steps;
}

export class PairFusion implements FrameFusion {
  readonly #frames: Promise<Added>[] = [];
  #shape: Pick<Image, "width" | "height" | "channels"> | undefined;
  #fused: Promise<{ blend: StackBlend; isSecond: Uint8Array }> | undefined;

  /** As in FrameFusion, at either end; calls may overlap. @throws AutofocusError `fusion_failed` also for a third frame. */
  async add(frame: Image, position: Steps, { valid, end = "last" }: StackAddOptions = {}): Promise<void> {
    checkPosition(position);
    this.#shape ??= frame;
    checkSameShape(this.#shape, frame);
    if (this.#frames.length === 2)
      throw new AutofocusError("fusion_failed", "Expected two frames but received a third.", {
        cure: "Fuse more frames as a stack.",
      });
    const added = focusEnergy(frame, COARSE).then((energies) => ({ frame, position, energies, valid }));
    if (end === "last") this.#frames.push(added);
    else this.#frames.unshift(added);
    await added;
  }

  async finish(): Promise<FusedStack> {
    const [fused, { index, position }] = [await this.picture(32), await this.depth()];
    return { fused, index, position };
  }

  /**
   * The all-in-focus picture: float (32), or rounded and clipped to 8 or 16 bits.
   * @throws AutofocusError `fusion_failed` without two frames.
   */
  async picture<Bits extends keyof StackValues>(bits: Bits): Promise<Image<StackValues[Bits]>> {
    return (await this.#blended()).blend.picture(bits);
  }

  /** For each pixel where it is sharp. @throws AutofocusError `fusion_failed` without two frames. */
  async depth(): Promise<DepthMap> {
    const { isSecond } = await this.#blended();
    const [first, second] = (await Promise.all(this.#frames)) as [Added, Added];
    const { width, height } = first.energies;
    const peaks = {
      index: image(width, height, 1, Uint16Array.from(isSecond)),
      place: image(width, height, 1, Float32Array.from(isSecond)),
      confidence: confidence(first.energies, second.energies),
    };
    return depthMap(peaks, [first.position, second.position], first.frame);
  }

  #blended(): Promise<{ blend: StackBlend; isSecond: Uint8Array }> {
    this.#fused ??= this.#blend();
    return this.#fused;
  }

  async #blend(): Promise<{ blend: StackBlend; isSecond: Uint8Array }> {
    const [first, second] = await Promise.all(this.#frames);
    if (first === undefined || second === undefined) throw noFrames(2);
    const { width, height, channels } = first.frame;
    const blend = await StackBlend.create(width, height, channels);
    const isSecond = await decidePair(first, second, first.frame);
    const decision = image(first.energies.width, first.energies.height, 1, Float32Array.from(isSecond));
    const share = await gaussianBlur(decision, SEAM);
    await blend.add(
      first.frame,
      energyOf(share, (value) => 1 - value),
      first.valid,
    );
    await blend.add(
      second.frame,
      energyOf(share, (value) => value),
      second.valid,
    );
    return { blend, isSecond };
  }
}

/** What makes a frame count by its share. */
function energyOf(share: ImageF32, of: (value: number) => number): ImageF32 {
  return { ...share, data: share.data.map((value) => Math.max(NO_SHARE, of(value)) ** (1 / POWER)) };
}

/** The share by which the larger energy exceeds the mean, as StackPeaks has it. */
function confidence(first: ImageF32, second: ImageF32): ImageF32 {
  return {
    ...first,
    data: first.data.map((a, i) => {
      const b = second.data[i] as number;
      return 1 - (a + b) / (2 * Math.max(a, b));
    }),
  };
}
