/** What of a frame is read for a focus window where a network takes a picture of any size. */
import type { Roi } from "../../core/roi.ts";
import { windowPatches, type FrameSize } from "./window-patches.ts";

/**
 * The area that the patches of the window cover: the window within the frame, widened where it is smaller than the smallest
 * patch.
 * @throws AutofocusError as windowPatches.
 */
export function windowArea(window: Roi, frame: FrameSize): Roi {
  const patches = windowPatches(window, frame);
  const x = Math.min(...patches.map((patch) => patch.x));
  const y = Math.min(...patches.map((patch) => patch.y));
  const right = Math.max(...patches.map((patch) => patch.x + patch.width));
  const bottom = Math.max(...patches.map((patch) => patch.y + patch.height));
  return { x, y, width: right - x, height: bottom - y };
}
