/** What video compares of a picture: a small copy, and how much detail each cell holds. */
import type { ImageF32, ImageU8 } from "../../../core/image.ts";
import { cellMeans, detailEnergy, toGray } from "../../../core/native/index.ts";
import type { Scales } from "./scales.ts";

export interface SmallPicture {
  /** Luma, 0..1, scales.small px to the pixel. */
  readonly luma: ImageF32;
  /** Mean square of the finest detail of the picture itself, per cell. */
  readonly fine: ImageF32;
  /** Of the finest detail of the small picture, per cell. */
  readonly coarse: ImageF32;
}

export async function smallPicture(picture: ImageU8, { small, cell }: Scales): Promise<SmallPicture> {
  const gray = await grayOf(picture);
  const [luma, fine] = await Promise.all([cellMeans(gray, small), detailEnergy(gray, cell)]);
  return { luma, fine, coarse: await detailEnergy(luma, 2) };
}

/** The luma of a small picture alone. */
export async function smallLuma(picture: ImageU8, { small }: Scales): Promise<ImageF32> {
  return cellMeans(await grayOf(picture), small);
}

function grayOf(picture: ImageU8): Promise<ImageU8> {
  return picture.channels === 1 ? Promise.resolve(picture) : toGray(picture);
}
