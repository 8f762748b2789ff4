/** Stored pictures as float. */
import type { Image, ImageF32 } from "../../core/image.ts";
import { linearise } from "../../core/native/index.ts";

/** The picture with values 0..1, still after gamma; a float picture is returned as it is. */
export function unitRange({ width, height, channels, data }: Image): Promise<ImageF32> {
  return data instanceof Float32Array
    ? Promise.resolve({ width, height, channels, data })
    : linearise({ width, height, channels, data } as Image<Uint16Array>, 1);
}
