/**
 * The image defocus model (paper 1, section 3, Eq. 1 and 2): what the camera sees of a flat scene that is sharp in
 * `inFocus`. Pictures are linear light; `linearise` and `expose` of the kernels are Gamma^-1 and Gamma (Eq. 2).
 */
import { expected } from "../../core/errors.ts";
import type { ImageF32 } from "../../core/image.ts";
import { diskBlur, resample } from "../../core/native/index.ts";
import type { Pixels } from "../../core/units.ts";

export interface Centre {
  readonly x: Pixels;
  readonly y: Pixels;
}

/**
 * `imscale(inFocus * h, scale)` of Eq. 1 with the disk filter of Eq. 4, in a frame of the same size. The radius is
 * that of the disk in the frame as delivered, so the picture is scaled first and then blurred, which equals blurring
 * by `radius / scale` and then scaling. Beyond its borders the picture is mirrored.
 *
 * @param scale magnification, above 0; above 1 the frame shows less of the scene.
 * @param centre where the optical axis meets the frame; the middle by default.
 * @throws AutofocusError `invalid_input`.
 */
export async function defocus(
  inFocus: ImageF32,
  radius: Pixels,
  scale: number,
  centre?: Centre,
): Promise<ImageF32> {
  const scaled = await imscale(inFocus, scale, centre);
  return radius === 0 ? scaled : diskBlur(scaled, radius);
}

/** The picture magnified about `centre`, in a frame of the same size; mirrored where it does not reach. */
export async function imscale(picture: ImageF32, scale: number, centre?: Centre): Promise<ImageF32> {
  if (!(scale > 0 && Number.isFinite(scale)))
    throw expected("invalid_input", "a magnification above 0", "scale", scale);
  if (scale === 1) return picture;
  const { width, height } = picture;
  const { x, y } = centre ?? { x: width / 2, y: height / 2 };
  // Pixel i covers [i, i + 1), so its centre lies at i + 0.5.
  const offset = (middle: number): number => middle - 0.5 - (middle - 0.5) / scale;
  return resample(picture, {
    width,
    height,
    matrix: [1 / scale, 0, offset(x), 0, 1 / scale, offset(y)],
    filter: "bicubic",
    border: "mirror",
  });
}
