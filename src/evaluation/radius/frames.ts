/** Frames of known defocus: a photograph at one depth behind an aperture. */
import type { ImageF32, ImageU8 } from "../../core/image.ts";
import { uniform, type Random } from "../../core/random.ts";
import type { Pixels } from "../../core/units.ts";
import { sampleScene } from "../../dataset/sample-scene.ts";
import { REDUCTION } from "../photos/photo-camera.ts";
import type { Aperture } from "./aperture.ts";
import { blurByAperture, blurMargin } from "./aperture-blur.ts";
import { GAMMA } from "./variants.ts";

/** Side of a frame, px. */
export const FRAME_SIDE: Pixels = 640;

/**
 * Linear light on the sensor: a random piece of the photograph, reduced so that a radius of 0 is sharp, continued mirrored
 * beyond its borders, and blurred.
 */
export function renderFrame(photo: ImageU8, aperture: Aperture, radius: Pixels, random: Random): ImageF32 {
  const margin = blurMargin(aperture, radius);
  const side = FRAME_SIDE + 2 * margin;
  const corner = (length: Pixels): number => {
    const room = length - FRAME_SIDE / REDUCTION;
    return (room > 0 ? uniform(random, 0, room) : room / 2) - margin / REDUCTION;
  };
  const scene = sampleScene(
    photo,
    {
      x: corner(photo.width),
      y: corner(photo.height),
      scale: REDUCTION,
      width: side,
      height: side,
      flip: false,
      transpose: false,
      cubic: -0.5,
    },
    GAMMA,
  );
  return blurByAperture(scene, aperture, radius, {
    x: margin,
    y: margin,
    width: FRAME_SIDE,
    height: FRAME_SIDE,
  });
}
