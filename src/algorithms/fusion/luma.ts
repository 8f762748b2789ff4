/** Gray values of float pictures: luma of ITU-R BT.601 on the values as they are, as in the authors' code of GFDF. */
import { type ImageF32, image } from "../../core/image.ts";

const RED = 0.299;
const GREEN = 0.587;
const BLUE = 0.114;

/** One channel in the value range of `source`; a gray picture is returned as it is. */
export function luma(source: ImageF32): ImageF32 {
  if (source.channels === 1) return source;
  const { width, height, data } = source;
  const gray = new Float32Array(width * height);
  for (let pixel = 0, i = 0; pixel < gray.length; pixel++, i += 3)
    gray[pixel] =
      RED * (data[i] as number) + GREEN * (data[i + 1] as number) + BLUE * (data[i + 2] as number);
  return image(width, height, 1, gray);
}
