/** The windows of a sweep: a grid all over the frame, whose windows overlap by half where they would be few. */
import type { Roi } from "../../../core/roi.ts";
import { patchGrid } from "../../rois/patch-grid.ts";
import { PATCH_SIZES, type FrameSize } from "../../rois/window-patches.ts";
import { AutofocusError } from "../../../core/errors.ts";

/** Windows along the shorter side that are preferred to larger windows. */
const ALONG = 4;
/** With fewer windows side by side than this, more of them find a place of one depth by overlapping. */
const ENOUGH = 40;

/** @throws AutofocusError `invalid_image` for frames too small for three windows. */
export function sweepWindows(frame: FrameSize): readonly Roi[] {
  const shorter = Math.min(frame.width, frame.height);
  const size = PATCH_SIZES.findLast((each) => each * ALONG <= shorter) ?? PATCH_SIZES[0];
  const grid = (stride: number): readonly Roi[] =>
    shorter < size ? [] : patchGrid(frame.width, frame.height, size, stride).patches;
  const apart = grid(size);
  const windows = apart.length >= ENOUGH ? apart : grid(size / 2);
  if (windows.length >= 3) return windows;
  throw new AutofocusError(
    "invalid_image",
    `Expected frames that hold three windows of ${PATCH_SIZES[0]} px but received ${frame.width}x${frame.height}.`,
    { cure: "Use larger frames." },
  );
}
