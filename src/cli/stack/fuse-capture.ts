/** What `stack` makes of the frames it took: aligned, fused, with the focus position of every pixel. */
import type { Similarity } from "../../algorithms/calibration/registration/similarity.ts";
import { IDENTITY } from "../../algorithms/calibration/registration/similarity.ts";
import { fusionFor } from "../../algorithms/fusion/stack/fusion-for.ts";
import type { FusedStack } from "../../algorithms/fusion/types.ts";
import type { LensModel } from "../../algorithms/optics/lens-model.ts";
import type { Steps } from "../../core/units.ts";
import type { Picture } from "../../io/picture.ts";
import type { TakenFrame } from "../../pipeline/plan-capture.ts";
import { byLens, byPictures, inOrder, type LaidFrame } from "../fuse/alignment.ts";

/** `lens`: by its known focus breathing; `pictures`: by what the frames show; `none`: as they lie. */
export type AlignBy = "lens" | "pictures" | "none";

export interface FusedCapture extends FusedStack {
  /** How each frame lies over the reference, in the order of their positions. */
  readonly maps: readonly Similarity[];
  /** The frames that show too little of the same as their neighbours to be aligned, in the same order. */
  readonly unlike: ReadonlySet<number>;
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
  const [{ picture }] = frames as readonly [TakenFrame, ...TakenFrame[]];
  const fusion = fusionFor(frames.length);
  const read = (index: number): Promise<Picture> => Promise.resolve((frames[index] as TakenFrame).picture);
  const add = async ({ index, picture, ...placed }: LaidFrame<Picture>): Promise<void> => {
    await fusion.add(picture, (frames[index] as TakenFrame).position, placed);
    onFrame();
  };
  let maps: readonly Similarity[];
  const unlike = new Set<number>();
  if (align === "pictures") maps = await byPictures(frames.length, read, add, (index) => unlike.add(index));
  else {
    maps = align === "none" ? frames.map(() => IDENTITY) : byLens(lens, positionsOf(frames), picture);
    await inOrder(maps, read, add);
  }
  const bits = picture.data instanceof Uint16Array ? 16 : 8;
  return { ...(await fusion.finish()), maps, unlike, bits };
}

function positionsOf(frames: readonly TakenFrame[]): Steps[] {
  return frames.map(({ position }) => position);
}
