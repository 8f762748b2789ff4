/** What `stack` makes of the frames it took: aligned, fused, with the focus position of every pixel. */
import type { Similarity } from "../../algorithms/calibration/registration/similarity.ts";
import { IDENTITY } from "../../algorithms/calibration/registration/similarity.ts";
import { fusionFor } from "../../algorithms/fusion/stack/fusion-for.ts";
import type { FusedStack } from "../../algorithms/fusion/types.ts";
import type { LensModel } from "../../algorithms/optics/lens-model.ts";
import type { TakenFrame } from "../../pipeline/plan-capture.ts";
import { byLens, byPictures, lay } from "../fuse/alignment.ts";

/** `lens`: by its known focus breathing; `pictures`: by what the frames show; `none`: as they lie. */
export type AlignBy = "lens" | "pictures" | "none";

export interface FusedCapture extends FusedStack {
  /** How each frame lies over the reference, in the order of their positions. */
  readonly maps: readonly Similarity[];
  /** Bits a value of the frames. */
  readonly bits: 8 | 16;
}

/**
 * @param frames ascending by position, at least one, of one size.
 * @throws AutofocusError `fusion_failed`, `invalid_image`.
 */
export async function fuseCapture(
  frames: readonly TakenFrame[],
  lens: LensModel,
  align: AlignBy,
  onFrame: () => void,
): Promise<FusedCapture> {
  const [first] = frames as readonly [TakenFrame, ...TakenFrame[]];
  const maps = await mapsOf(frames, lens, align);
  const fusion = fusionFor(frames.length);
  for (const [index, { picture, position }] of frames.entries()) {
    const laid = await lay(picture, maps[index] ?? IDENTITY);
    await fusion.add(laid.picture, position, { valid: laid.valid });
    onFrame();
  }
  const bits = first.picture.data instanceof Uint16Array ? 16 : 8;
  return { ...(await fusion.finish()), maps, bits };
}

async function mapsOf(
  frames: readonly TakenFrame[],
  lens: LensModel,
  align: AlignBy,
): Promise<readonly Similarity[]> {
  if (align === "none" || frames.length < 2) return frames.map(() => IDENTITY);
  if (align === "pictures")
    return byPictures(frames.length, (index) => Promise.resolve((frames[index] as TakenFrame).picture));
  const [{ picture }] = frames as readonly [TakenFrame, ...TakenFrame[]];
  return byLens(
    lens,
    frames.map(({ position }) => position),
    picture,
  );
}
