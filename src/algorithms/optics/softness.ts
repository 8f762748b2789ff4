/**
 * What is read of a defocus disk through everything else that shapes a frame. A lens that is never quite sharp adds to
 * the disk, as variances add; sharpening in the camera takes off from it as much all along, so that small disks are not
 * seen at all. One number tells both:
 *
 *   radius read = sqrt(max(0, r^2 + s |s|)),   s in px, positive for soft frames, negative for sharpened ones.
 */
import type { Pixels } from "../../core/units.ts";

/** The softness of frames that are softer by `more` >= 0. */
export function softer(softness: Pixels, more: Pixels): Pixels {
  const square = softness * Math.abs(softness) + more ** 2;
  return Math.sign(square) * Math.sqrt(Math.abs(square));
}

/** The radius that is read where the defocus disk has `radius`. */
export function radiusRead(radius: Pixels, softness: Pixels): Pixels {
  return Math.sqrt(Math.max(0, radius ** 2 + softness * Math.abs(softness)));
}
