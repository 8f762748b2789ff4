/** What video compares of a picture: a small copy, and how much detail each cell holds. */
import type { ImageF32, ImageU8 } from "../../../core/image.ts";
import { cellMeans, detailEnergy, toGray } from "../../../core/native/index.ts";
import type { Scales } from "./scales.ts";

export interface SmallPicture {
  /** Luma, 0..1, scales.small px to the pixel. */
  readonly luma: ImageF32;
  /** Its mean in each cell. */
  readonly cells: ImageF32;
  /** Mean square of the finest detail of the picture itself, per cell. */
  readonly fine: ImageF32;
  /** Of the finest detail of the small picture, per cell. */
  readonly coarse: ImageF32;
}

export async function smallPicture(picture: ImageU8, { small, cell }: Scales): Promise<SmallPicture> {
  const gray = picture.channels === 1 ? picture : await toGray(picture);
  const [fine, luma] = await Promise.all([detailEnergy(gray, cell), cellMeans(gray, small)]);
  const [cells, coarse] = await Promise.all([cellMeans(luma, 2), detailEnergy(luma, 2)]);
  return { luma, cells, fine, coarse };
}
