/**
 * What the next frame should show if nothing in the scene moved: the fused picture, defocused by the lens model as every
 * pixel's in-focus position demands (paper 1, section 3, Eq. 1).
 */
import { image, type ImageF32 } from "../../../core/image.ts";
import { renderDefocus } from "../../../core/native/index.ts";
import type { Steps } from "../../../core/units.ts";
import { nearIsHigh, type LensModel } from "../../optics/lens-model.ts";

/** Blur adds up light, not camera values (paper 1, Eq. 2); of most cameras. */
const GAMMA = 2.2;
/** Positions told apart over the range of the lens. */
const LEVELS = 128;

/**
 * @param fused sharp everywhere.
 * @param position in-focus position of each pixel.
 * @param z where the lens stands for that frame.
 * @param magnification of the picture relative to the frame, by which the blur in it is larger.
 */
export async function expectedFrame(
  fused: ImageF32,
  position: ImageF32,
  lens: LensModel,
  z: Steps,
  magnification: number,
): Promise<ImageF32> {
  const { min, max } = lens.range;
  const upwards = nearIsHigh(lens);
  const levels = Uint8Array.from(position.data, (z0) => {
    const share = Math.min(1, Math.max(0, (z0 - min) / (max - min)));
    return Math.round((upwards ? share : 1 - share) * (LEVELS - 1));
  });
  const used = [...new Set(levels)].sort((a, b) => a - b);
  const layerOf = new Uint8Array(LEVELS);
  used.forEach((level, layer) => (layerOf[level] = layer));
  const radii = Float32Array.from(used, (level) => {
    const share = level / (LEVELS - 1);
    return magnification * lens.radius(min + (upwards ? share : 1 - share) * (max - min), z);
  });
  const layers = image(
    position.width,
    position.height,
    1,
    levels.map((level) => layerOf[level] as number),
  );
  const light = await renderDefocus(power(fused, GAMMA), layers, radii);
  return power(light, 1 / GAMMA);
}

function power(picture: ImageF32, exponent: number): ImageF32 {
  return { ...picture, data: picture.data.map((value) => Math.max(0, value) ** exponent) };
}
