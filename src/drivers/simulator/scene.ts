/**
 * What a simulated camera looks at. A scene renders what the defocus model says the sensor sees (paper 1, section 3),
 * in linear light and without noise; the camera exposes it.
 */
import type { Centre } from "../../algorithms/optics/defocus-model.ts";
import type { LensModel } from "../../algorithms/optics/lens-model.ts";
import type { ImageF32 } from "../../core/image.ts";
import type { Roi } from "../../core/roi.ts";
import type { Milliseconds, Pixels, Steps } from "../../core/units.ts";

export interface Scene {
  readonly width: Pixels;
  readonly height: Pixels;
  readonly channels: 1 | 3;
  /** Linear light, 0..1, with the lens at `position`, `time` after the beginning of the scene. */
  render(position: Steps, time: Milliseconds): Promise<ImageF32>;
  /** The position at which the middle of what `window` shows (the median over its pixels) is sharp. */
  trueFocus(window: Roi, time: Milliseconds): Steps;
}

/** How the scenes are seen. */
export interface View {
  /** Its `radius` must speak of frames of the scale of the scene: `lens.resized(scene.width / lens.frame.width)`. */
  readonly lens: LensModel;
  /**
   * The position whose magnification the pictures of a scene have. Frames at another position are magnified by
   * lens.scale(reference, position) about `centre`.
   */
  readonly reference: Steps;
  /** Where the optical axis meets the frame; the middle by default. */
  readonly centre?: Centre;
}

/** Radius of the blur in the picture before it is magnified to the frame at `position`. */
export function pictureRadius({ lens, reference }: View, z0: Steps, position: Steps): Pixels {
  return lens.radius(z0, position) / lens.scale(reference, position);
}
