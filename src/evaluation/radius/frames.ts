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

/** A piece of a photograph as linear light, with what lies around the frame and blurs into it. */
export interface FrameScene {
  readonly light: ImageF32;
  /** From its borders to those of the frame, px. */
  readonly margin: Pixels;
}

/**
 * A random piece of the photograph, reduced so that a radius of 0 is sharp, and continued mirrored beyond its borders.
 * @param reach how far the largest blur to come reaches, px.
 */
export function sampleFrame(photo: ImageU8, reach: Pixels, random: Random): FrameScene {
  const margin = blurMargin(reach);
  const side = FRAME_SIDE + 2 * margin;
  const corner = (length: Pixels): number => {
    const room = length - FRAME_SIDE / REDUCTION;
    return (room > 0 ? uniform(random, 0, room) : room / 2) - margin / REDUCTION;
  };
  const view = { x: corner(photo.width), y: corner(photo.height), width: side, height: side };
  const light = sampleScene(
    photo,
    { ...view, scale: REDUCTION, flip: false, transpose: false, cubic: -0.5 },
    GAMMA,
  );
  return { light, margin };
}

/** The frame on the sensor, linear light. @throws AutofocusError `invalid_input` when the blur reaches beyond the scene. */
export function renderFrame({ light, margin }: FrameScene, aperture: Aperture, radius: Pixels): ImageF32 {
  const frame = { x: margin, y: margin, width: FRAME_SIDE, height: FRAME_SIDE };
  return blurByAperture(light, aperture, radius, frame);
}
